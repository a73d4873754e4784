"""When a badge is valid, to the instant, in UTC, both ends included.

A badge is valid from the instant of its start to the instant of its end: at ``validUntil`` it still counts, a microsecond later
not. An end that is a day alone lasts through that day in UTC; a time without a zone is UTC.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from pathways.badges.allow import parse_moment
from pathways.badges.entities import BadgeProblem

STARTS = ("validFrom", "issuanceDate", "issuedOn")
ENDS = ("validUntil", "expirationDate", "expires")


@dataclass(frozen=True, slots=True)
class Dates:
    """Where an instant falls in a badge's time."""

    word: Literal["current", "expired", "not_yet_valid", "unknown"]
    problem: BadgeProblem | None = None


def check_dates(document: Mapping[str, Any], now: datetime, claims: Mapping[str, Any] | None = None) -> Dates:
    """Say whether a credential is in its time.

    Parameters
    ----------
    document : mapping
        The credential or assertion.
    now : datetime
        With a time zone.
    claims : mapping or None
        Of its token: ``nbf`` and ``exp`` narrow the time.

    Returns
    -------
    Dates
        ``unknown`` where a date cannot be read, which is a problem.
    """
    starts, ends = _moments(document, STARTS), _moments(document, ENDS)
    token = claims or {}
    starts.append(_seconds(token.get("nbf")))
    ends.append(_seconds(token.get("exp")))
    if "unreadable" in starts or "unreadable" in ends:
        return Dates("unknown", BadgeProblem("date_unreadable", "A date of the badge cannot be read."))
    expired = [end for end in ends if isinstance(end, datetime) and now > end]
    if expired:
        return Dates("expired", BadgeProblem("expired", f"The badge expired: it was valid until {min(expired).isoformat()}."))
    early = [start for start in starts if isinstance(start, datetime) and now < start]
    if early:
        return Dates("not_yet_valid", BadgeProblem("not_yet_valid", f"The badge is valid from {max(early).isoformat()} on."))
    return Dates("current")


def _moments(document: Mapping[str, Any], fields: Sequence[str]) -> list[datetime | str | None]:
    return [_moment(document[field], is_end=fields is ENDS) for field in fields if document.get(field) is not None]


def _moment(value: Any, *, is_end: bool) -> datetime | str:
    read = parse_moment(value)
    if read is None:
        return "unreadable"
    return read + timedelta(days=1, microseconds=-1) if is_end and len(value) == len("2026-11-21") else read


def _seconds(value: Any) -> datetime | str | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "unreadable"
    try:
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        return "unreadable"
