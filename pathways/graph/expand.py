"""From a catalog to nodes and thresholds: what each credential can be earned from, one gate for each rule.

Atoms are what a learner can come to hold, one step each: a credential, one area's version of it, a further item under a generic id,
a condition, or "a course outside this catalog". Gates are thresholds over atoms and other gates and cost nothing.

Where the array form must simplify it never forbids what is allowed, so its least number of steps stays a lower bound, and it sets a
flag: ``none`` is taken as true, caps and exclusive groups are left out, an open menu has its listed options only. One choice is the
other way: items without published credits are never assumed to be large. Where the published credits cannot reach a minimum, every
item that can still be earned is counted as needed (flag ``credits_unknown``), so unpublished figures earn no advantage.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from math import ceil, lcm
from typing import assert_never

from pathways.articulation.agreements import CLOSING_KINDS, Agreement
from pathways.catalog.entities import Catalog
from pathways.credential import Credential, Select
from pathways.graph.conditions import implies, name_of
from pathways.graph.credit_weights import credits_toward, shared_unit
from pathways.graph.flags import Flag
from pathways.requirements.rules import (
    Admitted,
    AllOf,
    AnyOf,
    Approved,
    AtLeast,
    AtMostCredits,
    Condition,
    Conflict,
    CreditsFrom,
    Degree,
    Employed,
    Exam,
    Experience,
    Groups,
    Held,
    License,
    Manual,
    Member,
    NoneOf,
    OpenAll,
    OpenAny,
    Requirement,
    walk,
)  # fmt: skip
from pathways.units import show, unit_words

#: Types that only an authority or school grants: without component rows their requirements are simply not in the catalog.
GRANTED_TYPES = frozenset({"endorsement", "degree", "license", "certification", "program"})
MAX_COPIES = 120


@dataclass(frozen=True, slots=True)
class Ref:
    """A node under construction: an atom by number, or a gate."""

    gate: bool
    number: int


@dataclass(frozen=True, slots=True)
class Option:
    """One way to earn a credential: its own rules (no agreement id), or an agreement."""

    node: int
    agreement_id: str | None = None


@dataclass(frozen=True, slots=True)
class OpenItem:
    """What courses outside the catalog may fill.

    ``nodes`` are filled one by matching item each where ``credits`` is None; else ``gate`` holds once so many credits match.
    """

    selections: tuple[Select, ...]
    nodes: tuple[int, ...]
    gate: int = -1
    credits: Fraction | None = None
    unit: str = "semester"


@dataclass
class Expansion:
    """Nodes and gates as plain lists, while they are being made."""

    names: list[str] = field(default_factory=list)
    below: list[Ref | None] = field(default_factory=list)
    earnable: list[bool] = field(default_factory=list)
    atom_flags: list[int] = field(default_factory=list)
    gates: list[tuple[int, tuple[tuple[Ref, int], ...], int]] = field(default_factory=list)
    area_nodes: dict[tuple[str, str], int] = field(default_factory=dict)
    copy_nodes: dict[str, list[int]] = field(default_factory=dict)
    condition_nodes: dict[Condition, int] = field(default_factory=dict)
    open_items: list[tuple[tuple[Select, ...], tuple[int, ...], Ref | None, Fraction | None, str]] = field(default_factory=list)
    options: dict[int, list[tuple[Ref, str | None]]] = field(default_factory=dict)
    rules: dict[int, CreditsFrom] = field(default_factory=dict)
    exotic: dict[int, Requirement] = field(default_factory=dict)
    at_least_as: dict[int, int] = field(default_factory=dict)


def expand(catalog: Catalog, on: date) -> Expansion:
    """All nodes of a catalog as of one day.

    Agreements whose window is past, and credentials retired or no longer offered, give no way to earn anything new.
    """
    return _Builder(catalog, on).build()


def is_offered(item: Credential, on: date) -> bool:
    """Whether a credential can still be newly earned on a day."""
    ended = item.retired_on is not None and item.retired_on <= on
    closed = item.offer_until is not None and item.offer_until < on
    return item.status != "retired" and not ended and not closed


class _Builder:
    def __init__(self, catalog: Catalog, on: date) -> None:
        self.catalog, self.on, self.out = catalog, on, Expansion()
        self._gate_of: dict[tuple[object, ...], Ref] = {}
        self._members: dict[str, list[str]] = {}
        for item in catalog.credentials:
            for generic in catalog.generics_of(item):
                self._members.setdefault(generic, []).append(item)
        self._areas: dict[str, list[int]] = {}
        self._implied: dict[Condition, list[Condition]] = {}

    def build(self) -> Expansion:
        """Credentials first, in catalog order; then every other atom as rules name it."""
        rules = [row.rule for row in self.catalog.requirements if row.kind != "precedes"]
        for number, item in enumerate(self.catalog.credentials.values()):
            flag = self._unlisted(item)
            self._atom(item.id, earnable=is_offered(item, self.on), flags=flag)
            if item.generic:
                self.out.copy_nodes[item.id] = [number]
        self._index = {name: number for number, name in enumerate(self.out.names)}
        self._name_conditions_and_areas(rules)
        for item in tuple(self.catalog.credentials.values()):
            self._earn(item)
        self._connect_versions()
        return self.out

    def _unlisted(self, item: Credential) -> int:
        bare = not self.catalog.has_requirements(item.id) and item.type in GRANTED_TYPES
        return int(Flag.UNLISTED_REQUIREMENTS) if bare else 0

    def _name_conditions_and_areas(self, rules: Sequence[Requirement]) -> None:
        nodes = [node for rule in rules for node in walk(rule)]
        conditions = dict.fromkeys(node for node in nodes if isinstance(node, Condition))
        self._implied = {one: [other for other in conditions if implies(one, other)] for one in conditions}
        for condition in sorted(conditions, key=lambda one: len(self._implied[one])):  # weaker ones first, so ties prefer them
            self.out.condition_nodes[condition] = self._atom(name_of(condition))
        for node in nodes:
            if isinstance(node, Held) and node.area is not None and node.id in self._index:
                key = (node.id, node.area)
                if key not in self.out.area_nodes:
                    offered = self.out.earnable[self._index[node.id]]
                    self.out.area_nodes[key] = self._atom(f"{node.id} [{node.area}]", earnable=offered)
                    self._areas.setdefault(node.id, []).append(self.out.area_nodes[key])

    def _atom(self, name: str, *, earnable: bool = True, flags: int = 0) -> int:
        self.out.names.append(name)
        self.out.below.append(None)
        self.out.earnable.append(earnable)
        self.out.atom_flags.append(flags)
        return len(self.out.names) - 1

    def _earn(self, item: Credential) -> None:
        """Its own rules, or any agreement that posts it. Corequisites count in cost, in no order."""
        number = self._index[item.id]
        if not self.out.earnable[number]:
            return
        rows = [row.rule for row in self.catalog.rows_by_credential.get(item.id, ()) if row.kind != "precedes"]
        options: list[tuple[Ref, str | None]] = [(self._all([self._rule(rule) for rule in rows]), None)]
        options.extend(
            (self._all([self._held(Held(part)) for part in agreement.from_ids]), agreement.id)
            for agreement in self.catalog.agreements_to.get(item.id, ())
            if agreement.mode == "alternative" and agreement.kind in CLOSING_KINDS and not self._past(agreement)
        )
        self.out.options[number] = options
        self.out.below[number] = self._any([ref for ref, _ in options])

    def _past(self, agreement: Agreement) -> bool:
        return agreement.effective_until is not None and agreement.effective_until < self.on

    def _connect_versions(self) -> None:
        """Areas and further copies are earned from what the item itself is earned from."""
        for (item, _), number in self.out.area_nodes.items():
            self.out.below[number] = self.out.below[self._index[item]]
        for item, numbers in self.out.copy_nodes.items():
            for number in numbers[1:]:
                self.out.below[number] = self.out.below[self._index[item]]

    # Gates

    def _gate(self, need: int, children: Iterable[tuple[Ref, int]], flags: int = 0) -> Ref:
        """A threshold; equal ones are one node, and a single child without flags is the child itself."""
        weights: dict[Ref, int] = {}
        for ref, weight in children:
            weights[ref] = weights.get(ref, 0) + weight
        useful = tuple((ref, min(weight, need)) for ref, weight in weights.items() if weight > 0)
        if not flags and len(useful) == 1 and useful[0][1] >= need > 0:
            return useful[0][0]
        key = (max(need, 0), frozenset(useful), flags)
        if key not in self._gate_of:
            self._gate_of[key] = Ref(True, len(self.out.gates))
            self.out.gates.append((max(need, 0), useful if need > 0 else (), flags))
        return self._gate_of[key]

    def _is_always(self, ref: Ref) -> bool:
        return ref.gate and self.out.gates[ref.number][0] == 0 and not self.out.gates[ref.number][2]

    def _all(self, children: Sequence[Ref], flags: int = 0) -> Ref:
        distinct = [ref for ref in dict.fromkeys(children) if not self._is_always(ref)]
        return self._gate(len(distinct), [(ref, 1) for ref in distinct], flags)

    def _any(self, children: Sequence[Ref], flags: int = 0) -> Ref:
        distinct = list(dict.fromkeys(children))
        always = next((ref for ref in distinct if self._is_always(ref)), None)
        if always is not None and not flags:
            return always
        return self._gate(1, [(ref, 1) for ref in distinct], flags)

    def _rule(self, rule: Requirement) -> Ref:
        match rule:
            case Held():
                return self._held(rule)
            case AllOf() | OpenAll():
                return self._all(self._rules(rule.children), Flag.OPEN_ALL if isinstance(rule, OpenAll) else 0)
            case AnyOf() | OpenAny():
                return self._any(self._rules(rule.children), Flag.OPEN_ANY if isinstance(rule, OpenAny) else 0)
            case AtLeast():
                return self._at_least(rule)
            case CreditsFrom():
                return self._credits(rule)
            case Conflict():
                return self._all(self._rules((rule.first, rule.second)), Flag.CONFLICT)
            case NoneOf():
                return self._exotic(rule, ())
            case Groups():
                return self._exotic(rule, self._rules(rule.children))
            case License() | Degree() | Exam() | Experience() | Employed() | Member() | Approved() | Admitted() | Manual():
                return self._condition(rule)
        assert_never(rule)

    def _condition(self, rule: Condition) -> Ref:
        """The condition, or one that makes it true."""
        nodes = self.out.condition_nodes
        ref = self._any([Ref(False, number) for other, number in nodes.items() if rule in self._implied[other]])
        if ref.gate:
            self.out.at_least_as[ref.number] = nodes[rule]
        return ref

    def _rules(self, children: Iterable[Requirement]) -> list[Ref]:
        return [self._rule(child) for child in children]

    def _exotic(self, rule: Requirement, children: Sequence[Ref]) -> Ref:
        """A gate of its own, so that the exact solver can find the rule again."""
        ref = Ref(True, len(self.out.gates))
        distinct = tuple((child, 1) for child in dict.fromkeys(children) if not self._is_always(child))
        self.out.gates.append((len(distinct), distinct, int(Flag.EXACT_NEEDED)))
        self.out.exotic[ref.number] = rule
        return ref

    def _held(self, rule: Held) -> Ref:
        """One credential; any area's version, and any item that a generic id stands for, is that credential too."""
        if rule.area is not None and (rule.id, rule.area) in self.out.area_nodes:
            return Ref(False, self.out.area_nodes[rule.id, rule.area])
        return self._any([Ref(False, number) for number in self._versions(rule.id)])

    def _versions(self, item: str) -> list[int]:
        if item not in self._index:
            return []
        members = [self._index[member] for member in self._members.get(item, ())]
        return [self._index[item], *self._areas.get(item, ()), *members]

    def _copies(self, item: str, count: int) -> list[int]:
        """The first ``count`` items under a generic id, made as needed."""
        numbers = self.out.copy_nodes[item]
        while len(numbers) < min(count, MAX_COPIES):
            name = f"{item}#{len(numbers) + 1}"
            numbers.append(self._atom(name, earnable=self.out.earnable[numbers[0]]))
        return numbers[:count]

    def _listed(self, children: Iterable[object]) -> tuple[list[str], list[Select]]:
        """Ids of children, selections expanded, first mention first; and the selections."""
        ids: dict[str, None] = {}
        selections: list[Select] = []
        for child in children:
            match child:
                case Held():
                    ids.setdefault(child.id)
                case Select():
                    selections.append(child)
                    ids.update(dict.fromkeys(self.catalog.select(child)))
                case AtMostCredits():
                    inner, more = self._listed(child.children)
                    ids.update(dict.fromkeys(inner))
                    selections += more
        return list(ids), selections

    def _at_least(self, rule: AtLeast) -> Ref:
        plain = [child for child in rule.children if not isinstance(child, Held | Select) or _narrow(child)]
        ids, selections = self._listed(child for child in rule.children if child not in plain)
        refs: dict[Ref, None] = {}
        for item in ids:
            if not rule.distinct or item not in self.out.copy_nodes:
                refs.setdefault(self._held(Held(item)) if not rule.distinct else Ref(False, self._index.get(item, -1)))
                continue
            refs.update(dict.fromkeys(Ref(False, number) for number in self._copies(item, rule.n)))
            refs.update(dict.fromkeys(Ref(False, self._index[member]) for member in self._members.get(item, ())))
        found = [ref for ref in refs if ref.gate or ref.number >= 0]
        children = [(ref, 1) for ref in (*found, *(self._rule(child) for child in plain if not isinstance(child, Select)))]
        wide = tuple(selection for selection in selections if selection.open)
        flags = Flag.OPEN_SELECTION if wide else 0
        if wide:
            offered = sum(ref.gate or self.out.earnable[ref.number] for ref, _ in children)
            own = tuple(self._own(wide, f"#{number + 1}") for number in range(max(0, rule.n - offered)))
            children += [(Ref(False, number), 1) for number in own]
            self.out.open_items.append((wide, own, None, None, ""))
        return self._gate(rule.n, children, flags)

    def _own(self, selections: Sequence[Select], mark: str = "") -> int:
        return self._atom(f"{' or '.join(map(_words, selections))}, outside this catalog{mark and ' ' + mark}")

    # Credits

    def _credits(self, rule: CreditsFrom) -> Ref:
        ids, selections = self._listed(rule.children)
        items = [item for item in ids if item in self._index]
        unit = rule.unit or shared_unit([self.catalog.credentials[item] for item in items])
        known, unknown = self._weigh(items, rule, unit)
        wide = tuple(selection for selection in selections if selection.open)
        flags = (Flag.OPEN_SELECTION if wide else 0) | (Flag.CREDITS_UNKNOWN if unknown else 0)
        capped = any(isinstance(child, AtMostCredits) for child in rule.children)
        reachable = sum((value for number, value in known if self.out.earnable[number]), Fraction(0))
        own: tuple[int, ...] = ()
        if reachable < rule.min_credits and wide:
            own = (self._own(wide, f"({show(rule.min_credits)} {unit_words(unit, rule.min_credits)} in all)"),)
        if reachable >= rule.min_credits or not (own or unknown):
            scale = lcm(rule.min_credits.denominator, *(value.denominator for _, value in known))
            need, weights = int(rule.min_credits * scale), [(Ref(False, number), int(value * scale)) for number, value in known]
        else:
            numbers = dict.fromkeys((*(number for number, _ in known), *unknown, *own))
            need, weights = sum(self.out.earnable[number] for number in numbers), [(Ref(False, number), 1) for number in numbers]
            flags |= Flag.CREDITS_UNKNOWN
        if not capped and not flags:
            return self._gate(need, weights)
        ref = Ref(True, len(self.out.gates))
        flags |= Flag.EXACT_NEEDED if capped else 0
        self.out.gates.append((need, tuple((child, min(weight, need)) for child, weight in weights), int(flags)))
        self.out.rules[ref.number] = rule
        if capped:
            self.out.exotic[ref.number] = rule
        if wide:
            self.out.open_items.append((wide, (), ref, rule.min_credits, unit))
        return ref

    def _weigh(self, items: Sequence[str], rule: CreditsFrom, unit: str) -> tuple[list[tuple[int, Fraction]], list[int]]:
        """Nodes with their credits in the rule's unit, and nodes whose credits or level no page states."""
        known: dict[int, Fraction] = {}
        unknown: dict[int, None] = {}
        for item in items:
            value = credits_toward(self.catalog.credentials[item], rule, unit)
            if value is not None and value <= 0:
                continue
            for number in self._supply(item, value, rule.min_credits):
                if value is None:
                    unknown.setdefault(number)
                else:
                    known.setdefault(number, value)
        return list(known.items()), [number for number in unknown if number not in known]

    def _supply(self, item: str, value: Fraction | None, wanted: Fraction) -> list[int]:
        if item not in self.out.copy_nodes:
            return [self._index[item]]
        copies = self._copies(item, ceil(wanted / value) if value else 1)
        return [*copies, *(self._index[member] for member in self._members.get(item, ()))]


def _narrow(child: Held | Select) -> bool:
    return isinstance(child, Held) and child.area is not None


def _words(selection: Select) -> str:
    parts = (selection.subject, selection.type or "item", f"from {selection.issuer}" if selection.issuer else None)
    return " ".join(part for part in parts if part)
