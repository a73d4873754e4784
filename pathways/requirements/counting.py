"""Held items and counts of them: what counts at one node of a tree, what is spare there, and what could be claimed."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from pathways.credential import Select
from pathways.requirements.evidence import Evidence, Standing
from pathways.requirements.rules import AtLeast, AtMostCredits, CreditsFrom, Held
from pathways.requirements.verdicts import AuditNode, Expiring, Spare, SpareReason, Truth, Use


@dataclass(frozen=True, slots=True)
class Scored:
    """A node's verdict, and what of it will stop counting on a day."""

    node: AuditNode
    ends: tuple[Expiring, ...] = ()


@dataclass(frozen=True, slots=True)
class Count:
    """One thing that counts once in a list, and the achievements any of which makes it count."""

    key: Hashable
    standings: tuple[Standing, ...]

    @property
    def best(self) -> Standing:
        """The standing that counts: the truest, then the longest lasting, then the first in the record."""
        return max(self.standings, key=_preference)

    @property
    def truth(self) -> Truth:
        """Whether it counts."""
        return self.best.truth


def _preference(standing: Standing) -> tuple[Truth, date, int]:
    return standing.truth, standing.last_day or date.max, -standing.achievement


def ends_of(standings: Iterable[Standing]) -> tuple[Expiring, ...]:
    """What of these will stop counting."""
    return tuple(Expiring(one.achievement, one.last_day, one.why) for one in standings if one.last_day is not None)


def held_node(rule: Held, evidence: Evidence, listed: frozenset[str] = frozenset()) -> Scored:
    """Judge one listed item."""
    standings = [evidence.standing(place, rule) for place in evidence.answering(rule, listed)]
    best = max(standings, key=_preference, default=None)
    truth = best.truth if best else Truth.UNMET
    counted = [best] if best and truth is Truth.MET else []
    node = AuditNode(
        rule,
        truth,
        Fraction(len(counted)),
        Fraction(1),
        "item",
        uses=tuple(Use(one.achievement) for one in counted),
        spare=tuple(_spares(standings, counted, evidence)),
        claims=() if counted else evidence.claims([rule.id]),
        notes=notes_of(standings, truth),
    )
    return Scored(node, ends_of(counted))


def select_node(rule: Select, evidence: Evidence) -> Scored:
    """Judge a selection alone: met when anything of it is held."""
    standings = [evidence.standing(place) for place in evidence.selected(rule)]
    counted = [one for one in standings if one.truth is Truth.MET]
    truth = max((one.truth for one in standings), default=Truth.UNMET)
    uses = tuple(Use(one.achievement) for one in counted)
    spare = tuple(_spares(standings, counted, evidence))
    return Scored(AuditNode(rule, truth, Fraction(len(counted)), Fraction(1), "item", uses=uses, spare=spare), ends_of(counted))


def notes_of(standings: Iterable[Standing], truth: Truth) -> tuple[str, ...]:
    """Why a node is not met, each reason once."""
    if truth is Truth.MET:
        return ()
    return tuple(dict.fromkeys(one.note for one in standings if one.note))


def _spares(standings: Sequence[Standing], counted: Sequence[Standing], evidence: Evidence) -> Iterator[Spare]:
    """One entry for each achievement that does not count."""
    used = {one.achievement for one in counted}
    keys = {evidence.item_key(place) for place in used}
    seen = set(used)
    for one in standings:
        if one.achievement not in seen:
            seen.add(one.achievement)
            same: SpareReason = "same item twice" if evidence.item_key(one.achievement) in keys else "over the minimum"
            yield Spare(one.achievement, one.reason or same)


def listed_ids(rule: AtLeast | CreditsFrom | AtMostCredits) -> frozenset[str]:
    """Ids a list names itself, caps included."""
    found: set[str] = set()
    for child in rule.children:
        if isinstance(child, Held):
            found.add(child.id)
        elif isinstance(child, AtMostCredits):
            found |= listed_ids(child)
    return frozenset(found)


def counts(rule: AtLeast, evidence: Evidence) -> list[Count]:
    """The items of an ``at_least`` list that the record touches, each counting once.

    With ``distinct`` each different item of the record is one, so a generic id counts once per differently named item. Without
    it each listed id is one (and each area's version of it, where areas are listed).
    """
    listed = listed_ids(rule) if rule.distinct else frozenset()
    found: dict[Hashable, list[Standing]] = {}
    for child in rule.children:
        if isinstance(child, Held):
            for place in evidence.answering(child, listed):
                key: Hashable = evidence.item_key(place) if rule.distinct else (child.id, child.area)
                found.setdefault(key, []).append(evidence.standing(place, child))
        elif isinstance(child, Select):
            for place in evidence.selected(child):
                key = evidence.item_key(place) if rule.distinct else (evidence.record.achievements[place].id, None)
                found.setdefault(key, []).append(evidence.standing(place))
    return [Count(key, tuple(standings)) for key, standings in found.items()]


def at_least_node(rule: AtLeast, children: Sequence[Scored], evidence: Evidence) -> Scored:
    """Judge a count of items; listed forms that are not items count one each."""
    forms = [scored for scored in children if not isinstance(scored.node.rule, Held | Select)]
    found = counts(rule, evidence)
    met_forms = [scored for scored in forms if scored.node.truth is Truth.MET]
    sure = [one for one in found if one.truth is Truth.MET]
    lower = len(sure) + len(met_forms)
    upper = sum(one.truth is not Truth.UNMET for one in found) + sum(scored.node.truth is not Truth.UNMET for scored in forms)
    truth = Truth.MET if lower >= rule.n else Truth.UNMET if upper < rule.n else Truth.UNKNOWN
    in_order = sorted((one.best for one in sure), key=lambda standing: standing.achievement)
    counted = _first_of_each(in_order, max(0, rule.n - len(met_forms)))
    everything = [standing for one in found for standing in one.standings]
    ids = [child.id for child in rule.children if isinstance(child, Held)]
    ids += [member for child in rule.children if isinstance(child, Select) for member in _offered_members(child, evidence)]
    held = {evidence.item_key(one.best.achievement) for one in sure}
    node = AuditNode(
        rule,
        truth,
        Fraction(min(lower, rule.n)),
        Fraction(rule.n),
        "item",
        children=tuple(scored.node for scored in children),
        uses=tuple(Use(one.achievement) for one in counted),
        spare=tuple(sorted(_spares(everything, counted, evidence), key=lambda spare: spare.achievement)),
        claims=() if truth is Truth.MET else evidence.claims(ids, held),
        notes=notes_of(everything, truth),
    )
    return Scored(node, (*ends_of(counted), *(end for scored in met_forms for end in scored.ends)))


def _first_of_each(standings: Sequence[Standing], limit: int) -> list[Standing]:
    """The first standings of the record, one entry for each achievement even where it answers to two listed ids."""
    counted: dict[int, Standing] = {}
    for taken, one in enumerate(standings):
        if taken >= limit:
            break
        counted.setdefault(one.achievement, one)
    return list(counted.values())


def _offered_members(selection: Select, evidence: Evidence) -> list[str]:
    """Members of a selection that something could be claimed for."""
    if not evidence.offers:
        return []
    offered = {offer.to_id for offer in evidence.offers}
    return [member for member in evidence.facts.select(selection) if member in offered]
