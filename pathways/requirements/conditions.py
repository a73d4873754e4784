"""Typed conditions against what the learner states: license, degree, exam, experience and the like.

A record says such things in the learner's own words, so a match is "self-reported", other wording is unknown with both wordings
shown, and a field left blank is unknown. Only what is stated and falls short is unmet.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import assert_never

from pathways.errors import QuestionError
from pathways.places import parse_place
from pathways.record import LearnerRecord
from pathways.requirements.rules import (
    Admitted,
    Anchor,
    Approved,
    Condition,
    Degree,
    Employed,
    Exam,
    Experience,
    License,
    Manual,
    Member,
    Window,
)  # fmt: skip
from pathways.requirements.verdicts import Truth
from pathways.units import DEGREE_LEVELS, show, unit_words

SELF_REPORTED = "self-reported; the authority will ask for proof"

# Words that say nothing about which exam, body or office is meant.
_COMMON = frozenset(
    {"exam", "examination", "test", "assessment", "level", "the", "of", "and", "for", "in", "a", "an", "program", "state"}
)


@dataclass(frozen=True, slots=True)
class Finding:
    """Truth of one condition, and why in plain sentences."""

    truth: Truth
    notes: tuple[str, ...] = ()


def add_months(day: date, months: int) -> date:
    """The same day so many months later (or earlier, if negative); the last day of the month where that month is shorter.

    Examples
    --------
    >>> add_months(date(2024, 1, 31), 1)
    datetime.date(2024, 2, 29)
    """
    whole = day.year * 12 + day.month - 1 + months
    year, month = divmod(whole, 12)
    if not 1 <= year <= 9999:
        return date.max if year > 9999 else date.min
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def anchor_day(record: LearnerRecord, anchor: Anchor, on: date) -> tuple[date, bool]:
    """Day of an event of the learner's path, and whether the record states it.

    Without it the day of the audit stands in: the earliest it could still be.
    """
    for name, day in record.events:
        if name == anchor:
            return day, True
    return on, False


def check(condition: Condition, record: LearnerRecord, on: date) -> Finding:
    """Judge one condition on the day of the audit.

    Returns
    -------
    Finding
        Met only with the note that it is self-reported; unknown where the record is silent or words differ; unmet where what is
        stated falls short.
    """
    match condition:
        case License():
            return _license(condition, record, on)
        case Degree():
            return _degree(condition, record)
        case Exam():
            return _exam(condition, record)
        case Experience():
            return _experience(condition, record, on)
        case Employed():
            return _employed(condition, record)
        case Member():
            return _listed(condition.organization, record.memberships, "memberships")
        case Approved():
            return _approved(condition, record, on)
        case Admitted():
            return _listed(condition.program, record.admissions, "admissions")
        case Manual():
            return _manual(condition, record)
        case _:
            assert_never(condition)


def words(text: str) -> str:
    """A text as it is compared: case, spaces and punctuation set aside."""
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))


def _same(mine: str, theirs: str) -> bool:
    return words(mine) == words(theirs)


def _similar(mine: str, theirs: str) -> bool:
    """Whether two names share a telling word, so that they may well mean one thing."""
    return bool((set(words(mine).split()) & set(words(theirs).split())) - _COMMON)


def _not_stated(what: str) -> Finding:
    return Finding(Truth.UNKNOWN, (f"{what} not stated in the record",))


def _met(*more: str) -> Finding:
    return Finding(Truth.MET, (SELF_REPORTED, *more))


def _other_words(asked: str, stated: Iterable[str]) -> Finding:
    said = "; ".join(f'"{text}"' for text in dict.fromkeys(stated))
    return Finding(Truth.UNKNOWN, (f'the rule says "{asked}", the record says {said}: ask whether that is the same',))


def _best(findings: Iterable[Finding], otherwise: Finding) -> Finding:
    """The first of the truest findings."""
    return max(findings, key=lambda found: found.truth, default=otherwise)


def _license(rule: License, record: LearnerRecord, on: date) -> Finding:
    if record.licenses is None:
        return _not_stated("licenses")
    in_place = [(held, _place_matches(rule.place, held.place)) for held in record.licenses]
    if any(matched is None for _, matched in in_place):
        return _other_words(rule.place, [held.place for held, _ in in_place])
    here = [held for held, matched in in_place if matched]
    if not here:
        return Finding(Truth.UNMET, (f"no license of {rule.place} in the record",))
    current = [held for held in here if held.expires_on is None or held.expires_on >= on]
    if not current:
        return Finding(Truth.UNMET, (f"the license of {rule.place} has expired",))
    pairs = ((rule.kind, "kind"), (rule.grades, "grades"), (rule.subjects, "subjects"))
    return _best((_details([(asked, getattr(held, name), name) for asked, name in pairs]) for held in current), _met())


def _details(triples: list[tuple[str | None, str | None, str]]) -> Finding:
    """Met where every detail asked for is stated in the same words."""
    for asked, stated, name in triples:
        if asked is not None and stated is None:
            return _not_stated(f"{name} of the license")
        if asked is not None and stated is not None and not _same(asked, stated):
            return _other_words(asked, [stated])
    return _met()


def _place_matches(rule: str, held: str) -> bool | None:
    """Whether a license's place is the rule's; None where the rule's place is no code ("another US state")."""
    if _same(rule, held):
        return True
    try:
        wanted = parse_place(rule)
        actual = parse_place(held)
    except QuestionError:
        return None
    return wanted.nation == actual.nation and wanted.state in (None, actual.state)


def _degree(rule: Degree, record: LearnerRecord) -> Finding:
    if record.degrees is None:
        return _not_stated("degrees")
    least = DEGREE_LEVELS.index(rule.level)
    enough = [held for held in record.degrees if DEGREE_LEVELS.index(held.level) >= least]
    if not enough:
        return Finding(Truth.UNMET, (f"no {rule.level} degree or higher in the record",))
    if rule.field is None:
        return _met()
    named = [held.field for held in enough if held.field is not None]
    if any(_same(rule.field, field) for field in named):
        return _met()
    return _other_words(rule.field, named) if named else _not_stated("field of the degree")


def _exam(rule: Exam, record: LearnerRecord) -> Finding:
    if record.exams is None:
        return _not_stated("exams")
    taken = [held for held in record.exams if _same(rule.name, held.name)]
    if not taken:
        return _named_otherwise(rule.name, [held.name for held in record.exams], "exams")
    if rule.min_score is None:
        return _met()
    scores = [held.score for held in taken if held.score is not None]
    if scores and max(scores) >= rule.min_score:
        return _met()
    if len(scores) < len(taken):
        return _not_stated(f"score in {rule.name}")
    return Finding(Truth.UNMET, (f"{rule.name}: best score {show(max(scores))}, {show(rule.min_score)} needed",))


def _named_otherwise(asked: str, stated: list[str], what: str) -> Finding:
    """A proper name that is not in a stated list: unknown where one there is much alike, else unmet."""
    alike = [name for name in stated if _similar(asked, name)]
    return _other_words(asked, alike) if alike else Finding(Truth.UNMET, (f'"{asked}" is not among the {what} in the record',))


def _listed(asked: str, stated: tuple[str, ...] | None, what: str) -> Finding:
    if stated is None:
        return _not_stated(what)
    return _met() if any(_same(asked, name) for name in stated) else _named_otherwise(asked, list(stated), what)


def _experience(rule: Experience, record: LearnerRecord, on: date) -> Finding:
    if record.experience is None:
        return _not_stated("experience")
    unit, need = ("year", rule.years) if rule.years is not None else ("hour", rule.hours)
    assert need is not None, "a well-formed experience rule has years or hours"
    sure = possible = Fraction(0)
    blank = False
    others: list[str] = []
    for done in record.experience:
        number = done.years if unit == "year" else done.hours
        part = None if number is None else _inside(number, unit, done.until, _first_day(rule.within, record, on), on)
        mine = _same(rule.role, done.role)
        blank = blank or part is None
        sure += part if mine and part is not None else 0
        possible += part or 0
        if not mine:
            others.append(done.role)
    so_far = f"{show(sure)} of {show(need)} {unit_words(unit, need)} as {rule.role}"
    if sure >= need:
        return _met(so_far)
    if possible < need and not blank:
        return Finding(Truth.UNMET, (so_far,))
    return (
        _other_words(rule.role, others) if others else Finding(Truth.UNKNOWN, (f"{unit_words(unit, 2)} of experience not stated",))
    )


def _first_day(window: Window | None, record: LearnerRecord, on: date) -> date | None:
    return None if window is None else add_months(anchor_day(record, window.anchor, on)[0], -window.months)


def _inside(number: Fraction, unit: str, until: date | None, first: date | None, on: date) -> Fraction:
    """How much of one stretch of experience lies after ``first``.

    Years run without a break up to ``until``; hours cannot be placed, so a stretch that reaches into the window counts whole.
    """
    last = min(until or on, on)
    if first is None:
        return number
    if last < first:
        return Fraction(0)
    return min(number, Fraction((last - first).days, 365)) if unit == "year" else number


def _employed(rule: Employed, record: LearnerRecord) -> Finding:
    if record.employment is None:
        return _not_stated("employment")
    if not record.employment:
        return Finding(Truth.UNMET, ("the record states no present employment",))
    found: list[Finding] = []
    for now in record.employment:
        place = True if rule.place is None else None if now.place is None else _place_matches(rule.place, now.place)
        if place is False:
            found.append(Finding(Truth.UNMET, (f"the record states work in {now.place}, not in {rule.place}",)))
        elif not _same(rule.role, now.role):
            found.append(_other_words(rule.role, [now.role]))
        elif place is None:
            found.append(_not_stated("place of work") if now.place is None else _other_words(rule.place or "", [now.place]))
        else:
            found.append(_met())
    return _best(found, _not_stated("employment"))


def _approved(rule: Approved, record: LearnerRecord, on: date) -> Finding:
    if record.approvals is None:
        return _not_stated("approvals")
    given = [approval for approval in record.approvals if _same(rule.by, approval.by)]
    if not given:
        return _named_otherwise(rule.by, [approval.by for approval in record.approvals], "approvals")
    if rule.before is None:
        return _met()
    day, _ = anchor_day(record, rule.before, on)
    if any(approval.given_on is not None and approval.given_on <= day for approval in given):
        return _met()
    if any(approval.given_on is None for approval in given):
        return _not_stated("day of the approval")
    return Finding(Truth.UNMET, (f"the approval came after {rule.before} ({day.isoformat()})",))


def _manual(rule: Manual, record: LearnerRecord) -> Finding:
    for attestation in record.attestations:
        if _same(rule.text, attestation.text):
            return Finding(Truth.MET, (f"attested by {attestation.by}",))
    return Finding(Truth.UNKNOWN, ("a person must confirm this",))
