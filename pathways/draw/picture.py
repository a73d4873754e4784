"""What a picture shows: columns, steps with a status, and arrows from what is needed to what needs it. No geometry in here.

A picture is a neutral value: plans, recommendations and catalogs are turned into one elsewhere (:mod:`pathways.draw.plans`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal, get_args

from pathways.errors import PathwaysError

Status = Literal["earned", "next", "planned", "target", "blocked"]
#: ``needs``: done before; ``with``: done before or at the same time; ``counts``: counts toward the end of the arrow.
ArrowKind = Literal["needs", "with", "counts"]
STATUSES: tuple[Status, ...] = get_args(Status)
ARROW_KINDS: tuple[ArrowKind, ...] = get_args(ArrowKind)
#: The word that stands on a card beside the mark of its status.
STATUS_WORDS: Mapping[Status, str] = {
    "earned": "Earned",
    "next": "Next",
    "planned": "Planned",
    "target": "Target",
    "blocked": "Blocked",
}
#: Above so many steps a drawing no longer helps: show a table, and draw what is near one step.
MOST_STEPS = 60
#: A neighborhood is drawn to look at one step, so it holds fewer.
NEAR_STEPS = 24


class PictureError(PathwaysError):
    """A picture that does not fit together: an arrow to a step that is not there, a step named twice."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: a term as a rule. ``subtitle`` such as ``4 credits``."""

    name: str
    subtitle: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """One step.

    Parameters
    ----------
    id, label : str
        The label is what a reader sees and what the link is called.
    column : int
        Index into the columns of the picture.
    detail : tuple of str
        Short lines under the label.
    href : str or None
        Where the step is described.
    """

    id: str
    label: str
    column: int
    status: Status
    detail: tuple[str, ...] = ()
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Arrow:
    """From what is needed (``start``) to what needs it (``end``), both ids of steps."""

    start: str
    end: str
    kind: ArrowKind = "needs"


@dataclass(frozen=True, slots=True)
class Picture:
    """Columns in order, steps in the order they should be read where arrows leave a choice, and arrows.

    Raises
    ------
    PictureError
        If ids repeat, an arrow has an unknown end, points at its own start or repeats, or a column or status does not exist.
    """

    title: str
    columns: tuple[Column, ...]
    nodes: tuple[Node, ...]
    arrows: tuple[Arrow, ...] = ()
    footer: str = ""

    def __post_init__(self) -> None:
        """Refuse what could not be drawn."""
        _check_nodes(self)
        _check_arrows(self)

    def _repr_svg_(self) -> str:
        """The drawing, for notebooks."""
        from pathways.draw.svg import svg  # a value that draws itself needs its own painter: the one cycle in this package

        return svg(self)

    def _repr_html_(self) -> str:
        """The drawing and the list that says the same, for notebooks."""
        from pathways.draw.page import fragment  # as above

        return fragment(self)


def _check_nodes(picture: Picture) -> None:
    """Each step once, in a column that exists, with a known status."""
    twice = [name for name, count in Counter(node.id for node in picture.nodes).items() if count > 1]
    if twice:
        text = f"step {twice[0]!r} stands in the picture twice"
        raise PictureError(text)
    for node in picture.nodes:
        if not 0 <= node.column < len(picture.columns):
            text = f"step {node.id!r} stands in column {node.column}; expected 0 to {len(picture.columns) - 1}"
            raise PictureError(text)
        if node.status not in STATUSES:
            text = f"step {node.id!r} has the status {node.status!r}; expected one of {', '.join(STATUSES)}"
            raise PictureError(text)


def _check_arrows(picture: Picture) -> None:
    """Each arrow once, between two different steps of the picture."""
    ids = {node.id for node in picture.nodes}
    seen: set[tuple[str, str]] = set()
    for arrow in picture.arrows:
        name = f"arrow {arrow.start!r} to {arrow.end!r}"
        missing = [end for end in (arrow.start, arrow.end) if end not in ids]
        if missing:
            text = f"{name}: no step is called {missing[0]!r}"
            raise PictureError(text)
        if arrow.start == arrow.end:
            text = f"{name}: a step cannot lead to itself"
            raise PictureError(text)
        if (arrow.start, arrow.end) in seen:
            text = f"{name} stands in the picture twice"
            raise PictureError(text)
        if arrow.kind not in ARROW_KINDS:
            text = f"{name} has the kind {arrow.kind!r}; expected one of {', '.join(ARROW_KINDS)}"
            raise PictureError(text)
        seen.add((arrow.start, arrow.end))


def table_needed(picture: Picture) -> bool:
    """Whether the picture has more steps than a drawing can show; then show a table and draw a neighborhood."""
    return len(picture.nodes) > MOST_STEPS


def steps_in_words(count: int) -> str:
    """``1 step``, ``7 steps``.

    Examples
    --------
    >>> steps_in_words(1), steps_in_words(7)
    ('1 step', '7 steps')
    """
    return f"{count} step" if count == 1 else f"{count} steps"


def neighborhood(picture: Picture, around: str | None = None, *, most: int = NEAR_STEPS) -> Picture:
    """The steps nearest to one step, along arrows in both directions, with their columns.

    Parameters
    ----------
    picture : Picture
    around : str, optional
        Id of the step; without one, the last target, else the last step.
    most : int
        At most so many steps; nearer ones first, ties in the order of the picture.

    Returns
    -------
    Picture
        Its footer says how many steps are drawn, of how many.

    Raises
    ------
    PictureError
        If no step has that id.
    """
    if not picture.nodes:
        return picture
    chosen = around if around is not None else _usual_center(picture)
    by_id = {node.id: node for node in picture.nodes}
    if chosen not in by_id:
        text = f"no step is called {chosen!r}"
        raise PictureError(text)
    kept = set(_nearest(picture, chosen, most))
    used = sorted({by_id[name].column for name in kept})
    place = {column: position for position, column in enumerate(used)}
    note = f"Near “{by_id[chosen].label}”: {len(kept)} of {steps_in_words(len(picture.nodes))}."
    return Picture(
        title=picture.title,
        columns=tuple(picture.columns[column] for column in used),
        nodes=tuple(replace(node, column=place[node.column]) for node in picture.nodes if node.id in kept),
        arrows=tuple(arrow for arrow in picture.arrows if arrow.start in kept and arrow.end in kept),
        footer=f"{note} {picture.footer}".strip(),
    )


def _usual_center(picture: Picture) -> str:
    """The last target, else the last step."""
    targets = [node.id for node in picture.nodes if node.status == "target"]
    return targets[-1] if targets else picture.nodes[-1].id


def _nearest(picture: Picture, chosen: str, most: int) -> Iterable[str]:
    """Ids by distance from the chosen one, at most so many."""
    beside: dict[str, list[str]] = {node.id: [] for node in picture.nodes}
    for arrow in picture.arrows:
        beside[arrow.start].append(arrow.end)
        beside[arrow.end].append(arrow.start)
    found = {chosen: None}
    ring = [chosen]
    while ring and len(found) < most:
        reached = dict.fromkeys(other for name in ring for other in beside[name] if other not in found)
        ring = list(reached)[: most - len(found)]
        found.update(dict.fromkeys(ring))
    return found
