"""One object of a CTDL file, read term by term; what nobody reads is named when it is closed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from pathways.catalog.formats.json_stream import member
from pathways.catalog.formats.reading import Reading
from pathways.catalog.formats.terms import OWN_PREFIX, local
from pathways.errors import UnitError
from pathways.units import amount

#: Members that say what an object is; read by whoever opens it.
_KEYWORDS = frozenset({"@id", "@type", "@context", "id", "type", "ctid"})
#: Languages preferred, first to last.
_LANGUAGES = ("en-us", "en", "en-gb")


class Node:
    """One object, whatever the spelling of its terms.

    Parameters
    ----------
    raw : mapping
        The JSON object.
    place : str
        JSON path.
    reading : Reading
        Receives warnings and problems.
    """

    def __init__(self, raw: Mapping[str, Any], place: str, reading: Reading) -> None:
        self.raw = raw
        self.place = place
        self.reading = reading
        self._terms: dict[str, list[str]] = {}
        for key in raw:
            self._terms.setdefault(local(key), []).append(key)
        self._read: set[str] = set()

    @property
    def type(self) -> str:
        """Class of the object: the first of its types, without prefix; empty where it has none."""
        return types_of(self.raw)[0]

    @property
    def ref(self) -> str:
        """Address of the object; empty where it has none."""
        found = self.raw.get("@id", self.raw.get("id"))
        return found if isinstance(found, str) else ""

    @property
    def terms(self) -> tuple[str, ...]:
        """Terms that are there."""
        return tuple(self._terms)

    def has(self, *terms: str) -> bool:
        """Whether any of the terms is there with a value."""
        return any(value is not None for term in terms for _, value in self._values(term))

    def values(self, term: str) -> Iterator[tuple[str, Any]]:
        """Values of one term with their places, a scalar as a list of one; nulls are left out."""
        self._read.add(term)
        return ((place, value) for place, value in self._values(term) if value is not None)

    def _values(self, term: str) -> Iterator[tuple[str, Any]]:
        for key in self._terms.get(term, ()):
            place, value = member(self.place, key), self.raw[key]
            if isinstance(value, dict) and len(value) == 1 and set(value) <= {"@list", "@set"}:
                ((inner, value),) = value.items()
                place = member(place, inner)
            if isinstance(value, list):
                yield from ((member(place, number), one) for number, one in enumerate(value))
            else:
                yield place, value

    def ignore(self, *terms: str) -> None:
        """Mark terms that need no word: they repeat what is read elsewhere."""
        self._read.update(terms)

    def texts(self, term: str) -> tuple[str, ...]:
        """Texts of one term, in English where there are several languages."""
        found = (one for place, value in self.values(term) for one in self._texts(value, place))
        return tuple(text for text in found if text)

    def text(self, term: str) -> str:
        """First text of one term, or nothing; further ones are named."""
        found = self.texts(term)
        if len(set(found)) > 1:
            self.reading.warn("only-first-kept", member(self.place, term), f"{term}: one text kept of {len(found)}", about=term)
        return found[0] if found else ""

    def _texts(self, value: Any, place: str) -> Iterator[str]:
        if isinstance(value, dict):
            yield from self._of_language(value, place)
        elif isinstance(value, str):
            yield self.reading.clean(value, place)
        elif isinstance(value, list):
            for number, one in enumerate(value):
                yield from self._texts(one, member(place, number))
        elif isinstance(value, int | Decimal) and not isinstance(value, bool):
            yield format(value, "f") if isinstance(value, Decimal) and _is_short(value) else str(value)
        else:
            self.reading.warn("not-text", place, f"not a text: {str(value)[:60]}", about="not a text")

    def _of_language(self, value: dict[str, Any], place: str) -> Iterator[str]:
        if "@value" in value:
            yield from self._texts(value["@value"], member(place, "@value"))
            return
        languages = {key.lower(): key for key in value if isinstance(value[key], str | list)}
        if not languages or len(languages) < len(value):
            self.reading.warn("not-text", place, "not a text and not texts by language", about="not a text")
            return
        chosen = next((languages[one] for one in _LANGUAGES if one in languages), next(iter(value)))
        if len(value) > 1:
            others = ", ".join(key[:20] for key in value if key != chosen)
            self.reading.warn(
                "other-languages", place, f"kept in {chosen[:20]}; left out: {others[:100]}", about="texts kept in one language"
            )
        yield from self._texts(value[chosen], member(place, chosen))

    def refs(self, term: str) -> tuple[tuple[str, str], ...]:
        """Addresses a term names, each with its place; an object is named by its ``@id``."""
        found = []
        for place, value in self.values(term):
            address = value if isinstance(value, str) else value.get("@id", value.get("id")) if isinstance(value, dict) else None
            if isinstance(address, str) and address.strip():
                found.append((place, address.strip()))
            else:
                self.reading.warn("not-a-reference", place, f"{term}: neither an address nor an object with one", about=term)
        return tuple(found)

    def number(self, term: str) -> Fraction | None:
        """An exact amount that is not negative, written as number or text; None where there is none."""
        for place, value in self.values(term):
            number = exact(value)
            if number is None:
                self.reading.warn(
                    "out-of-range", place, f"{term}: {str(value)[:60]} is not an amount between 0 and 100,000", about=term
                )
            return number
        return None

    def concepts(self, term: str) -> tuple[str, ...]:
        """Addresses or names of the concepts a term points at, through alignment objects or directly."""
        found: list[str] = []
        for place, value in self.values(term):
            if isinstance(value, str):
                found.append(value)
            elif isinstance(value, dict):
                inner = Node(value, place, self.reading)
                address = next((one for _, one in inner.values("targetNode") if isinstance(one, str)), "")
                found.append(address or inner.text("targetNodeName") or inner.ref or inner.text("@value"))
        return tuple(one for one in found if one)

    def close(self) -> None:
        """Name every property that nobody read, with its place."""
        for term, keys in self._terms.items():
            if term in self._read or term in _KEYWORDS or term.startswith(f"{OWN_PREFIX}:"):
                continue
            for key in keys:
                if self.raw[key] not in (None, [], {}, ""):
                    text = f"{key[:80]} is not read"
                    self.reading.warn("unread-property", member(self.place, key), text, about=f"{self.type or 'object'} {text}")


def types_of(raw: Mapping[str, Any]) -> tuple[str, ...]:
    """Classes of an object, without prefix; one empty text where it has none."""
    found = raw.get("@type", raw.get("type"))
    names = found if isinstance(found, list) else [found]
    return tuple(local(name) for name in names if isinstance(name, str)) or ("",)


def exact(value: object) -> Fraction | None:
    """Read an exact amount of a number or a text; None where it is not one, or not between 0 and 100,000."""
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal | float):
        return None
    if isinstance(value, float):
        value = Decimal(repr(value))
    if isinstance(value, Decimal):
        value = format(value, "f") if _is_short(value) else "too long"
    try:
        return amount(str(value))
    except (UnitError, ValueError):
        return None


def _is_short(value: Decimal) -> bool:
    """Whether a number can be written out: 1e999999999 would fill the memory."""
    return value.is_finite() and abs(value.adjusted()) < 30
