"""What to know of a target beside its steps: pages that disagree, both readings shown, and the usual order, which never blocks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pathways.catalog.entities import RequirementRow
from pathways.catalog.evidence import effects_on
from pathways.recommendation.answer import Fact
from pathways.requirements.describe import describe
from pathways.requirements.rules import Conflict, walk

if TYPE_CHECKING:
    from pathways.recommendation.engine import Engine


def target_notes(engine: Engine, targets: tuple[str, ...]) -> tuple[Fact, ...]:
    """Facts on the targets asked for, in row order, each with the page of its row."""
    rows = [row for target in targets for row in engine.catalog.rows_by_credential.get(target, ())]
    told = [fact for row in rows for fact in (*_disagreements(engine, row), *_order(engine, row))]
    return (*told, *(fact for target in targets for fact in _studies(engine, target)))


def _studies(engine: Engine, target: str) -> Iterator[Fact]:
    name = engine.name_of(target)
    for finding in effects_on(engine.catalog, target):
        text = f"Study of {name} ({finding.study_type}, {finding.year or 'no year'}), {finding.direction}: {finding.finding}."
        yield Fact(text, finding.source)


def _disagreements(engine: Engine, row: RequirementRow) -> Iterator[Fact]:
    for node in walk(row.rule):
        if isinstance(node, Conflict):
            first, second = (describe(part, engine.name_of) for part in (node.first, node.second))
            name = engine.name_of(row.credential_id)
            yield Fact(f"Two pages disagree about {name}, so it stays unresolved: (1) {first}; (2) {second}.", row.source)


def _order(engine: Engine, row: RequirementRow) -> Iterator[Fact]:
    if row.kind == "precedes":
        before = describe(row.rule, engine.name_of)
        yield Fact(f"Usual order, which does not block: {before} comes before {engine.name_of(row.credential_id)}.", row.source)
