"""A requirement as a condition of a pathway: every part CTDL has a term for, and the requirement text where it has none.

What is written is never stronger or weaker than the rule: read back without this project's own properties it says met or unmet only
where the rule does, and leaves to a person what CTDL cannot say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pathways.catalog.entities import Catalog
from pathways.catalog.formats.addresses import text
from pathways.catalog.formats.values import concept_of, unit_of, written
from pathways.credential import Select
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
    NoneOf,
    OpenAll,
    OpenAny,
    Requirement,
)  # fmt: skip
from pathways.units import UNITS

#: Most items a selection is written out as.
MAX_LISTED = 500
OPEN_DUTIES = "Further duties are not published."
OPEN_MENU = "Further options are not published."
NO_DOUBLE = "The same achievement may not count in two of these groups, unless the rule says so."


@dataclass(frozen=True, slots=True)
class Written:
    """A node as it is written: one listed item, or a condition."""

    item: str = ""
    condition: dict[str, Any] | None = None


class ConditionWriter:
    """Writes conditions of one pathway, and remembers the items they list.

    Parameters
    ----------
    catalog : Catalog
        Says what selections mean and which ids are generic.
    reference : callable
        Gives the address of the part that stands for an item.
    """

    def __init__(self, catalog: Catalog, reference: Any) -> None:
        self._catalog = catalog
        self._reference = reference

    def write(self, rule: Requirement) -> dict[str, Any]:
        """Write one requirement as one condition."""
        return self._condition(fold(rule, self._node))

    def _condition(self, part: Written) -> dict[str, Any]:
        return self._listed([part.item], 1) if part.condition is None else part.condition

    def _node(self, node: Node, children: tuple[Written, ...]) -> Written:
        match node:
            case Held():
                return self._held(node)
            case AllOf() | AnyOf() if len(children) == 1:
                return children[0]
            case AllOf() | OpenAll() | Groups():
                return Written(condition=self._all(node, children))
            case AnyOf() | OpenAny():
                more = [said(OPEN_MENU)] if isinstance(node, OpenAny) else []
                return Written(condition=self._any(children, more))
            case NoneOf():
                inner = {"ceterms:logicalOperator": "logic:Not", "ceterms:hasCondition": [self._condition(children[0])]}
                return Written(condition=named("None of", inner))
            case AtLeast():
                return self._at_least(node, children)
            case CreditsFrom():
                return Written(condition=self._credits(node, children))
            case Manual():
                return Written(condition=said(node.text))
            case Select() | AtMostCredits():
                return Written()  # written by the list around it
            case _:
                return Written(condition=said(render(node)))

    def _held(self, node: Held) -> Written:
        rest = Held(node.id, node.area, None, node.within)
        conditions = []
        if node.min_grade is not None:
            conditions.append({**self._listed([node.id], 1), "ceterms:hasConstraint": [_grade(node.min_grade)]})
        elif rest == Held(node.id):
            return Written(item=node.id)
        else:
            conditions.append(self._listed([node.id], 1))
        if rest != Held(node.id):
            conditions.append(said(render(rest)))
        return Written(condition=_joined("And", conditions))

    def _listed(self, ids: list[str], count: int) -> dict[str, Any]:
        targets = [self._reference(one) for one in ids]
        label = "All of" if count == len(ids) else f"{count} of"
        return named(label, {"ceterms:requiredNumber": count, "ceterms:targetComponent": targets})

    def _all(self, node: AllOf | OpenAll | Groups, children: tuple[Written, ...]) -> dict[str, Any]:
        items = list(dict.fromkeys(one.item for one in children if one.condition is None))
        conditions = [self._listed(items, len(items))] if items else []
        conditions += [one.condition for one in children if one.condition is not None]
        if isinstance(node, OpenAll):
            conditions.append(said(OPEN_DUTIES))
        if isinstance(node, Groups):
            conditions.append(said(NO_DOUBLE))
        return _joined("And", conditions) if conditions else said(render(node))

    def _any(self, children: tuple[Written, ...], more: list[dict[str, Any]]) -> dict[str, Any]:
        items = list(dict.fromkeys(one.item for one in children if one.condition is None))
        conditions = [self._listed(items, 1)] if items else []
        conditions += [one.condition for one in children if one.condition is not None]
        return _joined("Or", [*conditions, *more])

    def _at_least(self, node: AtLeast, children: tuple[Written, ...]) -> Written:
        items, conditions = self._items(node, children), [one.condition for one in children if one.condition is not None]
        if items is None or len(items) + len(conditions) < node.n or (node.distinct and conditions):
            return Written(condition=said(render(node)))
        if not conditions:
            return Written(items[0]) if len(items) == 1 else Written(condition=self._listed(items, node.n))
        gathered = [
            {"@type": "ceterms:SelectionComponent", "ceterms:name": text("A condition"), "ceterms:hasCondition": [one]}
            for one in conditions
        ]
        targets = [*(self._reference(one) for one in items), *gathered]
        return Written(condition=named(f"{node.n} of", {"ceterms:requiredNumber": node.n, "ceterms:targetComponent": targets}))

    def _items(self, node: AtLeast | CreditsFrom, children: tuple[Written, ...]) -> list[str] | None:
        """Ids a list means, where each may be counted once; None where it cannot be written as a list of items."""
        found: list[str] = []
        for child, part in zip(node.children, children, strict=True):
            if isinstance(child, Select) and not child.open:
                found += self._catalog.select(child)
            elif part.item:
                found.append(part.item)
            elif isinstance(child, Select | AtMostCredits) or isinstance(node, CreditsFrom):
                return None
        special = any(isinstance(child, Select) for child in node.children) or (isinstance(node, AtLeast) and node.distinct)
        once = len(set(found)) == len(found)
        if not once or len(found) > max(MAX_LISTED, len(node.children)) or (special and any(map(self._is_generic, found))):
            return None
        return found

    def _is_generic(self, found: str) -> bool:
        """Whether an id may stand for several differently named items, or be stood for by one that does."""
        item = self._catalog.item(found)
        return item is None or item.generic or bool(self._catalog.generics_of(found))

    def _credits(self, node: CreditsFrom, children: tuple[Written, ...]) -> dict[str, Any]:
        items = self._items(node, children)
        unit = node.unit is None or (node.unit in UNITS and unit_of(concept_of(node.unit)) == node.unit)
        if not items or node.level is not None or not unit:
            return said(render(node))
        total = {
            "@type": "ceterms:Constraint", "ceterms:leftSource": ["ceterms:creditValue"], "ceterms:leftAction": "actionArray:Sum",
            "ceterms:comparator": "compare:GTEQ", "ceterms:rightSource": [_total(node)],
        }  # fmt: skip
        limits = [total] if node.min_grade is None else [total, _grade(node.min_grade)]
        return named(
            "Credits from", {"ceterms:targetComponent": [self._reference(one) for one in items], "ceterms:hasConstraint": limits}
        )


def _total(node: CreditsFrom) -> Any:
    if node.unit is None:
        return str(written(node.min_credits))
    amount = {"schema:value": written(node.min_credits), "schema:unitText": concept_of(node.unit)}
    return {"@type": "schema:QuantitativeValue", **amount}


def _grade(grade: str) -> dict[str, Any]:
    return {
        "@type": "ceterms:Constraint", "ceterms:leftSource": ["ceterms:gradeLevel"], "ceterms:comparator": "compare:GTEQ",
        "ceterms:rightSource": [grade],
    }  # fmt: skip


def named(label: str, members: dict[str, Any]) -> dict[str, Any]:
    """A condition with a name for people."""
    return {"@type": "ceterms:ComponentCondition", "ceterms:name": text(label), **members}


def said(words: str) -> dict[str, Any]:
    """A condition only a person can confirm."""
    return named("To be confirmed", {"ceterms:description": text(words)})


def _joined(operator: str, conditions: list[dict[str, Any]]) -> dict[str, Any]:
    if len(conditions) == 1:
        return conditions[0]
    label = "All of" if operator == "And" else "One of"
    return named(label, {"ceterms:logicalOperator": f"logic:{operator}", "ceterms:hasCondition": conditions})
