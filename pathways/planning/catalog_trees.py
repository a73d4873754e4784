"""Catalog requirements as trees over the items of a planning problem.

Grades, areas, windows, selections, generic ids and units are resolved here, so that what is left only asks which items are done.
Open lists are read as closed ones and named in a note: nobody can plan for what no page lists.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from pathways.credential import Select
from pathways.planning.catalog_cone import USUAL_COURSE, Cone
from pathways.planning.catalog_figures import semester_credits
from pathways.planning.verify_credits import credits_of
from pathways.requirements.rules import (
    NOTHING_REQUIRED,
    AllOf,
    AnyOf,
    AtLeast,
    AtMostCredits,
    Conflict,
    CreditsFrom,
    Groups,
    Held,
    NoneOf,
    OpenAll,
    OpenAny,
    Requirement,
    held_ids,
    walk,
)
from pathways.units import convert, converts


@dataclass(frozen=True, slots=True)
class Supply:
    """One item a credit rule may count: ids of which any one is that item, and its credits (None: not published)."""

    ids: tuple[str, ...]
    credits: Fraction | None


def over_items(rule: Requirement, cone: Cone) -> Requirement:
    """A catalog rule over item ids; the items it names are added to the cone.

    Parameters
    ----------
    rule : Requirement
        As the catalog has it.
    cone : Cone
        Grows by what the rule names.

    Returns
    -------
    Requirement
        Without selections, conditions, areas, grades and windows.
    """
    match rule:
        case Held():
            others = (way for member in cone.members(rule) for way in cone.ways(member))
            return _one_of(tuple(dict.fromkeys((*cone.ways(rule), *others))))
        case AllOf():
            return AllOf(_each(rule.children, cone))
        case AnyOf():
            return AnyOf(_each(rule.children, cone))
        case OpenAll() | OpenAny():
            cone.remark(
                "{names}: not everything it asks for is published; the plan covers what is listed",
                "{count} items ask for more than is published, and the plan covers what is listed: {names}",
            )
            return AllOf(_each(rule.children, cone)) if isinstance(rule, OpenAll) else AnyOf(_each(rule.children, cone))
        case Conflict():
            return AllOf(_each((rule.first, rule.second), cone))
        case NoneOf():
            return NoneOf(_as_done(rule.child, cone))
        case Groups():
            return Groups(_each(rule.children, cone), rule.names, rule.shares)
        case AtLeast():
            return _at_least(rule, cone)
        case CreditsFrom():
            return _credits(rule, cone)
        case _:
            return cone.condition(rule)


def _each(rules: tuple[Requirement, ...], cone: Cone) -> tuple[Requirement, ...]:
    return tuple(over_items(rule, cone) for rule in rules)


def _one_of(ways: tuple[Held, ...]) -> Requirement:
    return ways[0] if len(ways) == 1 else AnyOf(ways)


def _as_done(rule: Requirement, cone: Cone) -> Requirement:
    """What must not hold: read against what is held or planned anyway, so it adds no items."""
    known = AllOf(tuple(node for node in walk(rule) if isinstance(node, Held)))
    plain = isinstance(rule, Held | AllOf | AnyOf) and not any(isinstance(node, Select) for node in walk(rule))
    if not plain or len(known.children) != sum(not isinstance(node, AllOf | AnyOf) for node in walk(rule)):
        words = "a rule that forbids something other than listed credentials is left to the audit"
        cone.remark(f"{{names}}: {words}", f"{words} in {{count}} items: {{names}}")
        return AnyOf(())
    if isinstance(rule, AllOf | AnyOf):
        return type(rule)(tuple(_as_done(child, cone) for child in rule.children))
    if not isinstance(rule, Held):
        return NOTHING_REQUIRED
    done = (Held(name) for name in cone.records_of(rule))
    return AnyOf(tuple(dict.fromkeys((*done, Held(rule.id), *(Held(member.id) for member in cone.members(rule))))))


def _at_least(rule: AtLeast, cone: Cone) -> Requirement:
    listed = set(held_ids(rule))
    ways: dict[Requirement, None] = {}
    for child in rule.children:
        if isinstance(child, Select):
            ways.update(dict.fromkeys(_selected(child, rule.n, cone, distinct=rule.distinct)))
        elif isinstance(child, Held) and rule.distinct:
            ways.update(dict.fromkeys(_copies(child, rule.n, cone, listed)))
        else:
            ways[over_items(child, cone)] = None
    return AtLeast(rule.n, tuple(ways), rule.distinct)


def _copies(child: Held, most: int, cone: Cone, listed: set[str]) -> Iterator[Requirement]:
    """A listed id as so many different items; one, unless it is generic. Then planned items it stands for are some too."""
    item = cone.catalog.item(child.id)
    for number in range(1, (most if item is not None and item.generic else 1) + 1):
        yield _one_of(cone.ways(child, number, listed - {child.id}))
    for member in cone.members(child, listed):
        yield _one_of(cone.ways(member))


def _selected(selection: Select, most: int, cone: Cone, *, distinct: bool) -> Iterator[Requirement]:
    """Members of a selection, what the learner has of it, and courses outside the catalog where it is open."""
    members = cone.catalog.select(selection)
    done = cone.records_of(selection)
    yield from (Held(name) for name in done)
    taken = {Held(name) for name in done}
    for member in members:
        for way in _copies(Held(member), most if distinct else 1, cone, {*members, *cone.stood_for(member)}):
            if way not in taken:
                yield way
    if selection.open:
        yield from (cone.outside(selection, number) for number in range(1, most + 1))


def _credits(rule: CreditsFrom, cone: Cone) -> Requirement:
    """Credits as a count where every item supplies the same; else as weights."""
    unit = rule.unit or "semester"
    if not converts(unit, "semester"):
        words = f"{unit} is no credit a plan can weigh, so every listed item is planned"
        cone.remark(f"{{names}}: {words}", f"{words} in {{count}} items: {{names}}")
        return AllOf(_each(tuple(node for node in walk(rule) if isinstance(node, Held)), cone))
    least = convert(rule.min_credits, unit, "semester")
    lists: list[tuple[Fraction | None, list[Supply]]] = [(None, [])]
    for child in rule.children:
        if isinstance(child, AtMostCredits):
            cap = convert(child.max_credits, unit, "semester")
            lists.append((cap, [one for part in child.children for one in _supplies(part, rule, cone, least)]))
        else:
            lists[0][1].extend(_supplies(child, rule, cone, least))
    everything = list({one.ids: one for _, supplies in lists for one in supplies}.values())
    known = {one.credits for one in everything if one.credits}
    if not _can_reach(least, lists):
        words = "published credits do not reach the minimum, so every listed item is planned"
        cone.remark(f"{{names}}: {words}", f"{words} in {{count}} items: {{names}}")
        return AllOf(tuple(_one_of(tuple(map(Held, one.ids))) for one in everything))
    if len(lists) == 1 and len(known) == 1:
        same = [_one_of(tuple(map(Held, one.ids))) for one in everything if one.credits]
        return AtLeast(math.ceil(least / known.pop()), tuple(dict.fromkeys(same)))
    return CreditsFrom(least, tuple(_weighed(lists, cone)))


def _can_reach(least: Fraction, lists: list[tuple[Fraction | None, list[Supply]]]) -> bool:
    """Whether all items together supply enough under the caps."""
    worth = {one.ids[0]: one.credits for _, supplies in lists for one in supplies if one.credits}
    parts: list[Held | AtMostCredits] = []
    for cap, supplies in lists:
        ids = tuple(Held(one.ids[0]) for one in supplies if one.credits)
        parts += ids if cap is None else [AtMostCredits(cap, ids)] if ids else []
    return bool(parts) and credits_of(CreditsFrom(least, tuple(parts)), frozenset(worth), worth) >= least


def _weighed(lists: list[tuple[Fraction | None, list[Supply]]], cone: Cone) -> Iterator[Held | AtMostCredits]:
    """Supplies as weighted ids under the caps of the rule; ids that are the same item count once, under a cap of their own."""
    own: dict[AtMostCredits, None] = {}
    for cap, supplies in lists:
        listed: list[Held] = []
        for one in supplies:
            ids = tuple(Held(name) for way in one.ids if one.credits for name in cone.weigh(way, one.credits))
            listed.extend(ids)
            if one.credits and len(ids) > 1:
                own[AtMostCredits(one.credits, ids)] = None
        if cap is not None and listed:
            yield AtMostCredits(cap, tuple(listed))
        elif cap is None:
            yield from listed
    yield from own


def _supplies(child: Held | Select, rule: CreditsFrom, cone: Cone, least: Fraction) -> list[Supply]:
    """What a listed id or a selection supplies: achievements of the record, and what can still be earned."""
    ids = [child.id] if isinstance(child, Held) else list(cone.catalog.select(child))
    # A selection counts what its own columns match, not what a generic id among its members stands for.
    listed = set(held_ids(rule)).union(*(cone.stood_for(name) for name in ids if isinstance(child, Select)))
    found = {name: Supply((name,), cone.items[name].load or None) for name in cone.records_of(child, listed - set(ids))}
    for credential_id in ids:
        item = cone.catalog.item(credential_id)
        if item is None or (rule.level is not None and item.level not in (None, rule.level)):
            continue
        worth = semester_credits(item.credits)
        count = math.ceil(least / worth) if item.generic and worth else 1
        for number in range(1, count + 1):
            names = tuple(way.id for way in cone.ways(Held(credential_id), number, listed - {credential_id}))
            if names and names[0] not in found:
                found[names[0]] = Supply(names, worth)
        for member in cone.members(Held(credential_id), listed):
            part = cone.catalog.credentials[member.id]
            names = tuple(way.id for way in cone.ways(member))
            if names and names[0] not in found and (rule.level is None or part.level in (None, rule.level)):
                found[names[0]] = Supply(names, semester_credits(part.credits))
    if isinstance(child, Select) and child.open:
        count = math.ceil(least / USUAL_COURSE)
        found.update({(name := cone.outside(child, number).id): Supply((name,), USUAL_COURSE) for number in range(1, count + 1)})
    return list(found.values())


def split_conditions(rule: Requirement) -> tuple[Requirement, Requirement]:
    """A prerequisite as what must be done in earlier terms, and conditions that may be confirmed in the term itself.

    Only whole parts of an AND list made of conditions alone are moved: where a condition stands beside a course, both come before.
    """
    if isinstance(rule, AllOf):
        pairs = [split_conditions(child) for child in rule.children]
        return _all(first for first, _ in pairs), _all(second for _, second in pairs)
    ids = held_ids(rule)
    if ids and all(name.startswith("condition:") for name in ids):
        return NOTHING_REQUIRED, rule
    return rule, NOTHING_REQUIRED


def _all(rules: Iterator[Requirement]) -> Requirement:
    some = tuple(rule for rule in rules if rule != NOTHING_REQUIRED)
    return some[0] if len(some) == 1 else AllOf(some)


def all_of(*rules: Requirement) -> Requirement:
    """Rules joined by AND, without empty ones."""
    return _all(iter(rules))
