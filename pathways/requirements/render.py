"""Tree to text: the canonical requirement text. Sentences for people are in :mod:`.describe`."""

from __future__ import annotations

from typing import assert_never

from pathways.credential import Select
from pathways.requirements.arguments import unit_and_level
from pathways.requirements.describe import describe
from pathways.requirements.fold import fold
from pathways.requirements.rules import (
    Admitted,
    AllOf,
    AnyOf,
    Approved,
    AtLeast,
    AtMostCredits,
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
    Node,
    NoneOf,
    OpenAll,
    OpenAny,
    Share,
    Window,
)  # fmt: skip
from pathways.requirements.tokens import MisreadError, Token, is_plain_id, quoted
from pathways.units import show

__all__ = ["describe", "render"]

_LISTS: dict[type[Node], str] = {
    AllOf: "all", AnyOf: "any", OpenAll: "open_all", OpenAny: "open_any", NoneOf: "none", Conflict: "conflict",
}  # fmt: skip


def render(node: Node) -> str:
    """Write the canonical text of a tree.

    Parameters
    ----------
    node : Node
        Any well-formed tree.

    Returns
    -------
    str
        ``parse(render(tree)) == tree``; equal trees have equal texts.

    Examples
    --------
    >>> from pathways.requirements.parse import parse
    >>> render(parse("all( held(a),at_least(1, b , distinct) )"))
    'all(a, at_least(1, b, distinct))'
    """
    return fold(node, _text)


def _text(node: Node, parts: tuple[str, ...]) -> str:
    match node:
        case Held():
            return _held(node)
        case AllOf() | AnyOf() | OpenAll() | OpenAny() | NoneOf() | Conflict():
            return _form(_LISTS[type(node)], *parts)
        case AtLeast():
            # A bare `distinct` would read back as the flag.
            safe = ("held(distinct)" if part == "distinct" else part for part in parts)
            return _form("at_least", str(node.n), *safe, "distinct" if node.distinct else None)
        case CreditsFrom():
            return _form("credits", _credit_head(node), *parts, node.min_grade and f"grade>={_word(node.min_grade)}")
        case AtMostCredits():
            return _form("at_most", f"{show(node.max_credits)} from {parts[0]}", *parts[1:])
        case Select():
            return _form(
                "select", _pair("issuer", node.issuer), _pair("subject", node.subject), _type(node), "open" if node.open else None
            )
        case Groups():
            return _form("groups", *map(_group, node.names, range(1, len(parts) + 1), parts), *map(_share, node.shares))
        case _:
            return _condition(node)


def _condition(node: Condition) -> str:
    match node:
        case License():
            pairs = (_pair("kind", node.kind), _pair("grades", node.grades), _pair("subjects", node.subjects))
            return _form("license", _pair("place", node.place), *pairs)
        case Degree():
            return _form("degree", f"level={node.level}", _pair("field", node.field))
        case Exam():
            return _form("exam", quoted(node.name), None if node.min_score is None else f"score>={show(node.min_score)}")
        case Experience():
            years = None if node.years is None else f"years={show(node.years)}"
            hours = None if node.hours is None else f"hours={show(node.hours)}"
            return _form("experience", years, hours, _pair("role", node.role), _window(node.within))
        case Employed():
            return _form("employed", _pair("role", node.role), _pair("place", node.place))
        case Member():
            return _form("member", quoted(node.organization))
        case Approved():
            return _form("approved", _pair("by", node.by), node.before and f"before={node.before}")
        case Admitted():
            return _form("admitted", quoted(node.program))
        case Manual():
            return _form("manual", quoted(node.text))
        case _:
            assert_never(node)


def _form(name: str, *parts: str | None) -> str:
    return f"{name}({', '.join(part for part in parts if part)})"


def _pair(key: str, value: str | None) -> str | None:
    return None if value is None else f"{key}={quoted(value)}"


def _type(node: Select) -> str | None:
    return None if node.type is None else f"type={_word(node.type)}"


def _word(text: str) -> str:
    bare = text.removesuffix("+")
    return text if is_plain_id(bare) else quoted(text)


def _id(text: str) -> str:
    return text if is_plain_id(text) else quoted(text)


def _window(window: Window | None) -> str | None:
    return None if window is None else f"within={window.months}mo of {window.anchor}"


def _held(node: Held) -> str:
    options = [_pair("area", node.area), node.min_grade and f"grade>={_word(node.min_grade)}", _window(node.within)]
    if any(options) or not is_plain_id(node.id):
        return _form("held", _id(node.id), *options)
    return node.id


def _credit_head(node: CreditsFrom) -> str:
    unit = None if node.unit is None else _unit(node.unit)
    return " ".join(part for part in (show(node.min_credits), unit, node.level) if part)


def _unit(unit: str) -> str:
    """Write a unit bare where it reads back the same, else in quotes."""
    words = unit.split(" ")
    if all(map(is_plain_id, words)) and not {"between", "item", "items"} & set(words):
        try:
            if unit_and_level([Token("word", word, 1) for word in words]) == (unit, None):
                return unit
        except MisreadError:
            pass
    return quoted(unit)


def _group(name: str, place: int, part: str) -> str:
    if name == str(place):
        return part
    return f"{name if is_plain_id(name) and ':' not in name else quoted(name)}: {part}"


def _share(share: Share) -> str:
    unit = "items" if share.unit == "item" else _unit(share.unit)
    return f"share({show(share.amount)} {unit} between {', '.join(map(_id, share.names))})"
