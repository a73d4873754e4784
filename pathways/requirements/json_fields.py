"""Reading one JSON object field by field, with a pointer to whatever is wrong."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeVar

from pathways.errors import PathwaysError, UnitError, nearest_ids
from pathways.units import amount, show

V = TypeVar("V", bound=str)


@dataclass
class RequirementShapeError(PathwaysError):
    """A requirement in JSON that has not the shape of one.

    Parameters
    ----------
    pointer : str
        JSON pointer (RFC 6901) of what is wrong; empty for the whole.
    found, expected : str
        What stands there, and what may stand there.
    """

    pointer: str
    found: str
    expected: str

    def __str__(self) -> str:
        """Name the pointer, what was expected and what was found."""
        return f'requirement at "{self.pointer or "/"}": expected {self.expected}, found {self.found}'


def named(value: object) -> str:
    """Short words for a JSON value, for a message."""
    if isinstance(value, str):
        return f'"{value[:60]}"'
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    if value is None or isinstance(value, bool):
        return {None: "nothing", True: "true", False: "false"}[value]
    return str(value)[:60]


class Fields:
    """The members of one JSON object, each taken once; what is left over is an error."""

    def __init__(self, value: object, pointer: str) -> None:
        if not isinstance(value, dict):
            raise RequirementShapeError(pointer, named(value), "an object with a type")
        self._left: dict[str, Any] = dict(value)
        self.pointer = pointer

    def wrong(self, key: str, value: object, expected: str) -> RequirementShapeError:
        """The error for one member."""
        return RequirementShapeError(f"{self.pointer}/{key}", named(value), expected)

    def optional(self, key: str) -> str | None:
        """A text, or None where it is missing or null."""
        value = self._left.pop(key, None)
        if value is not None and not isinstance(value, str):
            raise self.wrong(key, value, "a text")
        return value

    def text(self, key: str) -> str:
        """A text that must be there."""
        value = self.optional(key)
        if value is None:
            raise self.wrong(key, None, "a text")
        return value

    def choice(self, key: str, allowed: tuple[V, ...]) -> V | None:
        """One of a few words, or None where it is missing."""
        value = self.optional(key)
        for word in allowed:
            if word == value:
                return word
        if value is not None:
            raise self.wrong(key, value, f"one of {', '.join(allowed)}")
        return None

    def amount(self, key: str) -> Fraction | None:
        """An exact amount (a number, or a text such as "2/3"), or None where it is missing."""
        value = self._left.pop(key, None)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise self.wrong(key, value, "an amount")
        try:
            return amount(value)
        except UnitError:
            raise self.wrong(key, value, "an amount such as 3, 0.5 or 2/3, not negative") from None

    def needed_amount(self, key: str) -> Fraction:
        """An amount that must be there."""
        value = self.amount(key)
        if value is None:
            raise self.wrong(key, None, "an amount")
        return value

    def whole(self, key: str) -> int:
        """A whole number that must be there."""
        value = self._left.pop(key, None)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.wrong(key, value, "a whole number")
        return value

    def flag(self, key: str) -> bool:
        """True or false; false where it is missing."""
        value = self._left.pop(key, False)
        if not isinstance(value, bool):
            raise self.wrong(key, value, "true or false")
        return value

    def items(self, key: str) -> list[Any]:
        """A list; empty where it is missing."""
        value = self._left.pop(key, [])
        if not isinstance(value, list):
            raise self.wrong(key, value, "a list")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts."""
        values = self.items(key)
        for place, value in enumerate(values):
            if not isinstance(value, str):
                where = f"{key}/{place}"
                raise self.wrong(where, value, "a text")
        return tuple(values)

    def object(self, key: str) -> Fields | None:
        """Another object, or None where it is missing."""
        value = self._left.pop(key, None)
        return None if value is None else Fields(value, f"{self.pointer}/{key}")

    def end(self, known: Collection[str]) -> None:
        """Refuse members nobody asked for."""
        for key in self._left:
            near = nearest_ids(str(key), known, count=1)
            hint = f" (did you mean {near[0]}?)" if near else ""
            place = f"{self.pointer}/{key}"
            raise RequirementShapeError(place, f"an unknown member{hint}", "only known members")


def number(value: Fraction | None) -> int | str | None:
    """Write an exact amount: a whole one as a number, any other as a text such as "0.5" or "2/3"."""
    if value is None:
        return None
    return int(value) if value.denominator == 1 else show(value)
