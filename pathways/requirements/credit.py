"""Credit rules: how much credit the listed items supply, under caps that may overlap.

Credit may be split: a course of 4 credits under a cap of 3 supplies 3. Where caps lie inside one another or apart, taking items
one by one reaches the most credit (such caps form a polymatroid); where they overlap, CP-SAT decides in whole steps of the
finest fraction the amounts use.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from pathways.credential import Select
from pathways.record import EarnedCredential
from pathways.requirements.counting import Scored, ends_of, listed_ids, notes_of
from pathways.requirements.evidence import Evidence, Standing, weaker
from pathways.requirements.rules import AtMostCredits, CreditsFrom, Held
from pathways.requirements.verdicts import AuditNode, Spare, Truth, Use
from pathways.units import LEVELS, CreditValue, Level, convert, converts

#: Steps finer than this are rounded down, so that a rule is never called met by rounding.
MAX_SCALE = 10**6


@dataclass(frozen=True, slots=True)
class Supply:
    """What one achievement may supply to a credit rule.

    ``credits`` are in the rule's unit; None where no page or record states them. ``caps`` are places of the caps it falls under.
    Supplies of one ``key`` are the same item recorded more than once and count once.
    """

    standing: Standing
    key: Hashable
    credits: Fraction | None
    caps: frozenset[int]


@dataclass(frozen=True, slots=True)
class Lot:
    """An amount of credit that may be taken in part. ``order`` breaks ties."""

    order: int
    credits: Fraction
    caps: frozenset[int]


def rule_unit(rule: CreditsFrom, evidence: Evidence) -> str:
    """The rule's unit, or the one its listed items share: semester if any is."""
    if rule.unit is not None:
        return rule.unit
    first: str | None = None
    for child in _sources(rule):
        members = (child.id,) if isinstance(child, Held) else evidence.facts.select(child)
        for member in members:
            item = evidence.facts.item(member)
            if item is not None and item.credits is not None:
                if item.credits.unit == "semester":
                    return "semester"
                first = first or item.credits.unit
    if first is not None:
        return first
    stated = {value.unit for place in _places(rule, evidence) if (value := stated_credits(evidence, place)) is not None}
    return "semester" if "semester" in stated else min(stated, default="semester")


def _sources(rule: CreditsFrom | AtMostCredits) -> list[Held | Select]:
    """Items and selections of a rule, those under caps included."""
    found: list[Held | Select] = []
    for child in rule.children:
        found += _sources(child) if isinstance(child, AtMostCredits) else [child]
    return found


def _answering(source: Held | Select, evidence: Evidence, listed: frozenset[str]) -> Sequence[int]:
    return evidence.answering(source, listed) if isinstance(source, Held) else evidence.selected(source)


def _places(rule: CreditsFrom | AtMostCredits, evidence: Evidence) -> set[int]:
    listed = listed_ids(rule)
    return {place for source in _sources(rule) for place in _answering(source, evidence, listed)}


def stated_credits(evidence: Evidence, place: int) -> CreditValue | None:
    """Credits of an achievement as recorded, else as its catalog item states them."""
    achievement, item = evidence.record.achievements[place], evidence.item_of(place)
    return achievement.credits or (item.credits if item else None)


def caps_of(rule: CreditsFrom) -> list[AtMostCredits]:
    """Caps of a rule, in order."""
    return [child for child in rule.children if isinstance(child, AtMostCredits)]


def supplies(rule: CreditsFrom, evidence: Evidence, unit: str) -> list[Supply]:
    """What each achievement may supply, in record order."""
    listed = listed_ids(rule)
    standings: dict[int, Standing] = {}
    for source in _sources(rule):
        for place in _answering(source, evidence, listed):
            new = evidence.standing(place, source if isinstance(source, Held) else None)
            if place not in standings or new.truth > standings[place].truth:
                standings[place] = new
    under: dict[Hashable, set[int]] = {}
    for number, cap in enumerate(caps_of(rule)):
        for source in _sources(cap):
            for place in _answering(source, evidence, listed):
                under.setdefault(evidence.item_key(place), set()).add(number)
    found: list[Supply] = []
    for place in sorted(standings):
        key = evidence.item_key(place)
        standing, amount = _supply(rule, evidence, standings[place], unit)
        found.append(Supply(standing, key, amount, frozenset(under.get(key, ()))))
    return found


def _supply(rule: CreditsFrom, evidence: Evidence, standing: Standing, unit: str) -> tuple[Standing, Fraction | None]:
    """Standing under the rule's own grade, level and unit, and the credits in the rule's unit."""
    place = standing.achievement
    if standing.reason == "counted in another group":
        return standing, None
    if rule.min_grade is not None:
        standing = weaker(standing, evidence.graded(place, rule.min_grade))
    if rule.level is not None:
        standing = weaker(standing, _leveled(evidence, place, rule.level))
    value = stated_credits(evidence, place)
    if value is None:
        note = f"the credits of {evidence.label(place)} are not stated"
        return weaker(standing, Standing(place, Truth.UNKNOWN, "credits not stated", note)), None
    if not converts(value.unit, unit):
        note = f"{evidence.label(place)} gives {value}; no sourced rule here makes that {unit} credit"
        return weaker(Standing(place, Truth.UNMET, "other unit", note), standing), None
    return standing, convert(value.amount, value.unit, unit)


def level_of(evidence: Evidence, place: int) -> Level | None:
    """Level of an achievement as recorded, else as its catalog item states it."""
    achievement: EarnedCredential = evidence.record.achievements[place]
    item = evidence.item_of(place)
    of_credit = stated_credits(evidence, place)
    return achievement.level or (of_credit.level if of_credit else None) or (item.level if item else None)


def _leveled(evidence: Evidence, place: int, asked: Level) -> Standing:
    level = level_of(evidence, place)
    if level == asked:
        return Standing(place, Truth.MET)
    if level is None:
        return Standing(place, Truth.UNKNOWN, "level not stated", f"the level of {evidence.label(place)} is not stated")
    note = f"{evidence.label(place)} is {level}, the rule asks for {asked} credit"
    higher = LEVELS.index(level) > LEVELS.index(asked)
    return Standing(place, Truth.UNKNOWN if higher else Truth.UNMET, "other level", note)


def lots(found: Sequence[Supply], least: Truth, need: Fraction) -> list[Lot]:
    """The best lot of each item whose standing is at least ``least``.

    Credits that are not stated could be any number, so where unknown counts they stand for all that is needed.
    """
    best: dict[Hashable, Lot] = {}
    for one in found:
        if one.standing.truth < least or (one.credits is None and least is Truth.MET):
            continue
        lot = Lot(one.standing.achievement, need if one.credits is None else one.credits, one.caps)
        if one.key not in best or lot.credits > best[one.key].credits:
            best[one.key] = lot
    return list(best.values())


def take(found: Sequence[Lot], caps: Sequence[Fraction], need: Fraction) -> dict[int, Fraction]:
    """Take credit from lots: as much as the caps allow, up to ``need``; then from few lots, large ones first, record order.

    Returns
    -------
    dict
        Credit taken by each lot's ``order``; lots that give nothing are left out.
    """
    if _is_laminar(found, len(caps)):
        return _take_in_turn(found, caps, need)
    return _take_by_solver(found, caps, need)


def _is_laminar(found: Sequence[Lot], count: int) -> bool:
    """Whether any two caps lie apart or one inside the other."""
    under: list[set[int]] = [set() for _ in range(count)]
    for place, lot in enumerate(found):
        for cap in lot.caps:
            under[cap].add(place)
    return all(not (a & b) or a <= b or b <= a for place, a in enumerate(under) for b in under[:place])


def _take_in_turn(found: Sequence[Lot], caps: Sequence[Fraction], need: Fraction) -> dict[int, Fraction]:
    left = list(caps)
    taken: dict[int, Fraction] = {}
    for lot in sorted(found, key=lambda lot: (-lot.credits, lot.order)):
        part = min([lot.credits, need, *(left[cap] for cap in lot.caps)])
        if part > 0:
            taken[lot.order] = part
            need -= part
            for cap in lot.caps:
                left[cap] -= part
    return taken


def scale_of(*amounts: Fraction) -> int:
    """Steps per credit that make all amounts whole, within :data:`MAX_SCALE`."""
    return min(math.lcm(1, *(number.denominator for number in amounts)), MAX_SCALE)


def _take_by_solver(found: Sequence[Lot], caps: Sequence[Fraction], need: Fraction) -> dict[int, Fraction]:
    from ortools.sat.python import cp_model

    scale = scale_of(need, *caps, *(lot.credits for lot in found))
    model = cp_model.CpModel()
    parts = [model.new_int_var(0, math.floor(lot.credits * scale), "") for lot in found]
    total = sum(parts)
    model.add(total <= math.ceil(need * scale))
    for number, cap in enumerate(caps):
        model.add(sum(part for part, lot in zip(parts, found, strict=True) if number in lot.caps) <= math.floor(cap * scale))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 0
    solver.parameters.max_deterministic_time = 10
    model.maximize(total)
    solver.solve(model)
    model.add(total >= round(solver.objective_value))
    used = [model.new_bool_var("") for _ in found]
    for part, lot, flag in zip(parts, found, used, strict=True):
        model.add(part <= math.floor(lot.credits * scale) * flag)
    last = 1 + max((lot.order for lot in found), default=0)
    model.minimize(sum((last * len(found) + lot.order) * flag for lot, flag in zip(found, used, strict=True)))
    solver.solve(model)
    return {lot.order: Fraction(solver.value(part), scale) for lot, part in zip(found, parts, strict=True) if solver.value(part)}


def credits_node(rule: CreditsFrom, children: Sequence[Scored], evidence: Evidence) -> Scored:
    """Judge a credit rule: met by what surely counts, unknown where what is not stated could close it."""
    unit = rule_unit(rule, evidence)
    found = supplies(rule, evidence, unit)
    caps = [cap.max_credits for cap in caps_of(rule)]
    taken = take(lots(found, Truth.MET, rule.min_credits), caps, rule.min_credits)
    have = sum(taken.values(), Fraction(0))
    truth = Truth.MET if have >= rule.min_credits else Truth.UNMET
    if truth is Truth.UNMET and any(one.standing.truth is Truth.UNKNOWN for one in found):
        could = take(lots(found, Truth.UNKNOWN, rule.min_credits), caps, rule.min_credits)
        truth = Truth.UNKNOWN if sum(could.values()) >= rule.min_credits else Truth.UNMET
    counted = [one.standing for one in found if one.standing.achievement in taken]
    held = {evidence.item_key(place) for place in taken}
    ids = [source.id for source in _sources(rule) if isinstance(source, Held)]
    if evidence.offers:
        ids += [member for source in _sources(rule) if isinstance(source, Select) for member in evidence.facts.select(source)]
    node = AuditNode(
        rule,
        truth,
        have,
        rule.min_credits,
        unit,
        children=tuple(_child(scored.node, rule, found, taken, unit) for scored in children),
        uses=tuple(Use(place, taken[place]) for place in sorted(taken)),
        spare=tuple(_spares(found, taken, full=truth is Truth.MET)),
        claims=() if truth is Truth.MET else evidence.claims(ids, held),
        notes=notes_of((one.standing for one in found), truth),
    )
    return Scored(node, ends_of(counted))


def _child(node: AuditNode, rule: CreditsFrom, found: Sequence[Supply], taken: dict[int, Fraction], unit: str) -> AuditNode:
    """A cap's own line shows what counts under it; other lines stay as they are."""
    if not isinstance(node.rule, AtMostCredits):
        return node
    numbers = [number for number, cap in enumerate(caps_of(rule)) if cap is node.rule]
    mine = [one for one in found if one.caps & set(numbers) and one.standing.achievement in taken]
    have = sum((taken[one.standing.achievement] for one in mine), Fraction(0))
    uses = tuple(Use(one.standing.achievement, taken[one.standing.achievement]) for one in mine)
    return AuditNode(node.rule, Truth.MET, have, node.rule.max_credits, unit, children=node.children, uses=uses)


def _spares(found: Sequence[Supply], taken: dict[int, Fraction], *, full: bool) -> list[Spare]:
    keys = {one.key for one in found if one.standing.achievement in taken}
    spare: list[Spare] = []
    for one in found:
        place, part = one.standing.achievement, taken.get(one.standing.achievement, Fraction(0))
        if one.standing.reason is not None:
            spare.append(Spare(place, one.standing.reason, one.credits))
        elif place not in taken and one.key in keys:
            spare.append(Spare(place, "same item twice", one.credits))
        elif one.credits is not None and part < one.credits:
            spare.append(Spare(place, "over the minimum" if full else "over a cap", one.credits - part))
    return spare
