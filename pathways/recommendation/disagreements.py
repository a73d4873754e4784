"""Pages that disagree about a target: both readings, side by side, with their source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pathways.recommendation.answer import Fact
from pathways.requirements.describe import describe
from pathways.requirements.rules import Conflict, walk

if TYPE_CHECKING:
    from pathways.recommendation.engine import Engine


def disagreements(engine: Engine, targets: tuple[str, ...]) -> tuple[Fact, ...]:
    """One fact for each disagreement in the requirement rows of the targets, in row order."""
    found = []
    for target in targets:
        for row in engine.catalog.rows_by_credential.get(target, ()):
            for node in walk(row.rule):
                if isinstance(node, Conflict):
                    first, second = (describe(part, engine.name_of) for part in (node.first, node.second))
                    text = f"Two pages disagree about {engine.name_of(target)}, so it stays unresolved: (1) {first}; (2) {second}."
                    found.append(Fact(text, row.source))
    return tuple(found)
