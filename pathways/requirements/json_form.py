"""Requirement tree to and from a JSON-ready object, for the API and stored rules.

Every node is ``{"type": ..., its own members, "of": [children]}``; members that say nothing are left out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pathways.credential import Select
from pathways.requirements.fold import fold
from pathways.requirements.json_fields import Fields, RequirementShapeError, named, number
from pathways.requirements.rules import (
    ANCHORS,
    Admitted,
    AllOf,
    AnyOf,
    Approved,
    AtLeast,
    AtMostCredits,
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
    Requirement,
    Share,
    Window,
)  # fmt: skip
from pathways.requirements.wellformed import MAX_DEPTH, MAX_GROUPS_DEPTH, may_stand_in, problem
from pathways.units import DEGREE_LEVELS, LEVELS

_NAMES: dict[type[Node], str] = {
    Held: "held", AllOf: "all", AnyOf: "any", NoneOf: "none", AtLeast: "at_least", CreditsFrom: "credits", AtMostCredits: "at_most",
    OpenAll: "open_all", OpenAny: "open_any", Select: "select", Conflict: "conflict", Groups: "groups", License: "license",
    Degree: "degree", Exam: "exam", Experience: "experience", Employed: "employed", Member: "member", Approved: "approved",
    Admitted: "admitted", Manual: "manual",
}  # fmt: skip


def to_json(node: Node) -> dict[str, Any]:
    """Write a tree as an object of lists, texts and numbers.

    Examples
    --------
    >>> from pathways.requirements.parse import parse
    >>> to_json(parse("at_least(1, a)"))
    {'type': 'at_least', 'n': 1, 'of': [{'type': 'held', 'id': 'a'}]}
    """
    return fold(node, _object)


def _object(node: Node, children: tuple[dict[str, Any], ...]) -> dict[str, Any]:
    members = {key: value for key, value in _members(node).items() if value is not None and value is not False}
    found: dict[str, Any] = {"type": _NAMES[type(node)], **members}
    if not isinstance(node, Held | Select) and (children or isinstance(node, AllOf | OpenAll | OpenAny)):
        found["of"] = list(children)
    return found


def _members(node: Node) -> dict[str, Any]:
    match node:
        case Held():
            return {"id": node.id, "area": node.area, "min_grade": node.min_grade, "within": _window(node.within)}
        case AtLeast():
            return {"n": node.n, "distinct": node.distinct}
        case CreditsFrom():
            return {"min_credits": number(node.min_credits), "unit": node.unit, "level": node.level, "min_grade": node.min_grade}
        case AtMostCredits():
            return {"max_credits": number(node.max_credits)}
        case Select():
            return {"issuer": node.issuer, "subject": node.subject, "of_type": node.type, "open": node.open}
        case Groups():
            shares = [{"amount": number(one.amount), "unit": one.unit, "between": list(one.names)} for one in node.shares]
            return {"names": list(node.names), "shares": shares or None}
        case _:
            return _condition_members(node)


def _condition_members(node: Node) -> dict[str, Any]:
    match node:
        case License():
            return {"place": node.place, "kind": node.kind, "grades": node.grades, "subjects": node.subjects}
        case Degree():
            return {"level": node.level, "field": node.field}
        case Exam():
            return {"name": node.name, "min_score": number(node.min_score)}
        case Experience():
            return {"role": node.role, "years": number(node.years), "hours": number(node.hours), "within": _window(node.within)}
        case Employed():
            return {"role": node.role, "place": node.place}
        case Member():
            return {"organization": node.organization}
        case Approved():
            return {"by": node.by, "before": node.before}
        case Admitted():
            return {"program": node.program}
        case Manual():
            return {"text": node.text}
        case _:
            return {}


def _window(window: Window | None) -> dict[str, Any] | None:
    return None if window is None else {"months": window.months, "anchor": window.anchor}


def from_json(value: object) -> Requirement:
    """Read a tree from what :func:`to_json` wrote, or a client sent.

    Parameters
    ----------
    value : object
        What a JSON reader gave.

    Returns
    -------
    Requirement
        The tree; ``from_json(to_json(tree)) == tree``.

    Raises
    ------
    RequirementShapeError
        With a JSON pointer to what is wrong.
    """
    order: list[tuple[Fields, str, int]] = []
    stack: list[tuple[object, str, int, int]] = [(value, "", 1, 0)]
    while stack:
        current, pointer, depth, groups = stack.pop()
        fields = Fields(current, pointer)
        kind = fields.choice("type", tuple(_READERS))
        if kind is None:
            place = f"{pointer}/type"
            raise RequirementShapeError(place, "nothing", f"one of {', '.join(_READERS)}")
        groups += kind == "groups"
        if depth > MAX_DEPTH + 1 or groups > MAX_GROUPS_DEPTH:
            raise RequirementShapeError(
                pointer[-200:], "one more", f"{MAX_DEPTH} nested forms, {MAX_GROUPS_DEPTH} nested groups at most"
            )
        children = fields.items("of")
        order.append((fields, kind, len(children)))
        stack.extend((child, f"{pointer}/of/{place}", depth + 1, groups) for place, child in enumerate(children))
    results: list[Node] = []
    for fields, kind, count in reversed(order):
        mine = tuple(results[len(results) - count :])
        del results[len(results) - count :]
        results.append(_read(fields, kind, mine))
    root = results[0]
    if isinstance(root, Select | AtMostCredits):
        raise RequirementShapeError("", f'"{_NAMES[type(root)]}"', "a requirement that can stand alone")
    return root


def _read(fields: Fields, kind: str, children: tuple[Node, ...]) -> Node:
    node = _READERS[kind](fields, children)
    fields.end(tuple(_members(node)))
    wanted = {NoneOf: 1, Conflict: 2}.get(type(node))
    if wanted is None and kind not in _LISTS:
        wanted = 0
    if wanted is not None and len(children) != wanted:
        where = f"{fields.pointer}/of"
        raise RequirementShapeError(where, f"{len(children)}", f"{wanted} requirements")
    for place, child in enumerate(children):
        if not may_stand_in(child, node):
            where = f"{fields.pointer}/of/{place}"
            raise RequirementShapeError(where, named(_NAMES[type(child)]), f"something that may stand in {kind}")
    if (wrong := problem(node)) is not None:
        raise RequirementShapeError(fields.pointer, f'a "{kind}" without it', wrong)
    return node


def _read_window(fields: Fields) -> Window | None:
    inner = fields.object("within")
    if inner is None:
        return None
    months, anchor = inner.whole("months"), inner.choice("anchor", ANCHORS)
    if anchor is None:
        raise inner.wrong("anchor", None, f"one of {', '.join(ANCHORS)}")
    inner.end(("months", "anchor"))
    return Window(months, anchor)


def _read_degree(fields: Fields, _: Any) -> Node:
    level = fields.choice("level", DEGREE_LEVELS)
    if level is None:
        raise fields.wrong("level", None, f"one of {', '.join(DEGREE_LEVELS)}")
    return Degree(level, fields.optional("field"))


def _read_groups(fields: Fields, children: Any) -> Node:
    names = fields.texts("names") or tuple(str(place + 1) for place in range(len(children)))
    shares: list[Share] = []
    for place, item in enumerate(fields.items("shares")):
        inner = Fields(item, f"{fields.pointer}/shares/{place}")
        unit = inner.text("unit")
        shares.append(Share(inner.needed_amount("amount"), "item" if unit == "items" else unit, inner.texts("between")))
        inner.end(("amount", "unit", "between"))
    return Groups(children, names, tuple(shares))


def _read_pair(_: Fields, children: Any) -> Node:
    return Conflict(*children[:2]) if len(children) >= 2 else Conflict(AllOf(()), AllOf(()))


_Reader = Callable[[Fields, Any], Node]
_LISTS = ("all", "any", "open_all", "open_any", "at_least", "credits", "at_most", "groups")
_READERS: dict[str, _Reader] = {
    "held": lambda f, _: Held(f.text("id"), f.optional("area"), f.optional("min_grade"), _read_window(f)),
    "all": lambda _, of: AllOf(of),
    "any": lambda _, of: AnyOf(of),
    "none": lambda _, of: NoneOf(of[0] if of else AllOf(())),
    "at_least": lambda f, of: AtLeast(f.whole("n"), of, f.flag("distinct")),
    "credits": lambda f, of: CreditsFrom(
        f.needed_amount("min_credits"), of, f.optional("unit"), f.choice("level", LEVELS), f.optional("min_grade")
    ),
    "at_most": lambda f, of: AtMostCredits(f.needed_amount("max_credits"), of),
    "open_all": lambda _, of: OpenAll(of),
    "open_any": lambda _, of: OpenAny(of),
    "select": lambda f, _: Select(f.optional("issuer"), f.optional("subject"), f.optional("of_type"), f.flag("open")),
    "conflict": _read_pair,
    "groups": _read_groups,
    "license": lambda f, _: License(f.text("place"), f.optional("kind"), f.optional("grades"), f.optional("subjects")),
    "degree": _read_degree,
    "exam": lambda f, _: Exam(f.text("name"), f.amount("min_score")),
    "experience": lambda f, _: Experience(f.text("role"), f.amount("years"), f.amount("hours"), _read_window(f)),
    "employed": lambda f, _: Employed(f.text("role"), f.optional("place")),
    "member": lambda f, _: Member(f.text("organization")),
    "approved": lambda f, _: Approved(f.text("by"), f.choice("before", ANCHORS)),
    "admitted": lambda f, _: Admitted(f.text("program")),
    "manual": lambda f, _: Manual(f.text("text")),
}
