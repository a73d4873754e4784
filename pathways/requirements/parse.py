"""Requirement text to tree.

A stack of open forms instead of recursion: 500 nested forms are read, and one more is a syntax error, never a crash.
Arguments of each form are in :mod:`.forms`; the way back is :mod:`.render`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pathways.errors import RequirementSyntaxError
from pathways.requirements.arguments import Argument, Built, Call, Element, requirement_of
from pathways.requirements.forms import FORMS, build, unknown_form
from pathways.requirements.rules import Requirement, Share
from pathways.requirements.tokens import MisreadError, Token, tokens
from pathways.requirements.wellformed import MAX_DEPTH, MAX_GROUPS_DEPTH, problem

#: Forms that may stand only inside certain others.
_PLACES = {"select": ("at_least", "credits", "at_most"), "at_most": ("credits",), "share": ("groups",)}


@dataclass
class _Open:
    """A form whose closing parenthesis has not come yet."""

    name: str
    column: int
    arguments: list[Argument] = field(default_factory=list)
    current: list[Element] = field(default_factory=list)


def parse(text: str) -> Requirement:
    """Read a requirement.

    Parameters
    ----------
    text : str
        For example ``at_least(2, a, b, held(c, grade>=B))``; a bare id is the same as ``held(id)``.

    Returns
    -------
    Requirement
        The tree. Nothing is looked up: ids need not exist anywhere.

    Raises
    ------
    RequirementSyntaxError
        With the column (from 1), what was expected there and what was found.

    Examples
    --------
    >>> parse("any(a, b)")
    AnyOf(children=(Held(id='a', area=None, min_grade=None, within=None), Held(id='b', area=None, min_grade=None, within=None)))
    >>> parse("at_least(some, a)")
    Traceback (most recent call last):
    ...
    pathways.errors.RequirementSyntaxError: column 10: expected a number of items after "at_least(", found "some"
    """
    try:
        return _read(text)
    except MisreadError as error:
        raise RequirementSyntaxError(text, error.column, error.found, error.expected) from None


def _read(text: str) -> Requirement:
    stack = [_Open("", 1)]
    queue = list(tokens(text))
    for place, token in enumerate(queue[:-1]):
        following = queue[place + 1]
        match token.kind, token.text:
            case "word", name if (following.kind, following.text) == ("sign", "("):
                _open(stack, name, token.column)
            case "sign", "(" if place == 0 or queue[place - 1].kind != "word":
                raise MisreadError(token.column, 'the name of a form before "("', '"("')
            case "sign", "(":
                pass
            case "sign", ",":
                _comma(stack, token)
            case "sign", ")":
                _close(stack, token, text)
            case _:
                stack[-1].current.append(token)
    # The last token is the end of the text.
    return _whole(stack, queue[-1])


def _open(stack: list[_Open], name: str, column: int) -> None:
    parent = stack[-1]
    if parent.name == "groups" and name not in FORMS and ":" in name:
        # `core:all(a)` is written without the space that would end the group's name.
        group, _, form = name.partition(":")
        parent.current += [Token("word", group, column), Token("sign", ":", column + len(group))]
        name, column = form, column + len(group) + 1
    if name not in FORMS:
        raise unknown_form(name, column)
    if name in _PLACES and parent.name not in _PLACES[name]:
        allowed = " or ".join(f"{place}(...)" for place in _PLACES[name])
        raise MisreadError(column, f"a requirement ({name}(...) stands only inside {allowed})", f'"{name}"')
    if len(stack) > MAX_DEPTH:
        raise MisreadError(column, f"at most {MAX_DEPTH} forms inside one another", "one more")
    if name == "groups" and sum(form.name == "groups" for form in stack) >= MAX_GROUPS_DEPTH:
        raise MisreadError(column, f"at most {MAX_GROUPS_DEPTH} groups inside one another", "one more")
    stack.append(_Open(name, column))


def _comma(stack: list[_Open], token: Token) -> None:
    top = stack[-1]
    if len(stack) == 1:
        raise MisreadError(token.column, "one requirement (join several with all(...))", '","')
    if not top.current:
        raise MisreadError(token.column, f'an argument of "{top.name}("', '","')
    top.arguments.append(tuple(top.current))
    top.current = []


def _close(stack: list[_Open], token: Token, text: str) -> None:
    if len(stack) == 1:
        raise MisreadError(token.column, "no closing parenthesis here, nothing is open", '")"')
    top = stack.pop()
    if top.current:
        top.arguments.append(tuple(top.current))
    elif top.arguments:
        raise MisreadError(token.column, 'another argument after ","', '")"')
    node = build(Call(top.name, top.column, tuple(top.arguments), token.column))
    if not isinstance(node, Share) and (wrong := problem(node)) is not None:
        raise MisreadError(top.column, f'{wrong} in "{top.name}(...)"', text[top.column - 1 : token.column][:60])
    stack[-1].current.append(Built(node, top.column))


def _whole(stack: list[_Open], end: Token) -> Requirement:
    if len(stack) > 1:
        top = stack[-1]
        raise MisreadError(end.column, f'")" to close "{top.name}(" of column {top.column}', str(end))
    if not stack[0].current:
        raise MisreadError(end.column, "a requirement", str(end))
    if len(stack[0].current) > 1:
        raise MisreadError(stack[0].current[1].column, "nothing after the requirement", str(stack[0].current[1]))
    node = requirement_of(tuple(stack[0].current))
    if (wrong := problem(node)) is not None:
        raise MisreadError(stack[0].current[0].column, wrong, str(stack[0].current[0]))
    return node
