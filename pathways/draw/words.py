"""A picture in words: for each step what it needs and what it leads to. The full equivalent of the drawing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pathways.draw.picture import ArrowKind, Column, Node, Picture

#: Added to a name where the arrow is not a plain "needed before".
KIND_NOTES: dict[ArrowKind, str] = {"needs": "", "with": " (before or at the same time)", "counts": " (counts toward)"}


@dataclass(frozen=True, slots=True)
class Step:
    """One step with the labels of what it needs and leads to, each with a note on how."""

    node: Node
    column: Column
    needs: tuple[str, ...]
    leads_to: tuple[str, ...]


def steps(picture: Picture) -> tuple[Step, ...]:
    """Every step of a picture, by column, then in the order of the picture."""
    labels = {node.id: node.label for node in picture.nodes}
    needs: dict[str, list[str]] = {node.id: [] for node in picture.nodes}
    leads_to: dict[str, list[str]] = {node.id: [] for node in picture.nodes}
    for arrow in picture.arrows:
        note = KIND_NOTES[arrow.kind]
        needs[arrow.end].append(labels[arrow.start] + (" (counts toward it)" if arrow.kind == "counts" else note))
        leads_to[arrow.start].append(labels[arrow.end] + note)
    return tuple(
        Step(node, picture.columns[node.column], tuple(needs[node.id]), tuple(leads_to[node.id]))
        for node in sorted(picture.nodes, key=lambda node: node.column)
    )


def by_column(picture: Picture) -> Iterable[tuple[Column, tuple[Step, ...]]]:
    """Columns that hold steps, with their steps."""
    found = steps(picture)
    for index, column in enumerate(picture.columns):
        mine = tuple(step for step in found if step.node.column == index)
        if mine:
            yield column, mine
