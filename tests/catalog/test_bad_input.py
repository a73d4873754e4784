"""Bad catalog files: each mistake is named with its file, row and column, what was found and what to write instead."""

from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pathways.catalog.load import COLUMNS, load
from pathways.errors import DataError, DataProblem
from tests.catalog.folders import Rows, item, rule, write_folder


class Case(NamedTuple):
    """Tables that are wrong in one place, and where the loader must point."""

    file: str
    row: int
    column: str
    words: str
    tables: dict[str, Rows]


def credential(column: str, value: str, words: str, **more: str) -> Case:
    return Case("credentials.csv", 3, column, words, {"credentials": [item("a"), {**item("b"), column: value, **more}]})


def requirement(expression: str, words: str, column: str = "expression", **more: str) -> Case:
    items = [item("a"), item("b", credit_amount="3", credit_unit="semester"), item("c"), item("any-c", generic="yes")]
    return Case("requirements.csv", 2, column, words, {"credentials": items, "requirements": [rule("a", expression, **more)]})


def agreement(column: str, value: str, words: str, **more: str) -> Case:
    row = {"from_ids": "a", "to_id": "b", **more, column: value}
    return Case("articulations.csv", 2, column, words, {"articulations": [row]})


def policy(column: str, value: str, words: str, **more: str) -> Case:
    return Case("policies.csv", 2, column, words, {"policies": [{**more, column: value}]})


CASES = {
    "repeated id": Case("credentials.csv", 4, "id", '"a" again', {"credentials": [item("a"), item("b"), item("a")]}),
    "id with spaces": credential("id", "b b", "letters, digits"),
    "id of 101 characters": credential("id", "b" * 101, "at most 100 characters"),
    "no name": credential("name", "", "some text"),
    "unknown type": credential("type", "bagde", 'Did you mean "badge"?'),
    "old spelling of license": credential("type", "licence", 'Did you mean "license"?'),
    "unknown status": credential("status", "open", "one of active, retired, unknown"),
    "negative hours": credential("hours", "-3", "between 0 and 100,000"),
    "huge hours": credential("hours", "1000000", "between 0 and 100,000"),
    "hours in words": credential("hours", "about 20", "such as 3, 0.5 or 1/3"),
    "cost with a sign": credential("cost_usd", "$75", "US dollars as a plain number"),
    "negative cost": credential("cost_usd", "-75", "Leave it blank where the price is unknown"),
    "credits without unit": credential("credit_amount", "3", "", ),
    "unknown unit": credential("credit_unit", "semesters", 'Did you mean "semester"?', credit_amount="3"),
    "unit without credits": credential("credit_unit", "semester", ""),
    "negative credits": credential("credit_amount", "-1", "between 0 and 100,000", credit_unit="semester"),
    "unknown level": credential("level", "gradaute", 'Did you mean "graduate"?'),
    "transcripted maybe": credential("transcripted", "maybe", "one of yes, no"),
    "half a month": credential("validity_months", "1.5", "a whole number from 1"),
    "impossible day": credential("offer_from", "2026-02-30", "a day that exists, as YYYY-MM-DD"),
    "American day": credential("retired_on", "06/01/2025", "as YYYY-MM-DD", status="retired"),
    "retired but active": credential("status", "active", 'expected "retired"', retired_on="2025-06-01"),
    "window that ends before it starts": credential("offer_until", "2026-01-01", "not before offer_from", offer_from="2026-02-01"),
    "unknown state": credential("state", "US-OI", 'Did you mean "US-'),
    "state without nation": credential("state", "US-OH", "a subdivision of the nation", nation=""),
    "nation in words": credential("nation", "USA", "two-letter nation"),
    "address without protocol": credential("source_url", "example.org", "starts with http"),
    "address with a space": credential("source_url", "https://example.org/a b", "a web address"),
    "unknown confidence": credential("confidence", "sure", "one of stated, inferred, unknown"),
    "month 13": credential("text_date", "2025-13", "a year, a month or a day"),
    "no reading day": credential("read_on", "", "the day the page was read"),
    "generic maybe": credential("generic", "no", '"yes" or a blank cell'),
    "stands for, not generic": credential("stands_for", "select(type=badge)", 'in the column generic'),
    "stands for itself alone": credential(
        "stands_for", "select(type=stack)", "nothing but the row itself", generic="yes", type="stack"
    ),
    "stands for no selection": credential("stands_for", "a", "one selection", generic="yes"),
    "stands for a broken selection": credential("stands_for", "select(type=badge", "at column", generic="yes"),
    "control character in an id": credential("id", "b\x07", '"b\\x07"'),
    "line break in a name": credential("name", "two\nlines", "one line without control characters"),
    "direction mark in a name": credential("name", "abc\u202edef", "without control characters"),
    "requirement of an unknown credential": Case(
        "requirements.csv", 2, "credential_id", 'Did you mean "aaa-badge"?',
        {"credentials": [item("aaa-badge"), item("b")], "requirements": [rule("aaa-bagde", "b")]},
    ),
    "unknown id in a requirement": Case(
        "requirements.csv", 2, "expression", 'Did you mean "letrs-u1"?',
        {"credentials": [item("a"), item("letrs-u1")], "requirements": [rule("a", "all(letrs-unit1)")]},
    ),
    "unknown requirement kind": requirement("b", 'Did you mean "prerequisite"?', "kind", kind="prerequisit"),
    "no expression": requirement("", "a requirement such as all(a, b)"),
    "syntax error": requirement("at_least(some, b)", "a number of items after \"at_least(\" at column 10"),
    "unclosed form": requirement("all(b", 'to close "all(" of column 1 at column 6'),
    "five of four": requirement("at_least(5, b, c, held(b))", "at_least(5, ...) of 2 different items"),
    "two of one generic without distinct": requirement("at_least(2, any-c)", "of 1 different items"),
    "more credits than the items supply": requirement("credits(4 semester, b)", "from items that supply 3"),
    "credits of another unit": requirement("credits(1 PDP, b)", "from items that supply 0"),
    "credits above a cap": requirement("credits(3, at_most(2 from b))", "from items that supply 2"),
    "empty selection": requirement('at_least(1, select(subject="chess"))', "which is empty in this catalog"),
    "empty selection, near spelling": requirement('at_least(1, select(issuer="Isuer"))', 'Did you mean "Issuer"?'),
    "parts that cannot add up": Case(
        "requirements.csv", 2, "expression", 'parts that supply 6 of the 9 semester credits of "whole"',
        {
            "credentials": [
                item("whole", credit_amount="9", credit_unit="semester"),
                *(item(part, credit_amount="3", credit_unit="semester") for part in ("p", "q")),
            ],
            "requirements": [rule("whole", "all(p, q)")],
        },
    ),
    "asks for itself": requirement("all(b, a)", "a ring of requirements, a -> a"),
    "agreement from an unknown id": agreement("from_ids", "a;zzz", '"zzz"'),
    "agreement to an unknown id": agreement("to_id", "zzz", "an id of credentials.csv"),
    "agreement from nothing": agreement("from_ids", "", "at least one id"),
    "agreement of unknown kind": agreement("kind", "posts_credits", 'Did you mean "posts_credit"?'),
    "closing agreement without mode": agreement("mode", "", "alternative or contributes"),
    "renewal with a mode": agreement("mode", "alternative", "else a blank cell", kind="renewal"),
    "target twice": agreement("to_text", "a course", "either a to_id or a to_text"),
    "unknown grade": agreement("min_grade", "B*", "a letter grade"),
    "fee without basis": agreement("fee_per", "", "item or credit where fee_usd is given", fee_usd="50"),
    "agreement that ends before it starts": agreement(
        "effective_until", "2015-01-01", "not before effective_from", effective_from="2023-12-31"
    ),
    "policy of unknown kind": policy("kind", "renewals", 'Did you mean'),
    "factor without units": policy("to_unit", "", "factor and from_unit and to_unit together", factor="6", from_unit="item"),
    "load without unit": policy("load_unit", "", "load and load_unit together", load="60"),
    "load of unknown unit": policy("load_unit", "PDPs", 'Did you mean "PDP"?', load="60"),
    "nothing to compute with": policy("computable", "yes", "to compute with"),
    "policy about an unknown id": policy("applies_to", "zzz", "an id of credentials.csv"),
    "policy about an empty selection": policy("applies_to", 'select(issuer="Nobody")', "which is empty"),
    "policy of unknown standing": policy("standing", "old", "one of current, superseded, unverified"),
    "policy without source row": policy("source_row", "", "the number of the row it was read from"),
    "finding about an unknown id": Case(
        "evidence.csv", 2, "credential_id", "an id of credentials.csv", {"evidence": [{"credential_id": "zzz"}]}
    ),
    "finding of unknown direction": Case(
        "evidence.csv", 2, "direction", 'Did you mean "positive"?', {"evidence": [{"credential_id": "a", "direction": "positiv"}]}
    ),
    "mirror without a note": Case("mirrors.csv", 2, "note", "some text", {"mirrors": [{"host": "example.org"}]}),
}  # fmt: skip

#: Where the problem is named at the other one of two columns that belong together.
MOVED = {"credits without unit": "credit_unit", "unit without credits": "credit_amount"}


def problems_of(folder: Path) -> tuple[DataProblem, ...]:
    with pytest.raises(DataError) as caught:
        load(folder)
    assert "Traceback" not in str(caught.value)
    return caught.value.problems


@pytest.mark.parametrize("name", CASES)
def test_one_mistake_is_one_problem_in_its_place(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    found = problems_of(write_folder(tmp_path / "catalog", **case.tables))
    assert [(problem.file, problem.row, problem.column) for problem in found] == [
        (case.file, case.row, MOVED.get(name, case.column))
    ]
    assert case.words in str(found[0])


def test_the_same_catalog_without_the_mistake_loads(tmp_path: Path) -> None:
    assert list(load(write_folder(tmp_path / "catalog")).credentials) == ["a", "b", "c"]


def test_one_run_reports_every_problem_of_every_file_in_order(tmp_path: Path) -> None:
    folder = write_folder(
        tmp_path / "catalog",
        credentials=[item("a", hours="-1", type="bagde"), item("b", cost_usd="free")],
        requirements=[rule("a", "all(x)"), rule("b", "all(")],
        articulations=[{"from_ids": "y", "to_id": "b"}],
        policies=[{"standing": "old"}],
        evidence=[{"credential_id": "z"}],
    )
    (folder / "mirrors.csv").unlink()
    assert [(problem.file, problem.row, problem.column) for problem in problems_of(folder)] == [
        ("credentials.csv", 2, "type"), ("credentials.csv", 2, "hours"), ("credentials.csv", 3, "cost_usd"),
        ("requirements.csv", 2, "expression"), ("requirements.csv", 3, "expression"), ("articulations.csv", 2, "from_ids"),
        ("policies.csv", 2, "standing"), ("evidence.csv", 2, "credential_id"), ("mirrors.csv", 1, "file"),
    ]  # fmt: skip


def test_rings_are_named_from_id_to_id(tmp_path: Path) -> None:
    rows = [rule("a", "all(b)"), rule("b", 'any(c, manual("or so"))', kind="prerequisite"), rule("c", "at_least(1, a)")]
    (problem,) = problems_of(write_folder(tmp_path / "catalog", requirements=rows))
    assert problem.found == "a ring of requirements, a -> b -> c -> a"


def test_an_order_that_never_blocks_is_no_ring(tmp_path: Path) -> None:
    rows = [rule("a", "all(b)"), rule("b", "all(a)", kind="precedes"), rule("b", "none(a)")]
    assert len(load(write_folder(tmp_path / "catalog", requirements=rows)).requirements) == 3


def test_a_ring_of_five_thousand_is_named_shortly(tmp_path: Path) -> None:
    count = 5000
    items = [item(f"x{number}") for number in range(count)]
    rows = [rule(f"x{number}", f"x{(number + 1) % count}") for number in range(count)]
    (problem,) = problems_of(write_folder(tmp_path / "catalog", credentials=items, requirements=rows))
    assert problem.found.startswith("a ring of requirements, x0 -> x1")
    assert len(problem.found) < 200


def test_deep_and_wide_rules_load(tmp_path: Path) -> None:
    items = [item("deep"), item("wide"), *(item(f"x{number}") for number in range(5000))]
    rows = [
        rule("deep", "all(" * 100 + "x0" + ")" * 100),
        rule("wide", f"at_least(5000, {', '.join(f'x{n}' for n in range(5000))})"),
    ]
    catalog = load(write_folder(tmp_path / "catalog", credentials=items, requirements=rows))
    assert len(catalog.requirements) == 2


@pytest.mark.parametrize("form", ["all(", "none(", "at_least(1, "])
def test_a_rule_of_three_hundred_forms_inside_one_another_is_refused(tmp_path: Path, form: str) -> None:
    (problem,) = problems_of(write_folder(tmp_path / "catalog", requirements=[rule("a", form * 300 + "b" + ")" * 300)]))
    assert (problem.row, problem.column) == (2, "expression")
    assert "inside one another" in problem.expected


def test_lists_that_can_be_met_are_no_errors(tmp_path: Path) -> None:
    items = [
        item("t"), item("a"), item("b", credit_amount="3", credit_unit="semester"),
        item("q", credit_amount="3", credit_unit="quarter"), item("open"), item("any", generic="yes", issuer="Other"),
    ]  # fmt: skip
    fine = [
        "at_least(9, a, any, distinct)",  # a generic id counts once for each differently named item
        'at_least(9, select(issuer="Other"), distinct)',
        'at_least(9, select(subject="chess", type=course, open))',  # a learner's own courses count too
        "credits(5 semester, b, q)",  # three quarter credits are two semester credits
        "credits(30, b, open)",  # unknown credits have no bound
        "credits(30, any)",
    ]
    rows = [rule("t", text) for text in fine]
    assert len(load(write_folder(tmp_path / "catalog", credentials=items, requirements=rows)).requirements) == len(fine)


@pytest.mark.parametrize(
    ("content", "row", "column", "words"),
    [
        (b"", 1, "file", "an empty file"),
        (b"\n \n", 1, "file", "an empty file"),
        ("id,name\na,\u00e9\n".encode("latin-1"), 1, "file", "a byte that is not UTF-8"),
        ("id,name\na,b\n".encode("utf-16"), 1, "file", "a byte that is not UTF-8"),
        (b"id,nmae\na,b\n", 1, "nmae", 'Did you mean "name"?'),
        (b"id,id,name\na,a,b\n", 1, "id", "the column 2 times"),
    ],
)  # fmt: skip
def test_files_that_are_no_table(tmp_path: Path, content: bytes, row: int, column: str, words: str) -> None:
    folder = write_folder(tmp_path / "catalog")
    (folder / "credentials.csv").write_bytes(content)
    first = problems_of(folder)[0]
    assert (first.file, first.row, first.column) == ("credentials.csv", row, column)
    assert words in str(first)


@pytest.mark.parametrize(
    ("change", "row", "words"),
    [
        (lambda text: text + '"b,unclosed\n', 5, "a line that is not CSV"),
        (lambda text: text + "b,c\n", 5, "2 cells; expected 29 cells"),
        (lambda text: text.replace("A,badge", "A,badge,x"), 2, "Put quotes around a cell that contains a comma"),
        (lambda text: text.replace("A,badge", '"A" x,badge'), 2, "a line that is not CSV"),
    ],
)  # fmt: skip
def test_broken_lines(tmp_path: Path, change: object, row: int, words: str) -> None:
    folder = write_folder(tmp_path / "catalog")
    path = folder / "credentials.csv"
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")  # type: ignore[operator]
    first = problems_of(folder)[0]
    assert (first.file, first.row) == ("credentials.csv", row)
    assert words in str(first)


def test_a_missing_file_and_a_missing_folder_are_named(tmp_path: Path) -> None:
    assert [problem.file for problem in problems_of(tmp_path / "nowhere")] == list(COLUMNS)


def test_a_catalog_without_credentials_is_no_catalog(tmp_path: Path) -> None:
    assert "at least one credential" in str(problems_of(write_folder(tmp_path / "catalog", credentials=[]))[0])


def test_a_byte_order_mark_and_windows_line_ends_are_read(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "catalog")
    path = folder / "credentials.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert list(load(folder).credentials) == ["a", "b", "c"]


def test_rows_count_lines_of_the_file_even_after_blank_lines(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "catalog", credentials=[item("a"), item("b", hours="x")])
    path = folder / "credentials.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([lines[0], "", lines[1], "", lines[2]]) + "\n", encoding="utf-8")
    assert problems_of(folder)[0].row == 5


def test_thousands_of_unknown_ids_are_reported_in_seconds(tmp_path: Path) -> None:
    rows = [rule("a", f"all(unknown-{number})") for number in range(3000)]
    assert len(problems_of(write_folder(tmp_path / "catalog", requirements=rows))) == 3000


def test_a_copy_of_a_page_carries_its_warning(tmp_path: Path) -> None:
    items = [item("a", source_url="https://www.Copies.example./x"), item("b", source_url="https://notcopies.example/x")]
    catalog = load(write_folder(tmp_path / "catalog", credentials=items, mirrors=[{"host": "copies.example", "note": "a copy"}]))
    assert [entry.source.note for entry in catalog.credentials.values()] == ["a copy", ""]


def test_another_byte_is_another_version(tmp_path: Path) -> None:
    first, second = write_folder(tmp_path / "one"), write_folder(tmp_path / "two", credentials=[item("a"), item("b"), item("d")])
    assert load(first).version == load(first).version != load(second).version


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(COLUMNS)), st.integers(0, 2000), st.binary(max_size=6), st.integers(0, 40))
def test_damaged_files_load_or_say_why(
    tmp_path_factory: pytest.TempPathFactory, file: str, at: int, inserted: bytes, lost: int
) -> None:
    folder = write_folder(
        tmp_path_factory.mktemp("damaged") / "catalog",
        requirements=[rule("a", 'at_least(1, b, select(issuer="Issuer"), distinct)')],
        articulations=[{"from_ids": "a;b", "to_id": "c", "fee_usd": "50", "fee_per": "item"}],
        policies=[
            {"factor": "1/3", "from_unit": "item", "to_unit": "PDP", "applies_to": "select(type=badge)", "computable": "yes"}
        ],
        evidence=[{"credential_id": "a"}],
        mirrors=[{"host": "example.org", "note": "a copy"}],
    )
    path = folder / file
    whole = path.read_bytes()
    path.write_bytes(whole[:at] + inserted + whole[at + lost :])
    try:
        load(folder)
    except DataError as error:
        str(error).encode()
