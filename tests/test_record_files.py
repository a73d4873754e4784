"""Learner records from files and requests: what reads, what is refused and where, and that writing loses nothing."""

import json
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pathways.catalog.load import load
from pathways.credential import Credential
from pathways.errors import DataError, DataProblem, QuestionError, UnitError, UnknownIdError
from pathways.places import STATES, Place
from pathways.record import (
    PERSONAL_FIELDS,
    ApprovalGiven,
    Attestation,
    DegreeHeld,
    EarnedCredential,
    EmploymentNow,
    ExamTaken,
    ExperienceDone,
    LearnerRecord,
    LicenseHeld,
    Limits,
)  # fmt: skip
from pathways.record_files import (
    RECORD_FIELDS,
    parse_have,
    parse_progress,
    read_record,
    record_from_json,
    record_to_json,
)  # fmt: skip
from pathways.units import DEGREE_LEVELS, GRADES, LEVELS, UNITS, CreditValue
from tests.builders import credential

KNOWN = ("letrs-u1", "letrs-u2", "nea-mc-generic")


def refused(value: object) -> tuple[DataProblem, ...]:
    with pytest.raises(DataError) as caught:
        record_from_json(value, KNOWN)
    return caught.value.problems


def refused_file(folder: Path, content: str | bytes, name: str = "record.csv") -> tuple[DataProblem, ...]:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(DataError) as caught:
        read_record(path, KNOWN)
    return caught.value.problems


# Reading


def test_a_csv_has_one_achievement_a_row(tmp_path: Path) -> None:
    path = tmp_path / "record.csv"
    path.write_text(
        "id,name,earned_on,grade,credits,credit_unit,level,transcripted,stage,type,subject\n"
        "letrs-u1,,2025-06-01,b+,,,,,,,\n"
        "nea-mc-generic,Family Engagement,,,,,,,applied,,\n"
        "own:math-101,,,A,3,semester hours,undergraduate,yes,,course,mathematics\n",
        encoding="utf-8",
    )
    assert read_record(path, KNOWN).achievements == (
        EarnedCredential("letrs-u1", earned_on=date(2025, 6, 1), grade="B+"),
        EarnedCredential("nea-mc-generic", name="Family Engagement", stage="applied"),
        EarnedCredential(
            "own:math-101", grade="A", credits=CreditValue(Fraction(3), "semester", "undergraduate"), level="undergraduate",
            transcripted=True, type="course", subject="mathematics",
        ),
    )  # fmt: skip


def test_a_csv_needs_no_column_but_id(tmp_path: Path) -> None:
    path = tmp_path / "record.csv"
    path.write_bytes(b"\xef\xbb\xbfid\r\nletrs-u1\r\n")
    assert read_record(path, KNOWN).achievements == (EarnedCredential("letrs-u1"),)


def test_a_json_file_tells_not_stated_from_none(tmp_path: Path) -> None:
    path = tmp_path / "record.json"
    path.write_text('{"licenses": [], "degrees": null, "place": "Ohio"}', encoding="utf-8")
    record = read_record(path, KNOWN)
    assert (record.licenses, record.degrees, record.exams) == ((), None, None)
    assert record.place == Place("US", "US-OH")


def test_ten_thousand_achievements_are_read(tmp_path: Path) -> None:
    path = tmp_path / "record.csv"
    path.write_text("id,name\n" + "".join(f"nea-mc-generic,item {number}\n" for number in range(10_000)), encoding="utf-8")
    assert len(read_record(path, KNOWN).achievements) == 10_000


# Refusing


@pytest.mark.parametrize(
    ("line", "column", "words"),
    [
        ("letrs-unit1,,,,,,", "id", 'Did you mean "letrs-u1"'),
        (",,,,,,", "id", "some text"),
        ("own: x,,,,,,", "id", "own:... for a course of the learner's own"),
        ("letrs-u1,06/01/2025,,,,,", "earned_on", "as YYYY-MM-DD"),
        ("letrs-u1,2025-02-29,,,,,", "earned_on", "a day that exists"),
        ("letrs-u1,2025-06-01,2024-06-01,,,,", "expires_on", "not before earned_on"),
        ("letrs-u1,,,Z,,,", "grade", "a grade, one of A+"),
        ("letrs-u1,,,,-3,semester,", "credits", "between 0 and 100,000"),
        ("letrs-u1,,,,1000000,semester,", "credits", "between 0 and 100,000"),
        ("letrs-u1,,,,NaN,semester,", "credits", "such as 3, 0.5 or 1/3"),
        ("letrs-u1,,,,3,semestre,", "credit_unit", 'Did you mean "semester"'),
        ("letrs-u1,,,,3,,", "credit_unit", "credits and credit_unit together"),
        ("letrs-u1,,,,,semester,", "credits", "credits and credit_unit together"),
        ("letrs-u1,,,,,,posting", "stage", 'Did you mean "posted"?'),
    ],
)
def test_a_wrong_cell_is_named_by_file_row_and_column(tmp_path: Path, line: str, column: str, words: str) -> None:
    header = "id,earned_on,expires_on,grade,credits,credit_unit,stage"
    (problem,) = refused_file(tmp_path, f"{header}\nletrs-u2,,,,,,\n{line}\n")
    assert (problem.file, problem.row, problem.column) == ("record.csv", 3, column)
    assert words in str(problem)


@pytest.mark.parametrize(
    ("value", "column", "words"),
    [
        ([], "file", "an object with the fields learner"),
        ({"email": "someone"}, "email", "one of the fields"),
        ({"learner": "Jane Doe"}, "learner", "Leave names and addresses out"),
        ({"achievements": "letrs-u1"}, "achievements", "in square brackets"),
        ({"achievements": ["letrs-u1"]}, "achievements[0]", "an object with the fields id"),
        ({"achievements": [{"id": "letrs-u1"}] * 10_001}, "achievements", "at most 10,000"),
        ({"achievements": [{"id": "letrs-u2"}, {"id": "letrs-u9"}]}, "achievements[1].id", 'Did you mean "letrs-u'),
        ({"achievements": [{"id": 7}]}, "achievements[0].id", "text on one line"),
        ({"achievements": [{"id": "letrs-u1", "title": "x"}]}, "achievements[0].title", "one of the fields id"),
        ({"achievements": [{"id": "letrs-u1", "name": "a\nb"}]}, "achievements[0].name", "text on one line"),
        ({"achievements": [{"id": "letrs-u1", "name": "\ud800"}]}, "achievements[0].name", "text on one line"),
        ({"achievements": [{"id": "letrs-u1", "credits": True, "credit_unit": "CEU"}]}, "achievements[0].credits", "a number"),
        ({"achievements": [{"id": "letrs-u1", "grade": True}]}, "achievements[0].grade", "a grade, one of"),
        ({"achievements": [{"id": "letrs-u1", "transcripted": "sure"}]}, "achievements[0].transcripted", "one of yes, no"),
        ({"achievements": [{"id": "letrs-u1", "type": "licence"}]}, "achievements[0].type", 'Did you mean "license"?'),
        ({"licenses": [{"place": "US-OH"}]}, "licenses[0].kind", "some text"),
        ({"degrees": [{"level": "masters"}]}, "degrees[0].level", 'Did you mean "master"?'),
        ({"degrees": [{}]}, "degrees[0].level", "one of associate"),
        ({"experience": [{"role": "teacher"}]}, "experience[0].years", "years or hours"),
        ({"memberships": [3]}, "memberships[0]", "text on one line"),
        ({"progress": [{}]}, "progress[0].amount", "such as 48 and PDP"),
        ({"place": "Atlantis"}, "place", "a code such as US or US-OH"),
        ({"place": {"state": "US-XX"}}, "place.state", "a code such as US or US-OH"),
        ({"place": {"state": "US-OH", "nation": "CA"}}, "place.nation", "as the state says"),
        ({"place": {"city": "x"}}, "place.city", "one of the fields nation"),
        ({"limits": {"budget_usd": "-1"}}, "limits.budget_usd", "US dollars"),
        ({"limits": {"budget_usd": float("inf")}}, "limits.budget_usd", "US dollars"),
        ({"limits": [1]}, "limits", "an object, in braces"),
        ({"limits": {"hours_per_week": float("nan")}}, "limits.hours_per_week", "a number between"),
        ({"events": {"begin": "2026-01-01"}}, "events.begin", "one of the fields admission"),
        ({"events": {"start": "soon"}}, "events.start", "as YYYY-MM-DD"),
    ],
)  # fmt: skip
def test_a_wrong_field_is_named_by_its_path(value: object, column: str, words: str) -> None:
    (problem,) = refused(value)
    assert problem.column == column
    assert words in str(problem)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "an empty file"),
        ("id\nletrs-u1\n".encode("utf-16"), "not UTF-8"),
        (b'id\n"letrs-u1\n', "a line that is not CSV"),
        (b"id,nmae\nletrs-u1,x\n", 'Did you mean "name"'),
        (b"name\nx\n", 'no such column'),
        (b"id,id\nletrs-u1,x\n", "the column 2 times"),
        (b"id\nletrs-u1,3\n", "2 cells; expected 1 cells"),
        (b"id\nletrs-u1\x00\n", "control characters"),
        (b'{"learner": }', "Expecting value at column 13; expected JSON"),
        (b'{"limits": {"hours_per_week": NaN}}', "a number that is none"),
        (b'{"limits": {"hours_per_week": ' + b"9" * 5000 + b"}}", "far too long"),
        (b'{"learner": "a", "learner": "b"}', "the field twice in one object"),
        (b"[" * 200_000, "too many lists or objects inside one another"),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "too many lists or objects inside one another"),
        (b"[]", "an object with the fields learner"),
    ],
)  # fmt: skip
def test_files_that_are_no_record(tmp_path: Path, content: bytes, words: str) -> None:
    assert words in str(refused_file(tmp_path, content)[0])


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        read_record(tmp_path / "nowhere.json", KNOWN)
    assert caught.value.problems[0].file == "nowhere.json"


def test_all_problems_come_at_once_even_from_ten_thousand_rows(tmp_path: Path) -> None:
    problems = refused_file(tmp_path, "id,grade\n" + "".join(f"letrs-x{number},Z\n" for number in range(10_000)))
    assert len(problems) == 20_000
    assert problems[-1].row == 10_001


def test_more_than_ten_thousand_rows_are_one_problem(tmp_path: Path) -> None:
    (problem,) = refused_file(tmp_path, "id\n" + "letrs-u1\n" * 10_001)
    assert (problem.row, problem.found) == (10_002, "10,001 achievements")


names = st.sampled_from([*RECORD_FIELDS, "id", "level", "credits", "place", "start", "x"])
json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(names, inner),
)


@settings(max_examples=200)
@given(json_values)
def test_whatever_is_sent_is_a_record_or_a_list_of_problems(value: object) -> None:
    try:
        record = record_from_json(value, KNOWN)
    except DataError as error:
        str(error).encode()
    else:
        assert record_from_json(record_to_json(record), KNOWN) == record


@given(st.text(max_size=200))
def test_whatever_a_file_holds_is_a_record_or_a_list_of_problems(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.mktemp("records") / "record"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        read_record(path, KNOWN)
    except DataError as error:
        str(error).encode()


# Round trip

words = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp", "Cf", "Co", "Cn"]), min_size=1, max_size=20
)
words = words.filter(lambda text: bool(text.strip()))
days = st.dates(date(1990, 1, 1), date(2040, 12, 31))
amounts = st.fractions(0, 1000, max_denominator=12)
maybe = st.none


@st.composite
def credit_values(draw: st.DrawFn) -> CreditValue:
    return CreditValue(draw(amounts), draw(st.sampled_from(sorted(UNITS))), draw(maybe() | st.sampled_from(LEVELS)))


@st.composite
def achievements(draw: st.DrawFn) -> EarnedCredential:
    worth = draw(maybe() | credit_values())
    earned = draw(maybe() | days)
    return EarnedCredential(
        id=draw(st.sampled_from([*KNOWN, "own:math-101"])), name=draw(maybe() | words), area=draw(maybe() | words),
        earned_on=earned, expires_on=draw(maybe() | st.dates(earned or date(1990, 1, 1), date(2050, 1, 1))),
        grade=draw(maybe() | st.sampled_from([*GRADES, "87.5"])), credits=worth,
        level=worth.level if worth else draw(maybe() | st.sampled_from(LEVELS)), transcripted=draw(maybe() | st.booleans()),
        verification=draw(st.sampled_from(["verified", "unverified", "self-reported"])),
        stage=draw(st.sampled_from(["earned", "eligible", "applied", "posted"])),
        type=draw(maybe() | st.sampled_from(["course", "badge", "license"])), subject=draw(maybe() | words),
        issuer=draw(maybe() | words),
    )  # fmt: skip


def lists(entries: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return maybe() | st.lists(entries, max_size=3).map(tuple)


experience = st.builds(ExperienceDone, words, amounts, maybe(), maybe() | days) | st.builds(ExperienceDone, words, maybe(), amounts)
places = st.builds(Place, st.just("US"), maybe() | st.sampled_from(sorted(STATES)), maybe() | words, maybe() | words) | st.builds(
    Place, maybe(), maybe(), maybe() | words
)
anchors = ("admission", "application", "start", "completion")
events = st.dictionaries(st.sampled_from(anchors), days).map(
    lambda found: tuple((name, found[name]) for name in anchors if name in found)
)
records = st.builds(
    LearnerRecord,
    learner=st.from_regex(r"[a-z][a-z0-9-]{0,20}", fullmatch=True),
    achievements=st.lists(achievements(), max_size=4).map(tuple),
    licenses=lists(st.builds(LicenseHeld, words, words, maybe() | words, maybe() | words, maybe() | days)),
    degrees=lists(st.builds(DegreeHeld, st.sampled_from(DEGREE_LEVELS), maybe() | words, maybe() | words, maybe() | days)),
    exams=lists(st.builds(ExamTaken, words, maybe() | amounts, maybe() | days)),
    experience=lists(experience),
    employment=lists(st.builds(EmploymentNow, words, maybe() | words)),
    memberships=lists(words),
    approvals=lists(st.builds(ApprovalGiven, words, maybe() | days)),
    admissions=lists(words),
    attestations=st.lists(st.builds(Attestation, words, words, maybe() | days), max_size=2).map(tuple),
    progress=st.lists(credit_values(), max_size=2).map(tuple),
    place=places,
    limits=st.builds(Limits, maybe() | amounts, maybe() | st.decimals(0, 9999, places=2), maybe() | days),
    events=events,
)  # fmt: skip


@settings(max_examples=150)
@given(records)
def test_writing_and_reading_again_loses_nothing(record: LearnerRecord) -> None:
    assert record_from_json(json.loads(json.dumps(record_to_json(record))), KNOWN) == record


def test_every_field_of_a_record_is_read_and_personal() -> None:
    assert set(RECORD_FIELDS) == PERSONAL_FIELDS


def test_what_is_not_stated_is_not_written() -> None:
    assert record_to_json(LearnerRecord()) == {"learner": "local", "achievements": []}


def test_amounts_are_written_exactly() -> None:
    record = LearnerRecord(progress=(CreditValue(Fraction(1, 3), "CEU"),), limits=Limits(budget_usd=Decimal("62.50")))
    written = record_to_json(record)
    assert (written["progress"], written["limits"]) == ([{"amount": "1/3", "unit": "CEU"}], {"budget_usd": "62.50"})


# Words of the command line


@pytest.fixture(scope="module")
def known() -> dict[str, Credential]:
    return load().credentials


def test_a_generic_id_may_be_held_many_times(known: dict[str, Credential]) -> None:
    held = parse_have("nea-mc-generic*10", known)
    assert len({(item.id, item.name) for item in held}) == 10
    assert (held[0].name, held[-1].name) == ("nea-mc-generic #1", "nea-mc-generic #10")


def test_one_item_is_held_once(known: dict[str, Credential]) -> None:
    assert parse_have(" letrs-u1 ", known) == (EarnedCredential("letrs-u1"),)
    assert parse_have("own:math-101", known) == (EarnedCredential("own:math-101"),)
    with pytest.raises(QuestionError, match="a generic id, which stands for any one of an issuer's items, such as ut-mc-generic"):
        parse_have("letrs-u1*2", known)


@pytest.mark.parametrize("text", ["", "*3", "nea-mc-generic*", "nea-mc-generic*x", "nea-mc-generic*-1", "nea-mc-generic*0", "a b"])
def test_other_forms_are_refused(text: str, known: dict[str, Credential]) -> None:
    with pytest.raises(QuestionError, match=r"such as|must be"):
        parse_have(text, known)


def test_a_count_has_a_bound(known: dict[str, Credential]) -> None:
    assert len(parse_have("nea-mc-generic*10000", known)) == 10_000
    with pytest.raises(QuestionError, match="must be 1 to 10,000"):
        parse_have("nea-mc-generic*10001", known)


def test_an_unknown_id_names_the_nearest(known: dict[str, Credential]) -> None:
    with pytest.raises(UnknownIdError, match="letrs-u1"):
        parse_have("letrs-unit1", known)


@given(st.text(max_size=50))
def test_any_text_is_read_or_refused(text: str) -> None:
    items = {"a": credential("a"), "g": credential("g", generic=True)}
    try:
        assert parse_have(text, items)
    except (QuestionError, UnknownIdError) as error:
        str(error).encode("utf-8", "surrogatepass")
    try:
        assert parse_progress(text).amount >= 0
    except UnitError as error:
        str(error).encode("utf-8", "surrogatepass")


@pytest.mark.parametrize(
    ("text", "amount", "unit", "level"),
    [
        ("48 PDP", Fraction(48), "PDP", None),
        ("0.5 USBE credits", Fraction(1, 2), "USBE credit", None),
        ("3 graduate semester hours", Fraction(3), "semester", "graduate"),
        ("20  Clock Hours", Fraction(20), "clock hour", None),
        ("1/3 ceu", Fraction(1, 3), "CEU", None),
    ],
)
def test_progress_is_an_amount_and_a_unit(text: str, amount: Fraction, unit: str, level: str | None) -> None:
    assert parse_progress(text) == CreditValue(amount, unit, level)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["", "PDP", "48", "-3 PDP", "48 badges", "1e9 PDP", "48 PD"])
def test_progress_without_amount_or_unit_is_refused(text: str) -> None:
    with pytest.raises(UnitError, match=r"Expected|Did you mean|Known"):
        parse_progress(text)
