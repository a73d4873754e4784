"""Laws of the audit, each against a slow oracle that tries every way of counting."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from pathways.record import EarnedCredential, LearnerRecord
from pathways.requirements.audit import audit
from pathways.requirements.credit import Lot, take
from pathways.requirements.evidence import Evidence
from pathways.requirements.pieces import piece_of
from pathways.requirements.rules import (
    AllOf,
    AnyOf,
    AtLeast,
    Conflict,
    CreditsFrom,
    Groups,
    NoneOf,
    OpenAll,
    OpenAny,
    Requirement,
    walk,
)
from pathways.requirements.verdicts import Audit, AuditNode, Pin, Truth
from tests.builders import TODAY
from tests.requirements.oracle import Oracle
from tests.requirements.small_worlds import (
    WORLD,
    achievements,
    capped_rules,
    contended_groups,
    full_records,
    group_rules,
    monotone_trees,
    plain_trees,
    records,
    shared_groups,
)


def _audit(tree: Requirement, record: LearnerRecord, *pins: Pin) -> Audit:
    return audit(tree, record, WORLD, (), on=TODAY, pins=pins)


def _nodes(node: AuditNode) -> list[AuditNode]:
    return [node, *(inner for child in node.children for inner in _nodes(child))]


@given(capped_rules(), full_records)
@settings(max_examples=80)
def test_caps_that_overlap_allow_the_most_credit_there_is(rule: CreditsFrom, record: LearnerRecord) -> None:
    oracle = Oracle(record, WORLD, TODAY)
    assert _audit(rule, record).root.have == oracle.most_credit(rule)


#: Items under two caps that overlap in the first item, and one more item anywhere.
overlapping = st.tuples(
    st.tuples(st.integers(2, 4), st.just(frozenset({0, 1}))),
    st.tuples(st.integers(1, 4), st.just(frozenset({0}))),
    st.tuples(st.integers(1, 4), st.just(frozenset({1}))),
    st.tuples(st.integers(0, 4), st.frozensets(st.integers(0, 2), max_size=2)),
)


@given(overlapping, st.lists(st.integers(1, 6).map(Fraction), min_size=3, max_size=3), st.integers(3, 12).map(Fraction))
@settings(max_examples=150)
def test_credit_is_taken_as_far_as_the_caps_allow(
    sizes: tuple[tuple[int, frozenset[int]], ...], caps: list[Fraction], need: Fraction
) -> None:
    found = [Lot(order, Fraction(size), under) for order, (size, under) in enumerate(sizes)]
    taken = take(found, caps, need)
    assert all(0 < part <= found[order].credits for order, part in taken.items())
    for number, cap in enumerate(caps):
        assert sum(part for order, part in taken.items() if number in found[order].caps) <= cap
    ways = product(*(range(size + 1) for size, _ in sizes))
    allowed = [
        way
        for way in ways
        if all(sum(part for part, (_, under) in zip(way, sizes, strict=True) if n in under) <= cap for n, cap in enumerate(caps))
    ]
    assert sum(taken.values()) == min(need, max(map(sum, allowed)))


@given(plain_trees, records(5))
@settings(max_examples=300)
def test_the_audit_says_what_trying_every_way_says(tree: Requirement, record: LearnerRecord) -> None:
    assert _audit(tree, record).truth is Oracle(record, WORLD, TODAY).truth(tree)


@given(shared_groups(), full_records)
@settings(max_examples=100)
def test_a_share_goes_as_far_as_it_says_and_no_further(rule: Groups, record: LearnerRecord) -> None:
    assert _audit(rule, record).truth is Oracle(record, WORLD, TODAY).truth(rule)


@given(st.tuples(group_rules(), records(4)) | st.tuples(contended_groups(), full_records))
@settings(max_examples=300)
def test_groups_are_met_exactly_when_some_way_of_sharing_out_meets_them(case: tuple[Groups, LearnerRecord]) -> None:
    rule, record = case
    found, oracle = _audit(rule, record), Oracle(record, WORLD, TODAY)
    assert found.truth is oracle.truth(rule)
    truths = [child.truth for child in found.root.children]
    best, _ = oracle.groups(rule, oracle.all)
    assert (truths.count(Truth.MET), len(truths) - truths.count(Truth.UNMET)) == best


@given(group_rules(), st.sampled_from([AllOf, AnyOf, OpenAll, OpenAny]), plain_trees, records(3))
@settings(max_examples=100)
def test_groups_inside_a_larger_rule_say_the_same(
    rule: Groups, form: type[AllOf], other: Requirement, record: LearnerRecord
) -> None:
    tree = Groups((form((rule, other)), rule.children[0]), ("whole", "extra"))
    assert _audit(tree, record).truth is Oracle(record, WORLD, TODAY).truth(tree)


@given(contended_groups(), full_records)
@settings(max_examples=150)
def test_no_achievement_counts_in_two_groups_beyond_what_is_shared(rule: Groups, record: LearnerRecord) -> None:
    evidence = Evidence.gather(record, WORLD, (), TODAY)
    used = []
    for child in _audit(rule, record).root.children:
        counting = [node for node in _nodes(child) if not _under_none(child, node)]
        used.append({piece_of(evidence, use.achievement) for node in counting for use in node.uses})
    given = [set(mine) for mine in used]
    ways = Oracle(record, WORLD, TODAY).ways(rule, frozenset(range(len(record.achievements))))
    assert any(
        all(mine <= {piece_of(evidence, place) for place in way} for mine, way in zip(given, places, strict=True))
        for places in ways
    )


def _under_none(root: AuditNode, wanted: AuditNode) -> bool:

    forbidding = [node for node in _nodes(root) if isinstance(node.rule, NoneOf)]
    return any(inner is wanted for node in forbidding for inner in _nodes(node))


@given(monotone_trees, records(4), achievements)
@settings(max_examples=200)
def test_one_more_achievement_never_undoes_a_rule_without_none(
    tree: Requirement, record: LearnerRecord, more: EarnedCredential
) -> None:
    richer = replace(record, achievements=(*record.achievements, more))
    assert _audit(tree, richer).truth >= _audit(tree, record).truth


@given(plain_trees | group_rules(), records(5), st.randoms(use_true_random=False))
@settings(max_examples=120)
def test_the_order_of_the_rows_changes_no_truth(tree: Requirement, record: LearnerRecord, rng: random.Random) -> None:
    rows = list(record.achievements)
    rng.shuffle(rows)
    again = _audit(tree, replace(record, achievements=tuple(rows)))
    first = _audit(tree, record)
    assert again.truth is first.truth
    assert again.root.have == first.root.have


@given(plain_trees, records(5), st.randoms(use_true_random=False))
@settings(max_examples=150)
def test_the_order_of_a_list_changes_no_truth(tree: Requirement, record: LearnerRecord, rng: random.Random) -> None:
    if isinstance(tree, AtLeast):
        listed = list(tree.children)
        rng.shuffle(listed)
        turned: Requirement = replace(tree, children=tuple(listed))
    else:
        tree = tree if isinstance(tree, AllOf | AnyOf | OpenAll | OpenAny) else AllOf((tree, Conflict(tree, tree)))
        children = list(tree.children)
        rng.shuffle(children)
        turned = replace(tree, children=tuple(children))
    assert _audit(turned, record).truth is _audit(tree, record).truth


@given(plain_trees | group_rules(), records(5))
@settings(max_examples=100)
def test_equal_questions_get_equal_answers(tree: Requirement, record: LearnerRecord) -> None:
    assert _audit(tree, record) == _audit(tree, record)


@given(plain_trees | group_rules(), records(5))
@settings(max_examples=100)
def test_every_node_is_answered_and_nothing_is_both_used_and_spare_in_full(tree: Requirement, record: LearnerRecord) -> None:
    found = _nodes(_audit(tree, record).root)
    assert [id(node.rule) for node in found] == [id(node) for node in walk(tree)]
    for node in found:
        used = {use.achievement for use in node.uses if use.credits is None}
        assert used.isdisjoint(spare.achievement for spare in node.spare)
        assert node.need >= 0
        assert len({use.achievement for use in node.uses}) == len(node.uses)


@given(contended_groups(), full_records, st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["core", "electives"])), max_size=2))
@settings(max_examples=100)
def test_a_pin_is_honored_or_refused_with_a_reason_and_never_makes_the_rule_worse(
    rule: Groups, record: LearnerRecord, wishes: list[tuple[int, str]]
) -> None:
    pins = tuple(dict.fromkeys(Pin(place, group) for place, group in wishes))
    free, pinned = _audit(rule, record), _audit(rule, record, *pins)
    assert pinned.truth is free.truth
    met = [sum(child.truth is Truth.MET for child in found.root.children) for found in (free, pinned)]
    assert met[0] == met[1]
    assert all(reason for _, reason in pinned.refused_pins)
    refused = {pin for pin, _ in pinned.refused_pins}
    for pin in set(pins) - refused:
        elsewhere = [child for name, child in zip(rule.names, pinned.root.children, strict=True) if name != pin.group]
        others = {other.group for other in pins if other.achievement == pin.achievement} - {pin.group}
        if not rule.shares and not others:
            spare = {
                one.achievement
                for child in elsewhere
                for node in _nodes(child)
                if not _under_none(child, node)
                for one in node.uses
            }
            assert pin.achievement not in spare
