"""Which operations are on their way out, and the headers that say so (RFC 9745 ``Deprecation``, RFC 8594 ``Sunset``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from email.utils import format_datetime


@dataclass(frozen=True, slots=True)
class Deprecation:
    """Since when an operation is deprecated, when it may stop answering, and the address of what takes its place."""

    since: date
    sunset: date
    successor: str


#: Deprecated operation ids. Empty while there is only one version.
DEPRECATED: Mapping[str, Deprecation] = {}


def headers_of(entry: Deprecation) -> dict[str, str]:
    """Headers of every answer of a deprecated operation.

    Examples
    --------
    >>> headers_of(Deprecation(date(2027, 1, 1), date(2028, 1, 1), "/v2/audits"))["Sunset"]
    'Sat, 01 Jan 2028 00:00:00 GMT'
    """
    return {
        "Deprecation": f"@{int(_midnight(entry.since).timestamp())}",
        "Sunset": format_datetime(_midnight(entry.sunset), usegmt=True),
        "Link": f'<{entry.successor}>; rel="successor-version"',
    }


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
