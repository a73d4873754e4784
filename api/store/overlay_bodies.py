"""What lies on a catalog as JSON text and back, exactly: rules in the requirement language, amounts as fractions, days as days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache

from pydantic import BaseModel, ConfigDict, TypeAdapter

from pathways.articulation.agreements import Agreement
from pathways.catalog.entities import RequirementKind, RequirementRow
from pathways.catalog.formats.imported import Competency, Imported, Link
from pathways.catalog.overlay import Approved, Import, LocalRule
from pathways.credential import Credential, Source
from pathways.places import Place
from pathways.requirements.parse import parse
from pathways.requirements.render import render

PART = 500
"""Credentials, rows and so on in one kept text."""


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Row(_Body):
    credential_id: str
    kind: RequirementKind
    rule: str
    source: Source
    id: str


class _Import(_Body):
    credentials: tuple[Credential, ...]
    requirements: tuple[_Row, ...]
    agreements: tuple[Agreement, ...]
    elsewhere: tuple[str, ...]
    competencies: tuple[Competency, ...]
    links: tuple[Link, ...]


class _Rule(_Body):
    credential_id: str
    kind: RequirementKind
    rule: str
    source: Source
    place: Place
    adds: bool
    valid_from: date | None
    valid_until: date | None


@cache
def _approved() -> TypeAdapter[Approved]:
    return TypeAdapter(Approved)


def import_parts(found: Imported) -> Iterator[str]:
    """All that a file gave, as it is kept: at most :data:`PART` of each kind in one text, however many there are."""
    elsewhere = tuple(sorted(found.elsewhere))
    tables = (found.credentials, found.requirements, found.agreements, elsewhere, found.competencies, found.links)
    for start in range(0, max(map(len, tables)), PART):
        here = slice(start, start + PART)
        body = _Import(
            credentials=found.credentials[here],
            requirements=tuple(
                _Row(credential_id=row.credential_id, kind=row.kind, rule=render(row.rule), source=row.source, id=row.id)
                for row in found.requirements[here]
            ),
            agreements=found.agreements[here],
            elsewhere=elsewhere[here],
            competencies=found.competencies[here],
            links=found.links[here],
        )
        yield body.model_dump_json()


def read_import(key: str, file: str, texts: Iterable[str]) -> Import:
    """What a kept file puts on the catalog."""
    credentials: list[Credential] = []
    rows: list[RequirementRow] = []
    agreements: list[Agreement] = []
    elsewhere: list[str] = []
    for text in texts:
        body = _Import.model_validate_json(text)
        credentials += body.credentials
        rows += (RequirementRow(row.credential_id, row.kind, parse(row.rule), row.source, row.id) for row in body.requirements)
        agreements += body.agreements
        elsewhere += body.elsewhere
    return Import(key, file, tuple(credentials), tuple(rows), tuple(agreements), frozenset(elsewhere))


def rule_text(rule: LocalRule) -> str:
    """A local rule, as it is kept."""
    body = _Rule(
        credential_id=rule.credential_id,
        kind=rule.kind,
        rule=render(rule.rule),
        source=rule.source,
        place=rule.place,
        adds=rule.adds,
        valid_from=rule.valid_from,
        valid_until=rule.valid_until,
    )
    return body.model_dump_json()


def read_rule(key: str, text: str) -> LocalRule:
    """A kept local rule."""
    body = _Rule.model_validate_json(text)
    return LocalRule(
        key, body.credential_id, body.kind, parse(body.rule), body.source, body.place, body.adds, body.valid_from, body.valid_until
    )


def approved_text(entry: Approved) -> str:
    """An approved agreement, as it is kept."""
    return _approved().dump_json(entry).decode()


def read_approved(text: str) -> Approved:
    """A kept approved agreement."""
    return _approved().validate_json(text)
