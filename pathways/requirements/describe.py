"""A requirement in plain words, for reports and reasons."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import assert_never

from pathways.credential import Select
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
from pathways.units import CreditValue, show, unit_words

_LISTS: dict[type[Node], str] = {
    AllOf: "all of",
    AnyOf: "one of",
    OpenAll: "listed parts (the full list is not published)",
    OpenAny: "one of these or another option (the full menu is not published)",
}


def describe(node: Node, name_of: Callable[[str], str]) -> str:
    """Say what a requirement asks.

    Parameters
    ----------
    node : Node
        Any node of a tree.
    name_of : callable
        Name of a credential by its id.

    Returns
    -------
    str
        One sentence without a capital or a full stop, such as ``at least 2 of: A; B; C``. Lists inside lists stand in parentheses.

    Examples
    --------
    >>> from pathways.requirements.parse import parse
    >>> describe(parse("any(cda, all(a, degree(level=master)))"), str.upper)
    "one of: CDA; (all of: A; a master's degree or higher)"
    """

    def combine(current: Node, parts: tuple[str, ...]) -> str:
        return _sentence(current, parts, name_of)

    return fold(node, combine)


def _sentence(node: Node, parts: tuple[str, ...], name_of: Callable[[str], str]) -> str:  # noqa: PLR0911  one line per form
    match node:
        case Held():
            return _held(node, name_of)
        case AllOf() | AnyOf() if len(parts) == 1:
            return parts[0]
        case AllOf() if not parts:
            return "nothing"
        case AllOf() | AnyOf() | OpenAll() | OpenAny():
            return f"{_LISTS[type(node)]}: {_list(node.children, parts)}"
        case NoneOf():
            return f"must not hold: {_inner(node.child, parts[0])}"
        case Conflict():
            return f"two pages disagree: (1) {parts[0]}; (2) {parts[1]}"
        case AtLeast():
            kind = " different items of" if node.distinct else " of"
            return f"at least {node.n}{kind}: {_list(node.children, parts)}"
        case CreditsFrom():
            grade = f", each with grade {node.min_grade} or better" if node.min_grade else ""
            return f"{_credits(node)} from: {_list(node.children, parts)}{grade}"
        case AtMostCredits():
            return f"at most {show(node.max_credits)} of them from: {_list(node.children, parts)}"
        case Select():
            return _selection(node)
        case Groups():
            return _groups(node, parts)
        case _:
            return _condition(node)


def _groups(node: Groups, parts: tuple[str, ...]) -> str:
    named = (part if name.isdigit() else f"{name}: {part}" for name, part in zip(node.names, parts, strict=True))
    shares = "".join(f", but {_share(share)}" for share in node.shares)
    return f"each of these, nothing counted twice{shares}: {'; '.join(f'({part})' for part in named)}"


def _list(children: tuple[Node, ...], parts: tuple[str, ...]) -> str:
    return "; ".join(map(_inner, children, parts)) or "none shown"


def _inner(child: Node, part: str) -> str:
    is_list = isinstance(
        child, AllOf | AnyOf | OpenAll | OpenAny | AtLeast | CreditsFrom | Conflict | Groups | NoneOf | AtMostCredits
    )
    return f"({part})" if is_list and ": " in part else part


def _held(node: Held, name_of: Callable[[str], str]) -> str:
    area = f" in {node.area}" if node.area else ""
    grade = f" with grade {node.min_grade} or better" if node.min_grade else ""
    return f"{name_of(node.id)}{area}{grade}{_within(node.within)}"


def _within(window: Window | None) -> str:
    return f" within {window.months} months before {window.anchor}" if window else ""


def _credits(node: CreditsFrom) -> str:
    if node.unit is None:
        level = f"{node.level} " if node.level else ""
        return f"{show(node.min_credits)} {level}{'credit' if node.min_credits == 1 else 'credits'}"
    return str(CreditValue(node.min_credits, node.unit, node.level))


def _selection(node: Select) -> str:
    kind = f"{node.type}s" if node.type else "items"
    issuer = f" of {node.issuer}" if node.issuer else ""
    subject = f" in {node.subject}" if node.subject else ""
    outside = ", also ones outside this catalog" if node.open else ""
    return f"any {kind}{issuer}{subject}{outside}"


def _share(share: Share) -> str:
    what = "item" if share.unit == "item" else share.unit
    return f"{' and '.join(share.names)} may count up to {show(share.amount)} {unit_words(what, share.amount)} together"


def _article(word: str) -> str:
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"


def _condition(node: Condition) -> str:
    match node:
        case License():
            details = "".join(f", {text}" for text in (node.grades, node.subjects) if text)
            return f"a license of {node.place}{f' ({node.kind}{details})' if node.kind else details}"
        case Degree():
            named = f"{node.level}'s" if node.level in {"bachelor", "master"} else node.level
            higher = "" if node.level == "doctorate" else " or higher"
            return f"{_article(named)} degree{f' in {node.field}' if node.field else ''}{higher}"
        case Exam():
            return f"the exam {node.name}{'' if node.min_score is None else f' with a score of {show(node.min_score)} or more'}"
        case Experience():
            number, unit = (node.years, "year") if node.years is not None else (node.hours or Fraction(0), "hour")
            return f"{show(number)} {unit_words(unit, number)} as {node.role}{_within(node.within)}"
        case Employed():
            return f"working as {node.role}{f' in {node.place}' if node.place else ''}"
        case Member():
            return f"membership of {node.organization}"
        case Approved():
            return f"approval by {node.by}{f' before {node.before}' if node.before else ''}"
        case Admitted():
            return f"admission to {node.program}"
        case Manual():
            return f"confirmed by a person: {node.text}"
        case _:
            assert_never(node)
