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
from datetime import date
from typing import assert_never

from pathways.articulation.agreements import CLOSING_KINDS, Agreement
from pathways.catalog.entities import Catalog
from pathways.credential import Credential, Select
from pathways.graph.conditions import implies, name_of
from pathways.graph.counting import CountingBuilder, is_wide
from pathways.graph.flags import Flag
from pathways.graph.gates import Exotic, Expansion, Ref
from pathways.requirements.rules import (
    Admitted,
    AllOf,
    AnyOf,
    Approved,
    AtLeast,
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

#: Types that only an authority or school grants: without component rows their requirements are simply not in the catalog.
GRANTED_TYPES = frozenset({"endorsement", "degree", "license", "certification", "program"})


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


class _Builder(CountingBuilder):
    def __init__(self, catalog: Catalog, on: date) -> None:
        super().__init__(catalog, on)
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

    def _rule(self, rule: Requirement) -> Ref:
        match rule:
            case Held():
                return self._held(rule)
            case AllOf() | OpenAll():
                return self._all(self._rules(rule.children), Flag.OPEN_ALL if isinstance(rule, OpenAll) else 0)
            case AnyOf() | OpenAny():
                return self._any(self._rules(rule.children), Flag.OPEN_ANY if isinstance(rule, OpenAny) else 0)
            case AtLeast():
                trees = [child for child in rule.children if not isinstance(child, Select) and not is_wide(child)]
                return self._at_least(rule, self._rules(trees))
            case CreditsFrom():
                return self._credits(rule)
            case Conflict():
                return self._all(self._rules((rule.first, rule.second)), Flag.CONFLICT)
            case NoneOf():
                return self._exotic(Exotic(forbids=True), (self._rule(rule.child),), needed=())
            case Groups():
                parts = tuple(self._rules(rule.children))
                return self._exotic(Exotic(names=rule.names, shares=rule.shares), parts, needed=parts)
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
