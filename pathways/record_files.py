"""Learner records from files and requests, and back: JSON and CSV, one schema, every problem at once.

The JSON has the fields of :class:`~pathways.record.LearnerRecord`; a CSV has one achievement a row. A field left out means "not
stated"; an empty list means "none". Nothing here looks into a catalog beyond the ids it defines.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, get_args

from pathways.credential import Credential, CredentialType
from pathways.errors import DataError, DataProblem, QuestionError, UnitError, UnknownIdError, nearest_ids
from pathways.fields import MAX_ENTRIES, Fields, Spot
from pathways.places import ANYWHERE, Place, parse_place
from pathways.record import (
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
    Stage,
    Verification,
)  # fmt: skip
from pathways.text_files import Nearest, did_you_mean, has_control_characters, read_json, read_table, read_text, shown
from pathways.units import DEGREE_LEVELS, GRADES, LEVELS, UNITS, CreditValue, Level, amount, show, unit_named

ACHIEVEMENT_COLUMNS = (
    "id", "name", "area", "earned_on", "expires_on", "grade", "credits", "credit_unit", "level", "transcripted", "verification",
    "stage", "type", "subject", "issuer", "description",
)  # fmt: skip

#: Events of the learner's own path that a window may end at.
#: Events a record may date: anchors of windows, and the ends of a renewal cycle.
EVENTS = ("admission", "application", "start", "completion", "cycle start", "cycle end")

_STAGES: tuple[Stage, ...] = get_args(Stage)
_VERIFICATIONS: tuple[Verification, ...] = get_args(Verification)
_TYPES: tuple[CredentialType, ...] = get_args(CredentialType)
_ID = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]|:(?=[A-Za-z0-9_]))*", re.ASCII)
_GRADE_POINTS = re.compile(r"\d{1,3}(?:\.\d{1,3})?")
_HAVE = re.compile(r"\s*([^\s*]+)\s*(?:\*\s*(\d{1,9}))?\s*")
_PROGRESS = re.compile(r"\s*(\d\S*)\s+(?:(graduate|undergraduate|professional-development)\s+)?(\D.*?)\s*", re.IGNORECASE)


LICENSE_FIELDS = ("place", "kind", "grades", "subjects", "expires_on")
DEGREE_FIELDS = ("level", "field", "institution", "completed_on")
EXAM_FIELDS = ("name", "score", "taken_on")
EXPERIENCE_FIELDS = ("role", "years", "hours", "until")
EMPLOYMENT_FIELDS = ("role", "place")
APPROVAL_FIELDS = ("by", "given_on")
ATTESTATION_FIELDS = ("text", "by", "attested_on")
PROGRESS_FIELDS = ("amount", "unit", "level")
PLACE_FIELDS = ("nation", "state", "district", "institution")
LIMIT_FIELDS = ("hours_per_week", "budget_usd", "deadline")
RECORD_FIELDS = (
    "learner", "achievements", "licenses", "degrees", "exams", "experience", "employment", "memberships", "approvals",
    "admissions", "attestations", "progress", "place", "limits", "events",
)  # fmt: skip


def read_record(path: Path, catalog_ids: Collection[str]) -> LearnerRecord:
    """Read a record file.

    Parameters
    ----------
    path : Path
        JSON (it starts with a brace) or CSV with the header :data:`ACHIEVEMENT_COLUMNS`, of which only ``id`` must be there.
    catalog_ids : collection of str
        Ids an achievement may name; ``own:...`` ids are the learner's own and always may stand.

    Returns
    -------
    LearnerRecord

    Raises
    ------
    DataError
        With every problem: file, row (for JSON the number of the entry in its list), column or field, and what to write.
    """
    problems: list[DataProblem] = []
    text = read_text(path, problems)
    record = LearnerRecord()
    if text is not None and text.lstrip().startswith(("{", "[")):
        value = read_json(path.name, text, problems)
        record = record if problems else _record(value, catalog_ids, path.name, problems)
    elif text is not None:
        record = LearnerRecord(achievements=_achievement_lines(path.name, text, catalog_ids, problems))
    _raise(problems)
    return record


def record_from_json(value: object, known_ids: Collection[str], *, file: str = "record") -> LearnerRecord:
    """Read a record from parsed JSON.

    Parameters
    ----------
    value : object
        What :func:`json.loads` gives.
    known_ids : collection of str
        Ids an achievement may name besides ``own:...``.
    file : str
        What problems call the record.

    Returns
    -------
    LearnerRecord

    Raises
    ------
    DataError
        With every problem.
    """
    problems: list[DataProblem] = []
    record = _record(value, known_ids, file, problems)
    _raise(problems)
    return record


def record_to_json(record: LearnerRecord) -> dict[str, Any]:
    """Write a record as JSON values: what is not stated is left out, amounts are exact texts.

    Examples
    --------
    >>> record_to_json(LearnerRecord(achievements=(EarnedCredential("letrs-u1", grade="A"),)))["achievements"]
    [{'id': 'letrs-u1', 'grade': 'A', 'verification': 'self-reported', 'stage': 'earned'}]
    """
    written: dict[str, Any] = {
        "learner": record.learner,
        "achievements": [_written_achievement(item) for item in record.achievements],
    }
    for name in ("licenses", "degrees", "exams", "experience", "employment", "approvals", "attestations", "progress"):
        entries = getattr(record, name)
        if entries or (entries is not None and name not in ("attestations", "progress")):
            written[name] = [_written(entry) for entry in entries]
    for name in ("memberships", "admissions"):
        words = getattr(record, name)
        if words is not None:
            written[name] = list(words)
    for name in ("place", "limits"):
        if inner := _written(getattr(record, name)):
            written[name] = inner
    if record.events:
        written["events"] = {name: day.isoformat() for name, day in record.events}
    return written


def parse_have(text: str, known: Mapping[str, Credential]) -> tuple[EarnedCredential, ...]:
    """Read ``ID`` or ``ID*N``: one achievement, or N differently named items under a generic id.

    Parameters
    ----------
    text : str
        For example ``letrs-u1`` or ``nea-mc-generic*10``.
    known : mapping of str to Credential
        The catalog.

    Returns
    -------
    tuple of EarnedCredential
        Self-reported; with ``*N`` their names are ``ID #1`` to ``ID #N``.

    Raises
    ------
    UnknownIdError
        With the nearest ids.
    QuestionError
        If the text has another form, N is not 1 to 10,000, or ``*N`` follows an id that is one item.
    """
    match = _HAVE.fullmatch(text)
    if match is None or has_control_characters(text):
        message = f"{shown(text)} is not an id, or an id and a count. Expected ID or ID*N, such as letrs-u1 or nea-mc-generic*10."
        raise QuestionError(message)
    item, count = match.group(1), match.group(2)
    if item not in known and not _is_own(item):
        raise UnknownIdError(item[:100], "credential", nearest_ids(item, known))
    if count is None:
        return (EarnedCredential(item),)
    if not 1 <= int(count) <= MAX_ENTRIES:
        message = f'"{item}*{count}": the count must be 1 to {MAX_ENTRIES:,}.'
        raise QuestionError(message)
    if int(count) > 1 and not (item in known and known[item].generic):
        message = f'"{item}" is one item, so it cannot be held {count} times. A count goes with a generic id, which stands for '
        message += f"any one of an issuer's items{_generic_examples(known)}."
        raise QuestionError(message)
    return tuple(EarnedCredential(item, name=f"{item} #{number}") for number in range(1, int(count) + 1))


def parse_progress(text: str) -> CreditValue:
    """Read an amount and its unit.

    Raises
    ------
    UnitError
        If there is no amount, or no known unit.

    Examples
    --------
    >>> str(parse_progress("48 PDP")), parse_progress("3 graduate semester credits").level
    ('48 PDP', 'graduate')
    """
    match = _PROGRESS.fullmatch(text)
    if match is None:
        message = f'{shown(text)} is not an amount and a unit. Expected for example "48 PDP" or "3 semester".'
        raise UnitError(message)
    unit = unit_named(match.group(3))
    if unit is None:
        hint = did_you_mean(match.group(3), UNITS) or f"Known: {', '.join(sorted(UNITS))}."
        message = f"{shown(match.group(3))} is not a unit of credit. {hint}"
        raise UnitError(message)
    level: Level | None = next((word for word in LEVELS if word == (match.group(2) or "").casefold()), None)
    return CreditValue(amount(match.group(1)), unit, level)


def _raise(problems: Sequence[DataProblem]) -> None:
    if problems:
        raise DataError(tuple(problems))


def _generic_examples(known: Mapping[str, Credential]) -> str:
    some = [item.id for item in known.values() if item.generic][:2]
    return f", such as {' or '.join(some)}" if some else ""


def _is_own(item: str) -> bool:
    return item.startswith("own:") and _ID.fullmatch(item) is not None


def _achievement_lines(file: str, text: str, known: Collection[str], problems: list[DataProblem]) -> tuple[EarnedCredential, ...]:
    lines = read_table(file, text, ACHIEVEMENT_COLUMNS, problems, required=("id",))
    if len(lines) > MAX_ENTRIES:
        found = f"{len(lines):,} achievements"
        problems.append(DataProblem(file, lines[MAX_ENTRIES].row, "id", found, f"at most {MAX_ENTRIES:,}"))
        return ()
    nearest = Nearest(known)
    return tuple(_achievement(Fields(line.cells, Spot(file, line.row, ""), problems), known, nearest) for line in lines)


def _achievement(fields: Fields, known: Collection[str], nearest: Nearest) -> EarnedCredential:
    item = fields.must("id")
    if item and item not in known and not _is_own(item):
        fields.wrong("id", "an id of the catalog, or own:... for a course of the learner's own", nearest(item))
    earned_on, expires_on = fields.day("earned_on"), fields.day("expires_on")
    if earned_on and expires_on and expires_on < earned_on:
        fields.wrong("expires_on", f"a day not before earned_on, {earned_on}")
    level: Level | None = fields.choice("level", LEVELS)
    return EarnedCredential(
        id=item, name=fields.text("name"), area=fields.text("area"), earned_on=earned_on, expires_on=expires_on,
        grade=_grade(fields), credits=fields.credits("credits", "credit_unit", level), level=level,
        transcripted=fields.yes_no("transcripted"), verification=fields.choice("verification", _VERIFICATIONS) or "self-reported",
        stage=fields.choice("stage", _STAGES) or "earned", type=fields.choice("type", _TYPES), subject=fields.text("subject"),
        issuer=fields.text("issuer"), description=fields.text("description"),
    )  # fmt: skip


def _grade(fields: Fields) -> str | None:
    value = fields.value("grade")
    if value is None:
        return None
    grade = str(value).upper()
    if not isinstance(value, bool) and (grade in GRADES or _GRADE_POINTS.fullmatch(grade)):
        return grade
    fields.wrong("grade", f"a grade, one of {', '.join(reversed(GRADES))}, or a number of points")
    return None


def _record(value: object, known: Collection[str], file: str, problems: list[DataProblem]) -> LearnerRecord:
    if not isinstance(value, dict):
        problems.append(
            DataProblem(file, 1, "file", shown(str(value)[:100]), f"an object with the fields {', '.join(RECORD_FIELDS)}")
        )
        return LearnerRecord()
    fields = Fields(value, Spot(file, 1, ""), problems)
    fields.only(RECORD_FIELDS)
    nearest = Nearest(known)
    learner = fields.text("learner") or "local"
    if _ID.fullmatch(learner) is None:
        fields.wrong("learner", "a pseudonym of letters, digits, dots, dashes and underscores", "Leave names and addresses out.")
    return LearnerRecord(
        learner=learner,
        achievements=fields.objects("achievements", lambda entry: _achievement(entry, known, nearest), ACHIEVEMENT_COLUMNS) or (),
        licenses=fields.objects("licenses", _license, LICENSE_FIELDS), degrees=fields.objects("degrees", _degree, DEGREE_FIELDS),
        exams=fields.objects("exams", _exam, EXAM_FIELDS), experience=fields.objects("experience", _experience, EXPERIENCE_FIELDS),
        employment=fields.objects("employment", _employment, EMPLOYMENT_FIELDS), memberships=fields.words("memberships"),
        approvals=fields.objects("approvals", _approval, APPROVAL_FIELDS), admissions=fields.words("admissions"),
        attestations=fields.objects("attestations", _attestation, ATTESTATION_FIELDS) or (),
        progress=fields.objects("progress", _progress, PROGRESS_FIELDS) or (), place=_place(fields),
        limits=_limits(fields.object("limits")), events=_events(fields),
    )  # fmt: skip


def _license(fields: Fields) -> LicenseHeld:
    return LicenseHeld(
        fields.must("place"), fields.must("kind"), fields.text("grades"), fields.text("subjects"), fields.day("expires_on")
    )


def _degree(fields: Fields) -> DegreeHeld:
    level = fields.choice("level", DEGREE_LEVELS)
    if level is None and fields.value("level") is None:
        fields.wrong("level", f"one of {', '.join(DEGREE_LEVELS)}")
    return DegreeHeld(level or "associate", fields.text("field"), fields.text("institution"), fields.day("completed_on"))


def _exam(fields: Fields) -> ExamTaken:
    return ExamTaken(fields.must("name"), fields.number("score"), fields.day("taken_on"))


def _experience(fields: Fields) -> ExperienceDone:
    years, hours = fields.number("years"), fields.number("hours")
    if fields.value("years") is None and fields.value("hours") is None:
        fields.wrong("years", "years or hours")
    return ExperienceDone(fields.must("role"), years, hours, fields.day("until"))


def _employment(fields: Fields) -> EmploymentNow:
    return EmploymentNow(fields.must("role"), fields.text("place"))


def _approval(fields: Fields) -> ApprovalGiven:
    return ApprovalGiven(fields.must("by"), fields.day("given_on"))


def _attestation(fields: Fields) -> Attestation:
    return Attestation(fields.must("text"), fields.must("by"), fields.day("attested_on"))


def _progress(fields: Fields) -> CreditValue:
    found = fields.credits("amount", "unit", fields.choice("level", LEVELS))
    if found is None and fields.value("amount") is None and fields.value("unit") is None:
        fields.wrong("amount", "an amount and a unit, such as 48 and PDP")
    return found or CreditValue(Fraction(0), "hour")


def _place(fields: Fields) -> Place:
    if isinstance(fields.value("place"), str):
        return _parsed_place(fields, "place")
    inner = fields.object("place")
    inner.only(PLACE_FIELDS)
    code = "state" if inner.value("state") is not None else "nation"
    place = _parsed_place(inner, code) if inner.text(code) else ANYWHERE
    if place.nation and inner.text("nation") not in (None, place.nation):
        inner.wrong("nation", f'"{place.nation}", as the state says')
    return Place(place.nation, place.state, inner.text("district"), inner.text("institution"))


def _parsed_place(fields: Fields, name: str) -> Place:
    try:
        return parse_place(fields.text(name) or "")
    except QuestionError:
        fields.wrong(name, "a code such as US or US-OH, or a US state's name")
        return ANYWHERE


def _limits(fields: Fields) -> Limits:
    fields.only(LIMIT_FIELDS)
    return Limits(fields.number("hours_per_week"), fields.dollars("budget_usd"), fields.day("deadline"))


def _events(fields: Fields) -> tuple[tuple[str, date], ...]:
    inner = fields.object("events")
    inner.only(EVENTS)
    days = ((name, inner.day(name)) for name in EVENTS)
    return tuple((name, day) for name, day in days if day is not None)


def _written(entry: Any) -> dict[str, Any]:
    """Fields of a flat dataclass that are stated, in order."""
    found = ((item.name, getattr(entry, item.name)) for item in dataclasses.fields(entry))
    return {name: _written_value(value) for name, value in found if value is not None}


def _written_value(value: object) -> object:
    match value:
        case date():
            return value.isoformat()
        case Fraction():
            return show(value)
        case Decimal():
            return str(value)
        case _:
            return value


def _written_achievement(item: EarnedCredential) -> dict[str, Any]:
    flat = _written(dataclasses.replace(item, credits=None, level=item.level or (item.credits.level if item.credits else None)))
    if item.credits is not None:
        flat |= {"credits": show(item.credits.amount), "credit_unit": item.credits.unit}
    return flat
