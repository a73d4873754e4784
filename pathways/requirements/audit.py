"""Tree times record: the truth of every node, what counts where, what is spare and why, and what will stop counting.

Nothing is looked up beyond what is passed in: catalog facts and offers come from the layers above.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from typing import assert_never

from pathways.credential import Select
from pathways.record import LearnerRecord
from pathways.requirements.allocate import PinBook, allocate
from pathways.requirements.conditions import check, words
from pathways.requirements.counting import Scored, at_least_node, held_node, select_node
from pathways.requirements.credit import credits_node
from pathways.requirements.evidence import Evidence
from pathways.requirements.fold import fold
from pathways.requirements.rules import (
    Admitted,
    AllOf,
    AnyOf,
    AtLeast,
    AtMostCredits,
    Condition,
    Conflict,
    CreditsFrom,
    Exam,
    Groups,
    Held,
    Node,
    NoneOf,
    OpenAll,
    OpenAny,
    Requirement,
)  # fmt: skip
from pathways.requirements.verdicts import Audit, AuditNode, Expiring, Facts, Offer, Pin, Truth

LISTED_DONE = "the listed parts are done; the full list is not published"
LISTED_UNMET = "no listed option is met; the full menu is not published"
DISAGREE = "two pages of one authority disagree; ask which one applies"


def audit(
    tree: Requirement, record: LearnerRecord, facts: Facts, offers: Sequence[Offer], *, on: date, pins: Sequence[Pin] = ()
) -> Audit:
    """Check a record against a requirement.

    Parameters
    ----------
    tree : Requirement
        What is asked.
    record : LearnerRecord
        What the learner has.
    facts : Facts
        What a catalog says of items, selections and generic ids.
    offers : sequence of Offer
        What could be claimed now. An offer never makes a node met.
    on : date
        The day of the audit.
    pins : sequence of Pin
        Where the learner or advisor wants an achievement to count (groups of ``groups`` rules).

    Returns
    -------
    Audit
        Equal input gives equal output, and the order of the record's rows changes no truth.
    """
    book = PinBook(tuple(dict.fromkeys(pins)))
    scored = _evaluate(tree, Evidence.gather(record, facts, offers, on), book)
    ends = sorted(set(scored.ends), key=lambda end: (end.last_day, end.achievement, end.why))
    return Audit(scored.node, tuple(ends), book.refused())


def _evaluate(tree: Node, evidence: Evidence, book: PinBook) -> Scored:
    """Judge every node, leaves first. Children of groups, and of ``none`` inside a group, are judged apart."""

    def combine(node: Node, children: tuple[Scored, ...]) -> Scored:
        return _judge(node, children, evidence, book)

    def inside(node: Node) -> bool:
        return not isinstance(node, Groups) and not (isinstance(node, NoneOf) and evidence.barred)

    return fold(tree, combine, inside=inside)


def _judge(node: Node, children: tuple[Scored, ...], evidence: Evidence, book: PinBook) -> Scored:
    match node:
        case Held():
            return held_node(node, evidence)
        case Select():
            return select_node(node, evidence)
        case AtLeast():
            return at_least_node(node, children, evidence)
        case CreditsFrom():
            return credits_node(node, children, evidence)
        case AtMostCredits():
            # The credit rule around it says what counts under the cap.
            return Scored(AuditNode(node, Truth.MET, Fraction(0), node.max_credits, "", tuple(child.node for child in children)))
        case NoneOf():
            # A prohibition reads the whole record: counting an item elsewhere does not undo it.
            return _none(node, children[0] if children else _evaluate(node.child, evidence.whole(), book))
        case Groups():
            return _groups(node, evidence, book)
        case AllOf() | AnyOf() | OpenAll() | OpenAny() | Conflict():
            return _list(node, children)
        case _:
            return _condition(node, evidence)


def _list(node: AllOf | AnyOf | OpenAll | OpenAny | Conflict, children: tuple[Scored, ...]) -> Scored:
    truths = [child.node.truth for child in children]
    met = sum(truth is Truth.MET for truth in truths)
    truth, need, notes = _join(node, truths)
    ends = tuple(end for child in children for end in child.ends)
    return Scored(AuditNode(node, truth, Fraction(met), Fraction(need), "item", _nodes(children), notes=notes), ends)


def _nodes(children: Iterable[Scored]) -> tuple[AuditNode, ...]:
    return tuple(child.node for child in children)


def _join(node: AllOf | AnyOf | OpenAll | OpenAny | Conflict, truths: Sequence[Truth]) -> tuple[Truth, int, tuple[str, ...]]:
    """Truth of a list, how many of it are needed, and why it is open."""
    match node:
        case AllOf():
            return min(truths, default=Truth.MET), len(truths), ()
        case AnyOf():
            return max(truths, default=Truth.UNMET), 1, ()
        case OpenAll():
            is_unmet = Truth.UNMET in truths
            done = all(truth is Truth.MET for truth in truths)
            return Truth.UNMET if is_unmet else Truth.UNKNOWN, len(truths), (LISTED_DONE,) if done else ()
        case OpenAny():
            is_met = Truth.MET in truths
            return Truth.MET if is_met else Truth.UNKNOWN, 1, () if is_met else (LISTED_UNMET,)
        case Conflict():
            agreed = truths[0] if truths[0] == truths[1] else Truth.UNKNOWN
            return agreed, 2, (DISAGREE,)
        case _:
            assert_never(node)


def _none(node: NoneOf, child: Scored) -> Scored:
    truth = Truth(Truth.MET - child.node.truth)
    # What stands under a prohibition does not count toward anything, so its ends are no loss.
    return Scored(AuditNode(node, truth, Fraction(truth is Truth.MET), Fraction(1), "item", (child.node,)))


def _condition(node: Condition, evidence: Evidence) -> Scored:
    found = check(node, evidence.record, evidence.on)
    have = Fraction(found.truth is Truth.MET)
    claims = () if found.truth is Truth.MET else _named_offers(node, evidence)
    return Scored(AuditNode(node, found.truth, have, Fraction(1), "condition", claims=claims, notes=found.notes))


def _named_offers(node: Condition, evidence: Evidence) -> tuple[Offer, ...]:
    """Offers that name an exam or program in words, where the catalog has no id for it."""
    if not isinstance(node, Exam | Admitted):
        return ()
    asked = words(node.name if isinstance(node, Exam) else node.program)
    return tuple(offer for offer in evidence.offers if offer.to_id is None and words(offer.to_text) == asked)


def _groups(node: Groups, evidence: Evidence, book: PinBook) -> Scored:
    def truth_of(part: Node) -> Truth:
        return _evaluate(part, evidence.whole(), PinBook(())).node.truth

    allocation = allocate(node, evidence, book, truth_of)
    children = tuple(
        _evaluate(child, evidence.without(barred), book) for child, barred in zip(node.children, allocation.barred, strict=True)
    )
    truths = [child.node.truth for child in children]
    truth = min(truths) if allocation.truth is None else allocation.truth
    met = Fraction(sum(one is Truth.MET for one in truths))
    ends: tuple[Expiring, ...] = tuple(end for child in children for end in child.ends)
    verdict = AuditNode(node, truth, met, Fraction(len(truths)), "group", _nodes(children), notes=allocation.notes)
    return Scored(verdict, ends)
