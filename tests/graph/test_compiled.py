"""What the catalog's rules become: areas, copies, credits, conditions, dates."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import numpy as np
import pytest

from pathways.catalog.entities import Catalog
from pathways.credential import Select
from pathways.graph.bounds import Remaining, remaining
from pathways.graph.compiled import compile_graph, from_arrays
from pathways.graph.held import held_nodes
from pathways.record import DegreeHeld, EarnedCredential, LearnerRecord, LicenseHeld
from pathways.requirements.rules import (
    AllOf,
    AtLeast,
    Conflict,
    CreditsFrom,
    Degree,
    Held,
    License,
    OpenAll,
    OpenAny,
    Requirement,
)
from pathways.units import CreditValue
from tests.builders import TODAY, agreement, catalog, course, credential, earned, record, row


def left(world: Catalog, holder: LearnerRecord, target: str = "t") -> Remaining:
    graph = compile_graph(world, TODAY)
    return remaining(graph, held_nodes(graph, holder, world, TODAY), graph.index[target])


def one_rule(rule: Requirement, *items: str) -> Catalog:
    return catalog(*(credential(item) for item in items), credential("t"), rows=(row("t", rule),))


def test_fifteen_different_items_under_one_generic_id_are_fifteen_steps() -> None:
    rule = AtLeast(15, (Select(type="badge", issuer="M"),), distinct=True)
    world = catalog(credential("mc", generic=True, issuer="M"), credential("t"), rows=(row("t", rule),))
    assert left(world, record()).exact == 16
    named = [earned("mc", name=f"mc #{number}") for number in range(1, 11)]
    assert left(world, record(*named)).exact == 6
    assert left(world, record(*named, *named)).exact == 6, "the same item twice is one item"


def test_cataloged_items_feed_the_generic_rule_they_belong_to() -> None:
    world = catalog(
        credential("mc", generic=True, stands_for=Select(issuer="N")),
        credential("n1", issuer="N"),
        credential("t"),
        credential("u"),
        rows=(row("t", AtLeast(2, (Held("mc"),), distinct=True)), row("u", Held("mc"))),
    )
    assert left(world, record("n1")).exact == 2
    assert left(world, record("n1", "mc")).exact == 1
    assert left(world, record("n1"), "u").exact == 1


def test_one_area_never_stands_for_another() -> None:
    world = catalog(
        credential("part"),
        credential("t"),
        credential("any-area"),
        rows=(row("t", Held("part", area="Art")), row("any-area", Held("part"))),
    )
    assert left(world, record(earned("part", area="Art"))).exact == 1
    assert left(world, record(earned("part", area="Music"))).exact == 2
    assert left(world, record("part")).exact == 2
    assert left(world, record(earned("part", area="Art")), "any-area").exact == 1


@pytest.mark.parametrize(
    ("stage", "expires", "steps"),
    [
        ("earned", None, 1),
        ("posted", None, 1),
        ("applied", None, 2),
        ("eligible", None, 2),
        ("earned", date(2026, 1, 1), 2),
        ("earned", TODAY, 1),
    ],
)
def test_only_what_is_granted_and_not_expired_is_held(stage: str, expires: date | None, steps: int) -> None:
    item: EarnedCredential = earned("a", stage=stage, expires_on=expires)
    assert left(one_rule(Held("a"), "a"), record(item)).exact == steps


def test_credits_are_counted_in_one_unit_and_other_units_do_not_help() -> None:
    rule = CreditsFrom(Fraction(4), (Held("q"), Held("s"), Held("ceu")), "semester")
    world = catalog(course("q", 3, "quarter"), course("s", 2), course("ceu", 9, "CEU"), credential("t"), rows=(row("t", rule),))
    assert left(world, record()).exact == 3, "three quarter credits are two semester credits"
    assert left(world, record("ceu")).exact == 3


def test_unpublished_credits_are_never_taken_to_be_large() -> None:
    rule = CreditsFrom(Fraction(9), tuple(map(Held, "abc")), "semester")
    world = catalog(course("a"), credential("b"), credential("c"), credential("t"), rows=(row("t", rule),))
    answer = left(world, record())
    assert (answer.exact, answer.flags) == (4, ("credits_unknown",))


def test_graduate_credit_is_not_made_of_undergraduate_courses() -> None:
    rule = CreditsFrom(Fraction(3), (Held("u"), Held("g")), "semester", "graduate")
    world = catalog(course("u", level="undergraduate"), course("g", level="graduate"), credential("t"), rows=(row("t", rule),))
    assert left(world, record("u")).exact == 2
    assert left(world, record("g")).exact == 1


def test_courses_of_the_learners_own_fill_an_open_selection() -> None:
    wide = Select(subject="reading", type="course", open=True)
    counted = one_rule(AtLeast(2, (wide,)))
    own = [earned(f"own:{n}", type="course", subject="reading", credits=CreditValue(Fraction(3), "semester")) for n in range(3)]
    assert left(counted, record()).exact == 3
    assert left(counted, record(own[0])).exact == 2
    assert left(counted, record(*own)).exact == 1
    summed = one_rule(CreditsFrom(Fraction(9), (wide,), "semester"))
    assert left(summed, record()).flags == ("open_selection",)
    assert left(summed, record(*own[:2])).exact == 2
    assert left(summed, record(*own)).exact == 1


def test_a_higher_degree_counts_and_a_lower_one_does_not() -> None:
    world = catalog(
        credential("t"),
        credential("u"),
        rows=(row("t", Degree("bachelor")), row("u", AllOf((Degree("master"), Degree("bachelor"))))),
    )
    assert left(world, LearnerRecord(degrees=(DegreeHeld("master"),))).exact == 1
    assert left(world, LearnerRecord(degrees=(DegreeHeld("associate"),))).exact == 2
    assert left(world, record(), "u").exact == 2, "the master's degree is asked for anyway"
    graph = compile_graph(world, TODAY)
    assert [graph.name(step) for step in left(world, record()).steps] == ["degree: bachelor", "t"]


def test_a_license_stated_word_for_word_is_held_and_another_wording_is_not() -> None:
    world = one_rule(License("US-OH", "teaching"))
    assert left(world, LearnerRecord(licenses=(LicenseHeld("US-OH", "teaching"),))).exact == 1
    assert left(world, LearnerRecord(licenses=(LicenseHeld("US-OH", "five-year professional"),))).exact == 2


def test_agreements_count_while_they_last() -> None:
    rows = (row("t", AllOf((Held("a"), Held("b"), Held("c")))),)
    items = [credential(item) for item in "abcdt"]
    open_deal = catalog(*items, rows=rows, agreements=(agreement("d", "t", effective_until=TODAY),))
    past_deal = catalog(*items, rows=rows, agreements=(agreement("d", "t", effective_until=date(2026, 11, 20)),))
    part_deal = catalog(*items, rows=rows, agreements=(agreement("d", "t", mode="contributes"),))
    advice = catalog(*items, rows=rows, agreements=(agreement("d", "t", kind="recommends"),))
    assert [left(world, record()).exact for world in (open_deal, past_deal, part_deal, advice)] == [2, 4, 4, 4]


def test_what_is_no_longer_offered_cannot_be_newly_earned() -> None:
    for ended in ({"status": "retired"}, {"retired_on": TODAY}, {"offer_until": date(2026, 11, 20)}):
        world = catalog(credential("a", **ended), credential("t"), rows=(row("t", Held("a")),))
        assert not left(world, record()).reachable
        assert left(world, record("a")).exact == 1


@pytest.mark.parametrize(
    ("rule", "flag", "steps"),
    [
        (OpenAll((Held("a"), Held("b"))), "open_all", 3),
        (OpenAny((Held("a"), Held("b"))), "open_any", 2),
        (Conflict(Held("a"), Held("b")), "conflict", 3),
    ],
)
def test_what_a_number_leaves_out_is_said(rule: Requirement, flag: str, steps: int) -> None:
    answer = left(one_rule(rule, "a", "b"), record())
    assert (answer.exact, answer.flags) == (steps, (flag,))


def test_an_authority_without_component_rows_is_flagged() -> None:
    world = catalog(credential("t", type="license"))
    assert left(world, record()).flags == ("unlisted_requirements",)


def test_ids_nobody_defines_are_never_reached() -> None:
    assert not left(one_rule(Held("ghost")), record()).reachable


def test_stats_are_plain_numbers() -> None:
    graph = compile_graph(one_rule(AllOf((Held("a"), Held("b"))), "a", "b"), TODAY)
    assert graph.stats == {**graph.stats, "credentials": 3, "atoms": 3, "edges": 3, "on_cycles": 0, "unreachable": 0}
    assert all(type(value) is int for value in graph.stats.values())


def test_generated_arrays_make_the_same_graph() -> None:
    made = from_arrays(3, np.array([0, 0, 0, 1, 3]), np.array([3, 0, 1]), np.array([0, 0, 1, 2]))
    answer = remaining(made, [0], 2)
    assert (answer.exact, answer.steps) == (2, (1, 2))
