"""Reading the arguments of one form: ids, numbers, ``key=value`` pairs, windows and units."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from pathways.credential import Select
from pathways.errors import UnitError, nearest_ids
from pathways.requirements.rules import ANCHORS, AtMostCredits, Held, Node, Requirement, Share, Window
from pathways.requirements.tokens import MisreadError, Token, is_plain_id
from pathways.units import LEVELS, Level, amount

_MONTHS = re.compile(r"(\d{1,4})mo")
_YEARS = re.compile(r"(\d{1,3})y")
_CONVERTIBLE = ("semester", "quarter")


@dataclass(frozen=True, slots=True)
class Built:
    """A form already read, and the column its name stands at."""

    node: Node | Share
    column: int

    def __str__(self) -> str:
        """Name it as an error message does."""
        return "a form in parentheses"


Element = Token | Built
Argument = tuple[Element, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """One form with its arguments: what stands between the commas of ``name( , , )``."""

    name: str
    column: int
    arguments: tuple[Argument, ...]
    end: int


@dataclass(frozen=True, slots=True)
class Option:
    """One ``key=value`` or ``key>=value``."""

    key: str
    sign: str
    value: Argument
    column: int


def option_of(argument: Argument) -> Option | None:
    """Read ``key=value``; None where the argument is something else."""
    match argument:
        case (Token("word", key, column), Token("sign", ("=" | ">=") as sign, after), *value):
            if not value:
                raise MisreadError(after + len(sign), f"a value after {key}{sign}", "nothing")
            return Option(key, sign, tuple(value), column)
        case _:
            return None


def only(argument: Argument) -> Element:
    """The one element of an argument."""
    if len(argument) > 1:
        raise MisreadError(argument[1].column, f'"," or ")" after {argument[0]}', str(argument[1]))
    return argument[0]


def node_of(argument: Argument) -> Node:
    """Read a form, or a bare id as ``held(id)``."""
    element = only(argument)
    if isinstance(element, Token):
        return Held(id_of(element))
    if isinstance(element.node, Share):
        raise MisreadError(element.column, "a requirement", '"share"')
    return element.node


def requirement_of(argument: Argument) -> Requirement:
    """Read a requirement: any node that can stand alone."""
    node = node_of(argument)
    assert not isinstance(node, Select | AtMostCredits), "a set of items is refused where it opens, save in lists that take one"
    return node


def item_of(argument: Argument) -> Held | Select:
    """Read an item or a selection, as a list of credits has them."""
    node = node_of(argument)
    if not isinstance(node, Held | Select):
        raise MisreadError(argument[0].column, "an id, held(...) or select(...)", str(argument[0]))
    return node


def id_of(element: Element) -> str:
    """Read an id: a word, or a string for an id with other characters."""
    if isinstance(element, Token) and ((element.kind == "word" and is_plain_id(element.text)) or element.kind == "string"):
        return element.text
    raise MisreadError(element.column, "an id", str(element))


def text_of(argument: Argument) -> str:
    """Read a value that is words: a string, or one bare word."""
    element = only(argument)
    if isinstance(element, Token) and element.kind in {"word", "string"}:
        return element.text
    raise MisreadError(element.column, "a text in quotes", str(element))


def number_of(element: Element, what: str) -> Fraction:
    """Read an exact amount, not negative."""
    if isinstance(element, Token) and element.kind == "word":
        try:
            return amount(element.text)
        except UnitError:
            pass
    raise MisreadError(element.column, what, str(element))


def count_of(element: Element, what: str) -> int:
    """Read a whole number."""
    number = number_of(element, what)
    if number.denominator != 1:
        raise MisreadError(element.column, what, str(element))
    return int(number)


def window_of(value: Argument) -> Window:
    """Read ``60mo of start`` (``5y of start`` is the same)."""
    expected = f"a window such as 60mo of start, before one of {', '.join(ANCHORS)}"
    match value:
        case (Token("word", length), Token("word", "of"), Token("word", anchor)):
            months, years = _MONTHS.fullmatch(length), _YEARS.fullmatch(length)
            for name in ANCHORS:
                if name == anchor and months:
                    return Window(int(months.group(1)), name)
                if name == anchor and years:
                    return Window(12 * int(years.group(1)), name)
    raise MisreadError(value[0].column, expected, " ".join(str(element).strip('"') for element in value))


def unit_and_level(words: Sequence[Element]) -> tuple[str | None, Level | None]:
    """Read what follows a number of credits: unit and level, either order, either missing.

    A unit of several words stands as it is (``Act 48 hour``); ``semester credits`` and ``semester hours`` are ``semester``. A
    string in quotes is a unit taken as it is.
    """
    level: Level | None = None
    unit: list[str] = []
    for element in words:
        if not isinstance(element, Token) or element.kind == "sign":
            raise MisreadError(element.column, "a credit unit, a level or a comma", str(element))
        known = next((name for name in LEVELS if name == element.text and element.kind == "word"), None)
        if known is None:
            unit.append(_unit_word(element))
        elif level is None:
            level = known
        else:
            raise MisreadError(element.column, "only one level", str(element))
    if unit and unit[0] in _CONVERTIBLE and set(unit[1:]) <= {"credit", "credits", "hour", "hours"}:
        unit = unit[:1]
    return (" ".join(unit) or None), level


def _unit_word(token: Token) -> str:
    known = (*_CONVERTIBLE, *LEVELS)
    near = nearest_ids(token.text, known, count=1)
    if token.kind == "word" and near and token.text not in known and len(token.text) > 5 and near[0][:3] == token.text[:3]:
        raise MisreadError(token.column, f"a credit unit or level such as {near[0]}", str(token))
    return token.text


def grade_option(option: Option) -> str:
    """Read the value of ``grade>=B``."""
    if option.sign != ">=":
        raise MisreadError(option.column, "grade>= and a grade", f'"{option.key}{option.sign}"')
    return text_of(option.value)


class Options:
    """The ``key=value`` arguments of one form, each asked for once; what is left over is an error."""

    def __init__(self, call: Call, arguments: Sequence[Argument]) -> None:
        self._call = call
        self._left: dict[str, Option] = {}
        for argument in arguments:
            option = option_of(argument)
            if option is None:
                raise MisreadError(argument[0].column, f"key=value in {call.name}(...)", str(argument[0]))
            if option.key in self._left:
                raise MisreadError(option.column, f"{option.key} only once", f'"{option.key}" again')
            self._left[option.key] = option

    def take(self, key: str, *, sign: str = "=") -> Option | None:
        """One option, removed; None where it is not given."""
        option = self._left.pop(key, None)
        if option is not None and option.sign != sign:
            raise MisreadError(option.column, f"{key}{sign}", f'"{key}{option.sign}"')
        return option

    def text(self, key: str) -> str | None:
        """The value of a text option."""
        option = self.take(key)
        return None if option is None else text_of(option.value)

    def needed(self, key: str) -> str:
        """The value of a text option that must be given."""
        value = self.text(key)
        if value is None:
            raise MisreadError(self._call.end, f"{key}= in {self._call.name}(...)", '")"')
        return value

    def number(self, key: str, *, sign: str = "=") -> Fraction | None:
        """The value of an option that is an amount."""
        option = self.take(key, sign=sign)
        return None if option is None else number_of(only(option.value), f"a number after {key}{sign}")

    def window(self) -> Window | None:
        """The value of ``within``."""
        option = self.take("within")
        return None if option is None else window_of(option.value)

    def grade(self) -> str | None:
        """The value of ``grade>=``."""
        option = self.take("grade", sign=">=")
        return None if option is None else text_of(option.value)

    def end(self, *keys: str) -> None:
        """Refuse what nobody asked for."""
        for option in self._left.values():
            near = nearest_ids(option.key, keys, count=1)
            hint = f" (did you mean {near[0]}?)" if near else ""
            raise MisreadError(option.column, f"one of {', '.join(keys)} in {self._call.name}(...)", f'"{option.key}"{hint}')
