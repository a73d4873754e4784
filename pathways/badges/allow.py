"""What is kept of a badge, value by value: the only way from a document into a :class:`~pathways.badges.entities.Badge`.

Every text is cleaned on the way in: NFC, no characters that are not seen, no e-mail addresses, a longest length. Amounts are exact
and in range, times are UTC. Leaves out which field means what (:mod:`pathways.badges.open_badges_3` and its siblings).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction
from typing import Any, TypeGuard

from pathways.badges.entities import BadgeProblem

MAX_NAME = 500
MAX_TEXT = 10_000
MAX_LISTED = 500
MAX_CREDITS = 10_000

_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+|(?i:mailto|tel):\S+")
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,30}:[^\s<>\"{}|\\^`]+")
_TIME = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9})\d*)?)?(Z|[+-]\d\d:?\d\d)?", re.ASCII | re.IGNORECASE
)
_AMOUNT = re.compile(r"-?\d{1,20}(?:\.\d{1,20})?(?:e[+-]?\d{1,3})?", re.ASCII | re.IGNORECASE)


class Found:
    """Problems of one document, each code and text once."""

    def __init__(self) -> None:
        self._problems: dict[BadgeProblem, None] = {}

    def wrong(self, code: str, text: str) -> None:
        """Note something that makes the badge invalid."""
        self._problems[BadgeProblem(code, text)] = None

    def remark(self, code: str, text: str) -> None:
        """Note something to be shown that changes no verdict."""
        self._problems[BadgeProblem(code, text, blocking=False)] = None

    def all(self) -> tuple[BadgeProblem, ...]:
        """What was noted, in order."""
        return tuple(self._problems)


def words(value: Any, *, most: int = MAX_TEXT) -> str | None:
    """A text as it may be kept: a string, a language object or map (English first), or the first such in a list.

    Examples
    --------
    >>> words({"@value": "Reading  coach, ask jo@school.example", "@language": "en"})
    'Reading coach, ask [address removed]'
    """
    text = _spoken(value)
    if text is None:
        return None
    seen = unicodedata.normalize("NFC", "".join(mark for mark in text if mark.isspace() or _is_seen(mark)))
    kept = _EMAIL.sub("[address removed]", " ".join(seen[: 4 * most].split()))
    return kept[:most] or None


def name(value: Any) -> str | None:
    """A short text on one line."""
    return words(value, most=MAX_NAME)


def look(value: Any, where: str, found: Found) -> None:
    """Remark on a text that may not be what it looks like: marks that are not seen, letters of two alphabets in one word."""
    text = _spoken(value) or ""
    if any(not mark.isspace() and not _is_seen(mark) for mark in text):
        found.remark("hidden_characters", f"The {where} held characters that are not seen; they were removed.")
    if any(len(_alphabets(word)) > 1 for word in text[:MAX_NAME].split()):
        found.remark("mixed_alphabets", f"The {where} mixes letters of several alphabets in one word; it may imitate another.")


def address(value: Any) -> str | None:
    """An absolute address or URN, from a string or an object's ``id``; None for anything else, e-mails too.

    Examples
    --------
    >>> address({"id": "https://issuer.example/badges/1"}), address("mailto:jo@school.example"), address("_:b0")
    ('https://issuer.example/badges/1', None, None)
    """
    if isinstance(value, Mapping):
        value = value.get("id", value.get("@id"))
    if not is_url(value) or _EMAIL.search(value):
        return None
    return str(value)


def is_url(value: Any) -> TypeGuard[str]:
    """Whether a value is an absolute address: a scheme, and no blanks."""
    return isinstance(value, str) and len(value) <= 4096 and _URL.fullmatch(value) is not None


def listed(value: Any) -> list[Any]:
    """A value that may stand alone or in a list, as a list; nothing where it is missing. The rest beyond a few hundred is left."""
    if value is None:
        return []
    return value[:MAX_LISTED] if isinstance(value, list) else [value]


def objects(value: Any) -> list[Mapping[str, Any]]:
    """The objects of a value that may stand alone or in a list."""
    return [item for item in listed(value) if isinstance(item, Mapping)]


def credit(value: Any, where: str, found: Found) -> Fraction | None:
    """An exact amount of credit, 0 to 10,000; anything else is left out with a remark.

    Examples
    --------
    >>> credit(0.1, "credits", Found()) + credit("0.2", "credits", Found())
    Fraction(3, 10)
    """
    if value is None:
        return None
    text = str(value)
    if not isinstance(value, bool) and isinstance(value, int | float | str) and _AMOUNT.fullmatch(text):
        # The exponent is bounded first: a fraction of 1e308 is exact, and has 308 digits.
        amount = Fraction(text) if abs(float(text)) <= MAX_CREDITS else None
        if amount is not None and amount >= 0:
            return amount.limit_denominator(10**9)
    found.remark("credits_out_of_range", f"{where} is {text[:40]!r}. Expected a number from 0 to {MAX_CREDITS:,}; it was left out.")
    return None


def moment(value: Any, where: str, found: Found) -> datetime | None:
    """A time as UTC, exact to the microsecond; without a zone it is read as UTC. A time that cannot be read is a problem.

    Examples
    --------
    >>> moment("2024-02-29T23:59:59-05:00", "validFrom", Found()).isoformat()
    '2024-03-01T04:59:59+00:00'
    """
    if value is None:
        return None
    read = parse_moment(value)
    if read is None:
        text = f"{where} is {str(value)[:40]!r}. Expected a time such as 2026-11-21T10:00:00Z."
        found.wrong("date_unreadable", text)
    return read


def parse_moment(value: Any) -> datetime | None:
    """The time a text names, as UTC; None where it names none."""
    match = _TIME.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    fraction = int((match.group(7) or "").ljust(6, "0")[:6])
    try:
        return datetime(year, month, day, hour, minute, second, fraction, _zone(match.group(8) or "Z")).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _zone(text: str) -> timezone:
    if text in {"Z", "z"}:
        return UTC
    digits = text[1:].replace(":", "")
    hours, minutes = int(digits[:2]), int(digits[2:])
    if minutes > 59:
        raise ValueError(text)
    distance = timedelta(hours=hours, minutes=minutes)
    return timezone(-distance if text[0] == "-" else distance)


def _spoken(value: Any) -> str | None:
    for _ in range(3):
        if isinstance(value, list):
            value = value[0] if value else None
        elif isinstance(value, Mapping):
            spoken = [key for key in ("@value", "en", "en-US", "en-us", "en-GB") if isinstance(value.get(key), str)]
            rest = [] if spoken or {"id", "type"} & set(value) else [key for key, text in value.items() if isinstance(text, str)]
            value = value[(spoken + rest)[0]] if spoken or rest else None
    return value if isinstance(value, str) else None


def _is_seen(mark: str) -> bool:
    return unicodedata.category(mark) not in {"Cc", "Cf", "Cs", "Co", "Cn"}


def _alphabets(word: str) -> set[str]:
    names = (unicodedata.name(mark, "").split(" ")[0] for mark in word if mark.isalpha())
    return {first for first in names if first in {"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"}}
