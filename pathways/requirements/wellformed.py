"""What must be so within one node of a tree, whatever it was read from: text, JSON or another format.

Only what the tree alone can tell. Whether ids exist and totals can be reached is for the loader, which knows the catalog.
"""

from __future__ import annotations

import re
from fractions import Fraction

from pathways.credential import Select
from pathways.requirements.rules import (
    ANCHORS,
    Admitted,
    AnyOf,
    Approved,
    AtLeast,
    AtMostCredits,
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
    Node,
    Window,
)  # fmt: skip
from pathways.units import DEGREE_LEVELS, GRADES, LEVELS, MAX_AMOUNT

#: Deepest nesting of forms, and of ``groups`` inside ``groups``.
MAX_DEPTH = 500
MAX_GROUPS_DEPTH = 8
MAX_MONTHS = 1200

_NUMBER_GRADE = re.compile(r"\d{1,3}(\.\d{1,3})?")


def is_grade(text: str) -> bool:
    """Whether a grade can be compared: a letter grade, or a plain number."""
    return text in GRADES or _NUMBER_GRADE.fullmatch(text) is not None


def may_stand_in(child: Node, parent: Node | None) -> bool:
    """Whether a node may be a child of another (None: stand alone)."""
    match child:
        case Select():
            return isinstance(parent, AtLeast | CreditsFrom | AtMostCredits)
        case AtMostCredits():
            return isinstance(parent, CreditsFrom)
        case Held():
            return True
        case _:
            return not isinstance(parent, CreditsFrom | AtMostCredits)


def problem(node: Node) -> str | None:
    """What one node lacks, as the words after "expected"; None where nothing is wrong.

    Children are looked at only for being there; each has its own turn.
    """
    match node:
        case Held():
            return _first(_text(node.id, "an id"), _grade(node.min_grade), _window(node.within), _optional(node.area, "an area"))
        case AnyOf() if not node.children:
            return "at least one item"
        case AtLeast():
            return _first("a number of items of at least 1" if node.n < 1 else None, None if node.children else "a list of items")
        case CreditsFrom() | AtMostCredits():
            return _credits(node)
        case Select() if node.issuer is None and node.subject is None and node.type is None:
            return "issuer=, subject= or type="
        case Groups():
            return _groups(node)
        case Experience():
            return _experience(node)
        case _:
            return _condition(node)


def _first(*found: str | None) -> str | None:
    return next((text for text in found if text), None)


def _text(value: str, what: str) -> str | None:
    return None if value.strip() else what


def _optional(value: str | None, what: str) -> str | None:
    return None if value is None else _text(value, what)


def _grade(grade: str | None) -> str | None:
    return None if grade is None or is_grade(grade) else f"a grade, one of {', '.join(reversed(GRADES))}, or a number"


def _window(window: Window | None) -> str | None:
    if window is None or (1 <= window.months <= MAX_MONTHS and window.anchor in ANCHORS):
        return None
    return f"a window such as 60mo of start, 1 to {MAX_MONTHS} months before one of {', '.join(ANCHORS)}"


def _positive(number: Fraction) -> bool:
    return 0 < number <= MAX_AMOUNT


def _credits(node: CreditsFrom | AtMostCredits) -> str | None:
    least = node.min_credits if isinstance(node, CreditsFrom) else node.max_credits
    if not _positive(least):
        return "a number of credits above 0"
    if not node.children:
        return "a list of items that supply the credits"
    if isinstance(node, AtMostCredits):
        return None
    level = None if node.level is None or node.level in LEVELS else f"a level, one of {', '.join(LEVELS)}"
    return _first(_optional(node.unit, "a credit unit"), level, _grade(node.min_grade))


def _groups(node: Groups) -> str | None:
    if not node.children:
        return "at least one group"
    if len(node.names) != len(node.children) or len(set(node.names)) != len(node.names) or not all(map(str.strip, node.names)):
        return "one name for each group, all different"
    for share in node.shares:
        if not _positive(share.amount) or not share.unit.strip():
            return "a share such as 6 semester or 2 items, above 0"
        if share.unit == "item" and share.amount.denominator != 1:
            return "a whole number of items to share"
        if len(share.names) < 2 or len(set(share.names)) != len(share.names):
            return "two or more different group names to share between"
        if strange := [name for name in share.names if name not in node.names]:
            return f'a group of this rule ({", ".join(node.names)}) in the share, not "{strange[0]}"'
    return None


def _experience(node: Experience) -> str | None:
    amounts = [value for value in (node.years, node.hours) if value is not None]
    if len(amounts) != 1 or not _positive(amounts[0]):
        return "either years= or hours=, above 0"
    return _first(_text(node.role, "role="), _window(node.within))


def _condition(node: Node) -> str | None:
    match node:
        case License():
            found = (_optional(node.kind, "kind="), _optional(node.grades, "grades="), _optional(node.subjects, "subjects="))
            return _first(_text(node.place, "place="), *found)
        case Degree():
            level = None if node.level in DEGREE_LEVELS else f"level=, one of {', '.join(DEGREE_LEVELS)}"
            return _first(level, _optional(node.field, "field="))
        case Exam():
            return _text(node.name, "the name of an exam")
        case Employed():
            return _first(_text(node.role, "role="), _optional(node.place, "place="))
        case Member():
            return _text(node.organization, "the name of an organization")
        case Approved():
            anchor = None if node.before is None or node.before in ANCHORS else f"before=, one of {', '.join(ANCHORS)}"
            return _first(_text(node.by, "by="), anchor)
        case Admitted():
            return _text(node.program, "the name of a program")
        case Manual():
            return _text(node.text, "a sentence saying what a person must confirm")
        case _:
            return None
