"""The requirement tree: a closed union of what may stand in a requirement.

Trees are immutable values without a catalog in them. Text form in :mod:`.parse`, truth in :mod:`.audit`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from pathways.credential import Select
from pathways.units import DegreeLevel, Level

Anchor = Literal["admission", "application", "start", "completion"]
ANCHORS: tuple[Anchor, ...] = ("admission", "application", "start", "completion")


@dataclass(frozen=True, slots=True)
class Window:
    """Earned at most ``months`` before an event of the learner's own path."""

    months: int
    anchor: Anchor


@dataclass(frozen=True, slots=True)
class Held:
    """One credential, perhaps one area's version of it, with a grade or earned recently enough."""

    id: str
    area: str | None = None
    min_grade: str | None = None
    within: Window | None = None


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every child. The list is complete."""

    children: tuple[Requirement, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one child. The list is complete."""

    children: tuple[Requirement, ...]


@dataclass(frozen=True, slots=True)
class NoneOf:
    """The child must not hold."""

    child: Requirement


@dataclass(frozen=True, slots=True)
class AtLeast:
    """``n`` of the children; with ``distinct``, ``n`` different items, so a generic id counts once per differently named item."""

    n: int
    children: tuple[Requirement | Select, ...]
    distinct: bool = False


@dataclass(frozen=True, slots=True)
class AtMostCredits:
    """A cap inside a credit rule: these items supply no more than ``max_credits`` of it."""

    max_credits: Fraction
    children: tuple[Held | Select, ...]


@dataclass(frozen=True, slots=True)
class CreditsFrom:
    """The listed items supply at least ``min_credits``.

    ``unit`` None means the unit the listed items share; ``level`` None means any level.
    """

    min_credits: Fraction
    children: tuple[Held | Select | AtMostCredits, ...]
    unit: str | None = None
    level: Level | None = None
    min_grade: str | None = None


@dataclass(frozen=True, slots=True)
class OpenAll:
    """Duties known to be incomplete: a listed one unmet is unmet; all listed met is unknown."""

    children: tuple[Requirement, ...]


@dataclass(frozen=True, slots=True)
class OpenAny:
    """A menu known to be incomplete: a listed option met is met; otherwise unknown."""

    children: tuple[Requirement, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two pages of one authority disagree: met only when both readings are, and the disagreement is shown."""

    first: Requirement
    second: Requirement


@dataclass(frozen=True, slots=True)
class Share:
    """What two or more named groups may count together: so many credits of a unit, or so many items (unit ``item``)."""

    amount: Fraction
    unit: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Groups:
    """Children that may not count the same achievement twice, unless a share says so.

    ``names`` has one name per child (``"1"``, ``"2"`` ... where the text gives none).
    """

    children: tuple[Requirement, ...]
    names: tuple[str, ...]
    shares: tuple[Share, ...] = ()


@dataclass(frozen=True, slots=True)
class License:
    """A license of a place; ``kind`` in the authority's words."""

    place: str
    kind: str | None = None
    grades: str | None = None
    subjects: str | None = None


@dataclass(frozen=True, slots=True)
class Degree:
    """A degree of this level or higher."""

    level: DegreeLevel
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Exam:
    """A passed exam, perhaps with a minimum score."""

    name: str
    min_score: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Experience:
    """So many years, or hours, in a role, perhaps within a window."""

    role: str
    years: Fraction | None = None
    hours: Fraction | None = None
    within: Window | None = None


@dataclass(frozen=True, slots=True)
class Employed:
    """Works in a role, perhaps in a place."""

    role: str
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """Is a member of an organization."""

    organization: str


@dataclass(frozen=True, slots=True)
class Approved:
    """Somebody approved, before an event where ``before`` names one."""

    by: str
    before: Anchor | None = None


@dataclass(frozen=True, slots=True)
class Admitted:
    """Is admitted to a program."""

    program: str


@dataclass(frozen=True, slots=True)
class Manual:
    """Last resort: unknown until a named person attests."""

    text: str


Condition = License | Degree | Exam | Experience | Employed | Member | Approved | Admitted | Manual
Requirement = Held | AllOf | AnyOf | NoneOf | AtLeast | CreditsFrom | OpenAll | OpenAny | Conflict | Groups | Condition
Node = Requirement | Select | AtMostCredits

NOTHING_REQUIRED = AllOf(())


def children_of(node: Node) -> tuple[Node, ...]:
    """Direct children of a node, in order."""
    match node:
        case AllOf() | AnyOf() | AtLeast() | CreditsFrom() | AtMostCredits() | OpenAll() | OpenAny() | Groups():
            return node.children
        case NoneOf():
            return (node.child,)
        case Conflict():
            return (node.first, node.second)
        case _:
            return ()


def walk(node: Node) -> Iterator[Node]:
    """Every node of a tree, parents before children, left to right.

    The stack is explicit, so a tree of any depth is walked.
    """
    stack: list[Node] = [node]
    while stack:
        current = stack.pop()
        yield current
        stack.extend(reversed(children_of(current)))


def held_ids(node: Node) -> tuple[str, ...]:
    """Ids named anywhere in a tree, first mention first, each once."""
    return tuple(dict.fromkeys(item.id for item in walk(node) if isinstance(item, Held)))


def is_monotone(node: Node) -> bool:
    """Whether earning more can never undo the requirement and counting needs no choice.

    False where ``none``, a credit cap or ``groups`` occurs: those need the exact solver.
    """
    return not any(isinstance(item, NoneOf | AtMostCredits | Groups) for item in walk(node))
