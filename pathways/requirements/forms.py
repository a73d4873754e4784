"""One builder for each form of the requirement language: the arguments of ``all(...)``, ``credits(...)`` and so on to a node."""

from __future__ import annotations

from collections.abc import Callable

from pathways.credential import Select
from pathways.errors import nearest_ids
from pathways.requirements.arguments import (
    Argument,
    Built,
    Call,
    Options,
    count_of,
    grade_option,
    id_of,
    item_of,
    node_of,
    number_of,
    only,
    option_of,
    requirement_of,
    text_of,
    unit_and_level,
)  # fmt: skip
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
)  # fmt: skip
from pathways.requirements.tokens import MisreadError, Token
from pathways.units import DEGREE_LEVELS


def build(call: Call) -> Node | Share:
    """Make the node of one form.

    Raises
    ------
    MisreadError
        If an argument is missing, of the wrong kind, or not one the form has.
    """
    return FORMS[call.name](call)


def unknown_form(name: str, column: int) -> MisreadError:
    """The error for a word before ``(`` that is no form, with the nearest ones."""
    near = nearest_ids(name.casefold(), FORMS, count=1)
    hint = f" (did you mean {near[0]}?)" if near else ""
    return MisreadError(column, f"a form, one of {', '.join(FORMS)}", f'"{name[:60]}"{hint}')


def _head(call: Call, what: str) -> Argument:
    """First argument, which must be there."""
    if not call.arguments:
        raise MisreadError(call.end, what, '")"')
    return call.arguments[0]


def _requirements(call: Call) -> tuple[Requirement, ...]:
    return tuple(requirement_of(argument) for argument in call.arguments)


def _exactly(call: Call, count: int, what: str) -> tuple[Requirement, ...]:
    if len(call.arguments) != count:
        column = call.arguments[count][0].column if len(call.arguments) > count else call.end
        raise MisreadError(column, what, f"{len(call.arguments)} arguments")
    return _requirements(call)


def _held(call: Call) -> Node:
    credential_id = id_of(only(_head(call, 'an id after "held("')))
    options = Options(call, call.arguments[1:])
    node = Held(credential_id, options.text("area"), options.grade(), options.window())
    options.end("area", "grade", "within")
    return node


def _all(call: Call) -> Node:
    return AllOf(_requirements(call))


def _any(call: Call) -> Node:
    return AnyOf(_requirements(call))


def _open_all(call: Call) -> Node:
    return OpenAll(_requirements(call))


def _open_any(call: Call) -> Node:
    return OpenAny(_requirements(call))


def _none(call: Call) -> Node:
    return NoneOf(_exactly(call, 1, 'one requirement in "none(...)"')[0])


def _conflict(call: Call) -> Node:
    first, second = _exactly(call, 2, 'two readings in "conflict(...)"')
    return Conflict(first, second)


def _at_least(call: Call) -> Node:
    what = 'a number of items after "at_least("'
    head = _head(call, what)
    count = count_of(only(head), what)
    if count < 1:
        raise MisreadError(head[0].column, f"{what}, 1 or more", str(head[0]))
    children: list[Requirement | Select] = []
    distinct = False
    for argument in call.arguments[1:]:
        if len(argument) == 1 and isinstance(argument[0], Token) and (argument[0].kind, argument[0].text) == ("word", "distinct"):
            distinct = True
            continue
        node = node_of(argument)
        children.append(node if isinstance(node, Select) else requirement_of(argument))
    return AtLeast(count, tuple(children), distinct)


def _credits(call: Call) -> Node:
    what = 'a number of credits after "credits("'
    head = _head(call, what)
    number = number_of(head[0], what)
    unit, level = unit_and_level(head[1:])
    children: list[Held | Select | AtMostCredits] = []
    grade: str | None = None
    for argument in call.arguments[1:]:
        if (option := option_of(argument)) is not None:
            if option.key != "grade" or grade is not None:
                raise MisreadError(option.column, 'an item, or grade>= once, in "credits(...)"', f'"{option.key}"')
            grade = grade_option(option)
            continue
        node = node_of(argument)
        children.append(node if isinstance(node, AtMostCredits) else item_of(argument))
    return CreditsFrom(number, tuple(children), unit, level, grade)


def _at_most(call: Call) -> Node:
    what = 'a number of credits and "from" after "at_most("'
    head = _head(call, what)
    number = number_of(head[0], what)
    match head:
        case (_, Token("word", "from"), first):
            return AtMostCredits(number, tuple(item_of(argument) for argument in ((first,), *call.arguments[1:])))
        case _:
            wrong = head[1] if len(head) > 1 else head[0]
            raise MisreadError(wrong.column, '"from" and a list of items after the number', str(wrong))


def _select(call: Call) -> Node:
    is_open = [argument for argument in call.arguments if len(argument) == 1 and getattr(argument[0], "text", "") == "open"]
    options = Options(call, [argument for argument in call.arguments if argument not in is_open])
    node = Select(options.text("issuer"), options.text("subject"), options.text("type"), open=bool(is_open))
    options.end("issuer", "subject", "type", "open")
    return node


def _license(call: Call) -> Node:
    options = Options(call, call.arguments)
    node = License(options.needed("place"), options.text("kind"), options.text("grades"), options.text("subjects"))
    options.end("place", "kind", "grades", "subjects")
    return node


def _degree(call: Call) -> Node:
    options = Options(call, call.arguments)
    named, field = options.needed("level"), options.text("field")
    options.end("level", "field")
    for level in DEGREE_LEVELS:
        if level == named:
            return Degree(level, field)
    raise MisreadError(call.column, f"level=, one of {', '.join(DEGREE_LEVELS)}", f'"{named}"')


def _exam(call: Call) -> Node:
    name = text_of(_head(call, 'the name of an exam after "exam("'))
    options = Options(call, call.arguments[1:])
    node = Exam(name, options.number("score", sign=">="))
    options.end("score")
    return node


def _experience(call: Call) -> Node:
    options = Options(call, call.arguments)
    node = Experience(options.needed("role"), options.number("years"), options.number("hours"), options.window())
    options.end("years", "hours", "role", "within")
    return node


def _employed(call: Call) -> Node:
    options = Options(call, call.arguments)
    node = Employed(options.needed("role"), options.text("place"))
    options.end("role", "place")
    return node


def _approved(call: Call) -> Node:
    options = Options(call, call.arguments)
    by, before = options.needed("by"), options.text("before")
    options.end("by", "before")
    for anchor in ANCHORS:
        if before == anchor:
            return Approved(by, anchor)
    if before is not None:
        raise MisreadError(call.column, f"before=, one of {', '.join(ANCHORS)}", f'"{before}"')
    return Approved(by)


def _one_text(call: Call) -> str:
    value = text_of(_head(call, f'a text in quotes after "{call.name}("'))
    Options(call, call.arguments[1:]).end("nothing else")
    return value


def _share(call: Call) -> Share:
    what = "a share such as share(6 semester between core, electives)"
    head = _head(call, what)
    number = number_of(head[0], what)
    words = [element.text if isinstance(element, Token) else "" for element in head]
    if "between" not in words[1:]:
        raise MisreadError(call.column, what, '"share" without "between"')
    middle = words.index("between", 1)
    unit, level = unit_and_level(head[1:middle])
    if unit is None or level is not None:
        raise MisreadError(head[0].column, "a credit unit, or items, after the number of the share", " ".join(words[: middle + 1]))
    names = tuple(text_of(argument) for argument in (head[middle + 1 :], *call.arguments[1:]) if argument)
    return Share(number, "item" if unit in {"items", "item"} else unit, names)


def _groups(call: Call) -> Node:
    children: list[Requirement] = []
    names: list[str] = []
    shares: list[Share] = []
    for argument in call.arguments:
        match argument:
            case (Built(Share() as share),):
                shares.append(share)
            case (Token(("word" | "string"), name), Token("sign", ":", after), *rest):
                if not rest:
                    raise MisreadError(after + 1, f'a requirement after the group name "{name}"', '")"')
                children.append(requirement_of(tuple(rest)))
                names.append(name)
            case _:
                children.append(requirement_of(argument))
                names.append(str(len(children)))
    return Groups(tuple(children), tuple(names), tuple(shares))


#: Every form by its name.
FORMS: dict[str, Callable[[Call], Node | Share]] = {
    "held": _held, "all": _all, "any": _any, "none": _none, "at_least": _at_least, "credits": _credits, "at_most": _at_most,
    "open_all": _open_all, "open_any": _open_any, "select": _select, "conflict": _conflict, "groups": _groups, "share": _share,
    "license": _license, "degree": _degree, "exam": _exam, "experience": _experience, "employed": _employed,
    "member": lambda call: Member(_one_text(call)), "approved": _approved, "admitted": lambda call: Admitted(_one_text(call)),
    "manual": lambda call: Manual(_one_text(call)),
}  # fmt: skip
