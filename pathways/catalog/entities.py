"""A catalog: credentials, requirement rows, agreements, policies and outcome findings, read-only after loading."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from pathways.articulation.agreements import Agreement
from pathways.articulation.policies import Policy
from pathways.credential import Credential, Select, Source, matches
from pathways.requirements.rules import AllOf, Requirement, held_ids, walk

RequirementKind = Literal["component", "prerequisite", "corequisite", "precedes"]


@dataclass(frozen=True, slots=True)
class RequirementRow:
    """One requirement of one credential, of one kind. Rows of one credential and kind are joined by AND."""

    credential_id: str
    kind: RequirementKind
    rule: Requirement
    source: Source
    id: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding of outcome evidence, about a credential id or ``topic:...``. Counts of users show reach, not effect."""

    credential_id: str
    finding: str
    measure: str
    value: str
    population: str
    study_type: str
    year: str
    direction: Literal["positive", "null", "negative", "mixed"]
    source: Source
    shows_effect: bool


@dataclass(frozen=True, slots=True)
class Topic:
    """Which credentials findings about a whole approach (``topic:...``) speak of: those of a type, or named with one of the words.

    Where both are given, both must fit.
    """

    name: str
    types: tuple[str, ...]
    words: tuple[str, ...]

    def covers(self, item: Credential) -> bool:
        """Whether one credential belongs to the approach."""
        text = f"{item.name} {item.subject}".casefold()
        by_word = not self.words or any(word in text for word in self.words)
        return (bool(self.types) or bool(self.words)) and by_word and (not self.types or item.type in self.types)


@dataclass(frozen=True)
class Catalog:
    """A whole catalog, read-only. ``version`` is the first 12 hex digits of the sha256 over its files."""

    credentials: dict[str, Credential]
    requirements: tuple[RequirementRow, ...]
    agreements: tuple[Agreement, ...]
    policies: tuple[Policy, ...]
    findings: tuple[Finding, ...]
    version: str
    topics: tuple[Topic, ...] = ()

    @cached_property
    def rows_by_credential(self) -> dict[str, tuple[RequirementRow, ...]]:
        """Requirement rows of each credential, in file order."""
        rows: dict[str, list[RequirementRow]] = {}
        for row in self.requirements:
            rows.setdefault(row.credential_id, []).append(row)
        return {key: tuple(value) for key, value in rows.items()}

    @cached_property
    def agreements_from(self) -> dict[str, tuple[Agreement, ...]]:
        """Agreements each id takes part in as something earned."""
        found: dict[str, list[Agreement]] = {}
        for agreement in self.agreements:
            for item in agreement.from_ids:
                found.setdefault(item, []).append(agreement)
        return {key: tuple(value) for key, value in found.items()}

    @cached_property
    def agreements_to(self) -> dict[str, tuple[Agreement, ...]]:
        """Agreements whose target is each id."""
        found: dict[str, list[Agreement]] = {}
        for agreement in self.agreements:
            if agreement.to_id is not None:
                found.setdefault(agreement.to_id, []).append(agreement)
        return {key: tuple(value) for key, value in found.items()}

    @cached_property
    def parts(self) -> dict[str, frozenset[str]]:
        """Ids that the component rows of each composed credential name, one by one or by a selection."""
        found: dict[str, set[str]] = {}
        for row in self.requirements:
            if row.kind == "component":
                found.setdefault(row.credential_id, set()).update(self.named_ids(row.rule))
        return {key: frozenset(value) for key, value in found.items()}

    @cached_property
    def named_by(self) -> dict[str, tuple[str, ...]]:
        """Credentials whose requirement rows, of any kind, name each id."""
        found: dict[str, dict[str, None]] = {}
        for row in self.requirements:
            for item in self.named_ids(row.rule):
                found.setdefault(item, {})[row.credential_id] = None
        return {key: tuple(value) for key, value in found.items()}

    def named_ids(self, rule: Requirement) -> tuple[str, ...]:
        """Ids a rule names: those written out, then the members of its selections, each once."""
        chosen = (item for node in walk(rule) if isinstance(node, Select) for item in self.select(node))
        return tuple(dict.fromkeys((*held_ids(rule), *chosen)))

    @cached_property
    def _selections(self) -> dict[Select, tuple[str, ...]]:
        return {}

    def select(self, selection: Select) -> tuple[str, ...]:
        """Ids of the catalog items a selection means, in catalog order."""
        cache = self._selections
        if selection not in cache:
            cache[selection] = tuple(item.id for item in self.credentials.values() if matches(selection, item))
        return cache[selection]

    def item(self, credential_id: str) -> Credential | None:
        """One credential, or None where the id is not defined."""
        return self.credentials.get(credential_id)

    @cached_property
    def _generics(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for generic in self.credentials.values():
            for member in self.select(generic.stands_for) if generic.stands_for else ():
                if member != generic.id:
                    found.setdefault(member, []).append(generic.id)
        return {key: tuple(value) for key, value in found.items()}

    def generics_of(self, credential_id: str) -> tuple[str, ...]:
        """Generic ids that stand for a cataloged item among others."""
        return self._generics.get(credential_id, ())

    def requires(self, credential_id: str) -> Requirement:
        """What must be so before one may start: prerequisite rows joined by AND; empty where there are none."""
        return self._joined(credential_id, "prerequisite")

    def composed_of(self, credential_id: str) -> Requirement:
        """The awarder's own list of what completes it: component rows joined by AND; empty where there are none."""
        return self._joined(credential_id, "component")

    def has_requirements(self, credential_id: str) -> bool:
        """Whether any component row is known. Without one nobody can be called ready or done."""
        return any(row.kind == "component" for row in self.rows_by_credential.get(credential_id, ()))

    def _joined(self, credential_id: str, kind: RequirementKind) -> Requirement:
        rules = tuple(row.rule for row in self.rows_by_credential.get(credential_id, ()) if row.kind == kind)
        return rules[0] if len(rules) == 1 else AllOf(rules)
