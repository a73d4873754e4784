"""What lies on a catalog as JSON text and back, exactly: rules in the requirement language, amounts as fractions, days as days."""

from __future__ import annotations

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


def import_text(found: Imported) -> str:
    """All that a file gave, as it is kept."""
    body = _Import(
        credentials=found.credentials,
        requirements=tuple(
            _Row(credential_id=row.credential_id, kind=row.kind, rule=render(row.rule), source=row.source, id=row.id)
            for row in found.requirements
        ),
        agreements=found.agreements,
        elsewhere=tuple(sorted(found.elsewhere)),
        competencies=found.competencies,
        links=found.links,
    )
    return body.model_dump_json()


def read_import(key: str, file: str, text: str) -> Import:
    """What a kept file puts on the catalog."""
    body = _Import.model_validate_json(text)
    rows = tuple(RequirementRow(row.credential_id, row.kind, parse(row.rule), row.source, row.id) for row in body.requirements)
    return Import(key, file, body.credentials, rows, body.agreements, frozenset(body.elsewhere))


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
