"""Slips and silences at the edges: each malformed rule is refused with a place, each stated fact judged on its own."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from pathways.errors import RequirementSyntaxError
from pathways.record import (
    ApprovalGiven,
    Attestation,
    EmploymentNow,
    ExamTaken,
    ExperienceDone,
    LearnerRecord,
    LicenseHeld,
)
from pathways.requirements.audit import audit
from pathways.requirements.conditions import add_months
from pathways.requirements.json_fields import RequirementShapeError
from pathways.requirements.json_form import from_json
from pathways.requirements.parse import parse
from pathways.requirements.render import render
from pathways.requirements.rules import CreditsFrom, Held, is_monotone
from pathways.requirements.verdicts import Offer, Pin, Truth
from pathways.requirements.wellformed import problem
from tests.builders import SOURCE, TODAY, earned, record
from tests.requirements.small_worlds import WORLD

SLIPS = [
    "held(a, grade>=)", "credits(3, a, grade=B)", "groups(x: share(2 items between 1, 2), a)",
    'groups(a, b, share(2 " " between 1, 2))',
    "all(a b)", "all(share(2 items between x, y))", "select(type=badge)",
    "at_most(3 from a)", "credits(3, all(a, b))", "held(,a)", "held(all(a))", "member(all(a))", "exam(all(a))",
    "at_least(all(a), b)",
    "held(a, within=60 of birth)", "held(a, within=all(b))", "credits(9 all(a))", "credits(9 graduate graduate, a)",
    "credits(9 semster, a)", "held(a, grade=B)", "held(a, b)", "held(a, grade>=A, grade>=B)", "degree(level>=master)",
    "employed(place=x)", "exam(x, score>=high)", "degree(level=master, fild=x)", "at_least()", "credits()",
    "credits(3, a, level=x)",
    "credits(3, a, grade>=B, grade>=C)", "credits(3, at_most(2 of b))", "credits(3, at_most(2))", "approved(by=x, before=lunch)",
    "member()", "member(a, b)", "member(a, x=y)", "groups(a, b, share(3 1 2))", "groups(a, b, share(3 between 1, 2))",
    "groups(a, b, share(3 semester graduate between 1, 2))", "groups(x: , b)", "groups(x:)", "groups(x: a b)", "experience(role=x)",
    "experience(years=2, hours=3, role=x)", "license(kind=x)", "none()", "none(a, b)", "conflict(a)", "conflict(a, b, c)", "any()",
    "(a)", "a b", "a)", "a, b", "all(a,)", "all(,)", "manual(\"\")", "exam(\"\")", "admitted(\" \")", "approved(by=\"\")",
    "at_least(0, a)", "at_least(1)", "credits(0 semester, a)", "credits(3)", "at_least(1.5, a)", "held(a, within=0mo of start)",
    "groups()", "groups(x: a, x: b)", "groups(a, b, share(1.5 items between 1, 2))", "groups(a, b, share(2 items between 1, 3))",
    "groups(a, b, share(2 items between 1))", "select(open)", "at_least(1, select(open))", "at_least(1, select(issuer=a, b))",
    "credits(3 semester, a, grade>=Z)", "degree(level=phd)", "employed(role=x, place=\"\")", "member(\" \")", "employed(role=\"\")",
    "held(\"", "a & b", "credits(x, a)", "exam()", "manual()", "select()", "at_least(1, select())", "held()", "held(a, 7)",
    "license(place=x, kind=all(a))", "credits(3 (, a)", "groups(share(2 items between 1, 2))", "all(x: a)",
    "experience(years=x, role=a)",
]  # fmt: skip


@pytest.mark.parametrize("text", SLIPS)
def test_each_slip_is_refused_with_its_column(text: str) -> None:
    """What was expected, what stands there, and where."""
    with pytest.raises(RequirementSyntaxError) as error:
        parse(text)
    assert 1 <= error.value.column <= len(text) + 2
    assert error.value.expected


SHAPES: list[Any] = [
    {"type": "held", "id": 5}, {"type": "held"}, {"type": "exam", "name": "x", "min_score": True}, {"type": "exam", "name": "x",
    "min_score": "-1"},
    {"type": "credits", "of": [{"type": "held", "id": "a"}]}, {"type": "at_least", "n": True, "of": []}, {"type": "at_least",
    "n": "1"},
    {"type": "at_least", "n": 1, "distinct": "yes", "of": [{"type": "held", "id": "a"}]}, {"type": "all", "of": "a"},
    {"type": "groups", "names": [1], "of": [{"type": "held", "id": "a"}]}, {"type": "held", "id": "a", "within": {"months": 3}},
    {"type": "held", "id": "a", "within": {"months": 3, "anchor": "lunch"}}, {"type": "held", "id": "a", "within": 5},
    {"type": "degree"}, {"type": "degree", "level": "phd"}, {"type": "select", "issuer": "x"},
    {"type": "at_most", "max_credits": 3, "of": [{"type": "held", "id": "a"}]}, {"type": "none", "of": []}, {"type": "held",
    "id": "a", "x": 1},
    {"type": "conflict", "of": [{"type": "held", "id": "a"}]}, {"type": "all", "of": [{"type": "select",
    "issuer": "x"}]}, [], {"type": "x"},
    {"type": "any", "of": []}, {"type": "member", "organization": " "}, {"type": "admitted", "program": ""},
    {"type": "employed", "role": ""},
    {"type": "manual", "text": ""}, {"type": "exam", "name": ""}, {"type": "approved", "by": "x", "before": "lunch"},
    {"type": "groups", "of": [{"type": "held", "id": "a"}], "shares": [{"amount": 1, "unit": "items", "between": "x"}]},
]  # fmt: skip


@pytest.mark.parametrize("value", SHAPES)
def test_each_wrong_shape_is_refused(value: Any) -> None:
    """Objects other programs send are held to the same rules as text."""
    with pytest.raises(RequirementShapeError):
        from_json(value)


def truth(text: str, learner: LearnerRecord) -> Truth:
    """Verdict on a rule."""
    return audit(parse(text), learner, WORLD, (), on=TODAY).truth


MET, UNKNOWN, UNMET = Truth.MET, Truth.UNKNOWN, Truth.UNMET
EXAM = "exam(praxis, score>=160)"
FACTS: list[tuple[str, LearnerRecord, Truth]] = [
    (EXAM, record(), UNKNOWN), (EXAM, record(exams=()), UNMET), (EXAM, record(exams=(ExamTaken("Praxis II"),)), UNKNOWN),
    (EXAM, record(exams=(ExamTaken("praxis", Fraction(150)),)), UNMET), (EXAM, record(exams=(ExamTaken("praxis"),)), UNKNOWN),
    (EXAM, record(exams=(ExamTaken("praxis", Fraction(160)),)), MET), ("exam(praxis)", record(exams=(ExamTaken("praxis"),)), MET),
    ("employed(role=teacher)", record(), UNKNOWN), ("employed(role=teacher)", record(employment=()), UNMET),
    ("employed(role=teacher)", record(employment=(EmploymentNow("teacher"),)), MET),
    ("employed(role=teacher)", record(employment=(EmploymentNow("clerk"),)), UNKNOWN),
    ("employed(role=teacher, place=US-OH)", record(employment=(EmploymentNow("teacher"),)), UNKNOWN),
    ("employed(role=teacher, place=US-OH)", record(employment=(EmploymentNow("teacher", "US-TX"),)), UNMET),
    ("employed(role=teacher, place=US-OH)", record(employment=(EmploymentNow("teacher", "US-OH"),)), MET),
    ('employed(role=teacher, place="Reading Town")', record(employment=(EmploymentNow("teacher", "Somewhere Else"),)), UNKNOWN),
    ("approved(by=dean)", record(), UNKNOWN), ("approved(by=dean)", record(approvals=()), UNMET),
    ("approved(by=dean)", record(approvals=(ApprovalGiven("dean"),)), MET),
    ("approved(by=dean, before=start)", record(approvals=(ApprovalGiven("dean"),)), UNKNOWN),
    ("approved(by=dean, before=start)", record(approvals=(ApprovalGiven("dean", date(2020, 1, 1)),)), MET),
    ("approved(by=dean, before=start)", record(approvals=(ApprovalGiven("dean", date(2030, 1, 1)),)), UNMET),
    ("member(nea)", record(), UNKNOWN), ("member(nea)", record(memberships=("nea",)), MET),
    ("member(nea)", record(memberships=()), UNMET),
    ("admitted(mat)", record(admissions=("mat",)), MET), ("admitted(mat)", record(admissions=()), UNMET),
    ("license(place=US-OH)", record(), UNKNOWN), ("license(place=US-OH)", record(licenses=()), UNMET),
    ("license(place=US-OH, grades=K-5)", record(licenses=(LicenseHeld("US-OH", "initial"),)), UNKNOWN),
    ("license(place=US-OH, grades=K-5)", record(licenses=(LicenseHeld("US-OH", "initial", "6-8"),)), UNKNOWN),
    ("license(place=US-OH, grades=K-5)", record(licenses=(LicenseHeld("US-OH", "initial", "K-5"),)), MET),
    ("experience(years=2, role=teacher)", record(), UNKNOWN),
    ("experience(years=2, role=teacher)", record(experience=(ExperienceDone("teacher", Fraction(2)),)), MET),
    ("experience(hours=20, role=teacher)", record(experience=(ExperienceDone("teacher", Fraction(2)),)), UNKNOWN),
    ("experience(years=2, role=teacher)", record(experience=()), UNMET),
    ("experience(years=2, role=teacher, within=12mo of start)",
     record(experience=(ExperienceDone("teacher", Fraction(5), until=date(2010, 1, 1)),)), UNMET),
    ("experience(hours=2, role=teacher, within=12mo of start)",
     record(experience=(ExperienceDone("teacher", hours=Fraction(5), until=TODAY),), events=(("start", TODAY),)), MET),
]  # fmt: skip


@pytest.mark.parametrize(("text", "learner", "verdict"), FACTS)
def test_what_a_record_states_is_judged_and_silence_is_unknown(text: str, learner: LearnerRecord, verdict: Truth) -> None:
    """Silence is unknown, a stated shortfall unmet, other words a question for a person."""
    assert truth(text, learner) is verdict


def test_months_before_the_first_and_after_the_last_year_end_there() -> None:
    """Windows of a thousand months never leave the calendar."""
    assert add_months(date(9999, 12, 1), 12) == date.max
    assert add_months(date(1, 1, 1), -12) == date.min


def test_progress_is_seen_further_down_and_not_under_a_prohibition() -> None:
    """Something that counts deeper in the tree is progress; what must not be held is none."""
    deep = audit(parse("all(all(at_least(2, a, b), c), d)"), record("a"), WORLD, (), on=TODAY)
    assert deep.root.in_progress
    assert not audit(parse("all(none(a), b)"), record("a"), WORLD, (), on=TODAY).root.in_progress
    assert not audit(parse("a"), record("a"), WORLD, (), on=TODAY).root.in_progress


def test_whether_earning_more_can_undo_a_rule() -> None:
    """Prohibitions, caps and groups need the exact solver."""
    assert is_monotone(parse("all(a, any(b, c))"))
    assert not is_monotone(parse("all(a, none(b))"))
    assert not is_monotone(parse("credits(3, at_most(2 from a))"))


def test_each_word_of_a_well_formed_node_is_looked_at() -> None:
    """Every node of a rule that reads is well formed."""
    for text in ("a", "select_me", 'manual("x")', "exam(x)", "member(x)", "admitted(x)", "employed(role=x, place=y)"):
        assert problem(parse(text)) is None
    assert truth("held(a, area=art)", record(earned("a"))) is not MET


def test_an_attestation_counts_for_its_own_words_and_an_event_for_its_own_name() -> None:
    """What a person confirmed about something else, or another day of the path, says nothing here."""
    attested = record(attestations=(Attestation("other words", "Dean"), Attestation("be kind", "Dean")))
    assert truth('manual("be kind")', attested) is MET
    assert truth('manual("be fair")', attested) is UNKNOWN
    days = record(earned("a", earned_on=date(2026, 1, 1)), events=(("completion", date(2040, 1, 1)), ("start", date(2026, 2, 1))))
    assert truth("held(a, within=12mo of start)", days) is MET


def test_offers_in_words_and_offers_of_a_set_are_shown_where_they_would_count() -> None:
    """A claimable course is shown at the credits it would give; an offer that names no id is shown nowhere."""
    offers = (
        Offer(None, "credit elsewhere", "Institution", (0,), "ag-1", "", SOURCE),
        Offer("b", "b", "Institution", (0,), "ag-2", "", SOURCE),
    )
    found = audit(parse("credits(2 semester, select(subject=reading))"), record("e"), WORLD, offers, on=TODAY)
    assert [one.agreement_id for one in found.root.claims] == ["ag-2"]


def test_groups_move_an_item_to_the_group_that_has_no_other() -> None:
    """Either of two in one group, one of them in another: the first gives way. A condition that is met needs no item."""
    assert truth("groups(at_least(1, a, b), a)", record("a", "b")) is MET
    assert truth("groups(at_least(1, a, b), at_least(1, a, d), a)", record("a", "b", "d")) is MET
    assert truth("groups(all(a, member(nea)), b)", record("a", "b", memberships=("nea",))) is MET


def test_a_pin_may_name_a_group_inside_and_is_refused_where_the_record_has_nothing() -> None:
    """Pins reach groups within groups; one for an achievement that is not there, or has its place elsewhere, is refused."""
    tree = parse("groups(outer: groups(inner: a, rest: b), other: held(a, grade>=B))")
    pins = (Pin(7, "inner"), Pin(0, "inner"), Pin(0, "nowhere"))
    found = audit(tree, record("a", "b"), WORLD, (), on=TODAY, pins=pins)
    assert {pin for pin, _ in found.refused_pins} >= {Pin(7, "inner")}
    graded = audit(tree, record(earned("a", grade="A"), "e"), WORLD, (), on=TODAY, pins=(Pin(1, "other"), Pin(0, "other")))
    assert Pin(1, "other") in {pin for pin, _ in graded.refused_pins}


def test_a_unit_that_reads_as_a_slip_is_written_in_quotes() -> None:
    """Whatever the unit is called, its text reads back."""
    for unit in ("semestre", "semester credit", "graduate", "two words", "items between us"):
        rule = CreditsFrom(Fraction(3), (Held("a"),), unit)
        assert parse(render(rule)) == rule
