"""A requirement as a condition profile: what is needed together in one profile, other ways as its alternatives.

A profile has no "two of three", so such a rule is written as its ways where they are few; else its text is left to a person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import combinations, product
from math import comb, prod
from typing import Any

from pathways.catalog.entities import Catalog
from pathways.catalog.formats.addresses import text
from pathways.catalog.formats.conditions_out import NO_DOUBLE, OPEN_DUTIES, OPEN_MENU
from pathways.catalog.formats.profiles import ANY_COURSE
from pathways.catalog.formats.values import concept_of, unit_of, written
from pathways.credential import CredentialType, Select
from pathways.requirements.fold import fold
from pathways.requirements.render import render
from pathways.requirements.rules import (
    AllOf,
    AnyOf,
    AtLeast,
    AtMostCredits,
    CreditsFrom,
    Groups,
    Held,
    Manual,
    Node,
    OpenAll,
    OpenAny,
    Requirement,
)  # fmt: skip

#: Most alternatives a profile is written with.
MAX_WAYS = 24
_COURSES: frozenset[CredentialType] = frozenset({"course", "program"})


@dataclass(frozen=True, slots=True)
class Way:
    """One way to meet a rule: items to hold, credits from anywhere, words for a person."""

    items: tuple[str, ...] = ()
    credits: tuple[CreditsFrom, ...] = ()
    words: tuple[str, ...] = ()


def write_profile(rule: Requirement, catalog: Catalog, reference: Callable[[str], str]) -> dict[str, Any]:
    """Write one requirement as one condition profile.

    Parameters
    ----------
    rule : Requirement
        The rule.
    catalog : Catalog
        Says what type an item is.
    reference : callable
        Gives the address of an item.

    Returns
    -------
    dict
        The profile, with an alternative for each further way.
    """
    first, *others = [_profile(way, catalog, reference) for way in fold(rule, _ways)]
    return {**first, "ceterms:alternativeCondition": others} if others else first


def _profile(way: Way, catalog: Catalog, reference: Callable[[str], str]) -> dict[str, Any]:
    targets: dict[str, list[str]] = {}
    for one in dict.fromkeys(way.items):
        item = catalog.item(one)
        kind = "LearningOpportunity" if item and item.type in _COURSES else "Credential"
        kind = "Assessment" if item and item.type == "checkpoint" else kind
        targets.setdefault(f"ceterms:target{kind}", []).append(reference(one))
    found: dict[str, Any] = {"@type": "ceterms:ConditionProfile", "ceterms:description": text("Requirement"), **targets}
    words = list(way.words)
    amounts = list(dict.fromkeys(way.credits))
    # Beside listed courses an amount would mean credits from those; several amounts would mean the same in other units.
    if amounts and ("ceterms:targetLearningOpportunity" in targets or len(amounts) > 1):
        words += [render(one) for one in amounts]
    elif amounts:
        found["ceterms:creditValue"] = [_amount(amounts[0])]
    if words:
        found["ceterms:condition"] = {"en-US": list(dict.fromkeys(words))}
    return found


def _amount(rule: CreditsFrom) -> dict[str, Any]:
    unit = concept_of(rule.unit or "")
    return {"@type": "schema:QuantitativeValue", "schema:minValue": written(rule.min_credits), "schema:unitText": unit}


def _ways(node: Node, children: tuple[tuple[Way, ...], ...]) -> tuple[Way, ...]:
    match node:
        case Held():
            rest = render(node)
            return (Way((node.id,)) if node == Held(node.id) else Way((node.id,), words=(rest,)),)
        case AllOf() if children:
            return _together(node, children)
        case OpenAll():
            return _together(node, (*children, (Way(words=(OPEN_DUTIES,)),)))
        case Groups():
            return _together(node, (*children, (Way(words=(NO_DOUBLE,)),)))
        case AnyOf() | OpenAny():
            more = (Way(words=(OPEN_MENU,)),) if isinstance(node, OpenAny) else ()
            return _few(node, (*(way for ways in children for way in ways), *more))
        case AtLeast():
            return _some(node, children)
        case CreditsFrom() if _from_anywhere(node):
            return (Way(credits=(node,)),)
        case Select() | AtMostCredits():
            return ()  # written by the list around it
        case Manual():
            return (Way(words=(node.text,)),)
        case _:
            return _said(node)


def _said(node: Node) -> tuple[Way, ...]:
    return (Way(words=(render(node),)),)


def _few(node: Node, ways: Iterable[Way]) -> tuple[Way, ...]:
    found = tuple(dict.fromkeys(ways))
    return found if len(found) <= MAX_WAYS else _said(node)


def _together(node: Node, children: tuple[tuple[Way, ...], ...]) -> tuple[Way, ...]:
    if prod(len(ways) for ways in children) > MAX_WAYS:
        return _said(node)
    return _few(node, (_sum(one) for one in product(*children)))


def _sum(ways: Iterable[Way]) -> Way:
    parts = tuple(ways)
    return Way(
        tuple(dict.fromkeys(item for way in parts for item in way.items)),
        tuple(dict.fromkeys(rule for way in parts for rule in way.credits)),
        tuple(dict.fromkeys(one for way in parts for one in way.words)),
    )


def _some(node: AtLeast, children: tuple[tuple[Way, ...], ...]) -> tuple[Way, ...]:
    ids = [child.id for child in node.children if isinstance(child, Held)]
    plain = not node.distinct and not any(isinstance(child, Select) for child in node.children) and len(set(ids)) == len(ids)
    if not plain or node.n > len(children) or comb(len(children), node.n) > MAX_WAYS:
        return _said(node)
    found: list[Way] = []
    for chosen in combinations(children, node.n):
        if prod(len(ways) for ways in chosen) > MAX_WAYS:
            return _said(node)
        found += (_sum(one) for one in product(*chosen))
    return _few(node, found)


def _from_anywhere(node: CreditsFrom) -> bool:
    if node.children != (ANY_COURSE,) or node.level is not None or node.min_grade is not None or node.unit is None:
        return False
    return unit_of(concept_of(node.unit)) == node.unit
