"""The chain of the audit log: each row holds the digest of the row before, and a seal that only this server can make.

What it promises: whoever changes, removes or reorders rows in the database without the server's key is found out, at the first bad
row; rows cut off at the end are found out by the sealed head. What it cannot see: the whole database put back to an older copy of
itself. Against that, keep the head that ``audit-log verify`` prints, or an export, somewhere else.

Leaves out the database: :mod:`api.identity.audit_log`.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from hashlib import sha256

from api.identity.digests import digest

START = "0" * 64
"""What the first row holds as the digest of the row before."""


@dataclass(frozen=True, slots=True)
class Event:
    """What happened: pseudonyms and words of this program only, never what a person typed.

    Parameters
    ----------
    subject : str
        What it was done to: an id, or for a learner the pseudonym that their own key makes.
    detail : str
        JSON object as text.
    """

    institution_id: str
    at: str
    actor: str
    action: str
    subject: str
    detail: str = "{}"


@dataclass(frozen=True, slots=True)
class Row:
    """An event in its place of the chain."""

    seq: int
    event: Event
    previous: str
    hash: str
    seal: str


@dataclass(frozen=True, slots=True)
class Head:
    """Where the chain ends, sealed."""

    seq: int
    hash: str
    seal: str


@dataclass(frozen=True, slots=True)
class Fault:
    """The first row that is not as it was written, and what is wrong with it."""

    seq: int
    what: str


def canonical(seq: int, event: Event) -> str:
    """One spelling for each event: fields in order, no spaces, ASCII.

    Examples
    --------
    >>> canonical(1, Event("local", "2026-01-01T00:00:00+00:00", "local", "key.made", "k"))[:44]
    '{"action":"key.made","actor":"local","at":"2'
    """
    return json.dumps({"seq": seq, **asdict(event)}, sort_keys=True, separators=(",", ":"))


def link(before: Head | None, event: Event, key: bytes) -> Row:
    """The row that follows."""
    seq, previous = (before.seq + 1, before.hash) if before is not None else (1, START)
    found = sha256(f"{previous}\n{canonical(seq, event)}".encode()).hexdigest()
    return Row(seq, event, previous, found, digest(key, f"row {found}"))


def head_of(row: Row, key: bytes) -> Head:
    """The sealed end of a chain that ends with a row."""
    return Head(row.seq, row.hash, digest(key, f"head {row.seq} {row.hash}"))


def first_fault(rows: Iterable[Row], head: Head | None, key: bytes) -> Fault | None:
    """The first row that is not as it was written; None where all are and none is missing.

    Parameters
    ----------
    rows : iterable of Row
        In the order of ``seq``.
    head : Head or None
        As stored; None where there is none, which only an empty log may have.
    """
    last: Row | None = None
    for row in rows:
        expected = last.seq + 1 if last is not None else 1
        if row.seq != expected:
            return Fault(expected, f"row {expected} is missing: row {row.seq} comes after row {expected - 1}")
        what = _wrong(row, last, key)
        if what is not None:
            return Fault(row.seq, what)
        last = row
    return _wrong_end(last, head, key)


def _wrong(row: Row, last: Row | None, key: bytes) -> str | None:
    own = sha256(f"{row.previous}\n{canonical(row.seq, row.event)}".encode()).hexdigest()
    if own != row.hash:
        return "its text is not the text it was written with"
    if not hmac.compare_digest(row.seal, digest(key, f"row {row.hash}")):
        return "its seal was not made by this server's key"
    if row.previous != (last.hash if last is not None else START):
        return "it does not follow the row before it"
    return None


def _wrong_end(last: Row | None, head: Head | None, key: bytes) -> Fault | None:
    if head is None:
        return None if last is None else Fault(last.seq, "the sealed head of the log is gone, so rows after it may be missing")
    if not hmac.compare_digest(head.seal, digest(key, f"head {head.seq} {head.hash}")):
        return Fault(head.seq, "the head of the log was not sealed by this server's key")
    if last is None or last.seq < head.seq:
        return Fault(1 if last is None else last.seq + 1, f"rows are missing at the end: the log had {head.seq} rows")
    if (last.seq, last.hash) != (head.seq, head.hash):
        return Fault(head.seq, "the log does not end where its sealed head says")
    return None
