"""How often: requests of one key, and failed sign-ins from one address.

Counted in the memory of one process: with several workers each counts its own share. Leaves out the clock, which is passed in.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any

from api.identity.errors import TooManyError

MOST_KNOWN = 10_000
"""Keys and addresses remembered; the ones unseen for longest are forgotten first, so that memory has an end."""
FREE_TRIES = 10
FIRST_LOCK_SECONDS = 30.0
LONGEST_LOCK_SECONDS = 3600.0
FORGIVEN_AFTER_SECONDS = 3600.0

Clock = Callable[[], float]


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


class RequestLimit:
    """So many requests a minute for each name, a full minute's worth at once at most.

    Parameters
    ----------
    per_minute : int
        None are limited where it is 0.
    clock : callable
        Seconds that only grow.
    """

    def __init__(self, per_minute: int, clock: Clock) -> None:
        self.per_minute = per_minute
        self.clock = clock
        self._lock = Lock()
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def count(self, name: str) -> None:
        """Count one request.

        Raises
        ------
        TooManyError
            If there were too many in the last minute; it says when the next is answered.
        """
        if self.per_minute == 0:
            return
        now, rate = self.clock(), self.per_minute / 60
        with self._lock:
            bucket = self._buckets.setdefault(name, _Bucket(self.per_minute, now))
            self._buckets.move_to_end(name)
            _forget(self._buckets)
            bucket.left = min(self.per_minute, bucket.left + (now - bucket.at) * rate)
            bucket.at = now
            if bucket.left < 1:
                message = f"requests: this key may send {self.per_minute} a minute"
                raise TooManyError(message, (1 - bucket.left) / rate)
            bucket.left -= 1


@dataclass(slots=True)
class _Failures:
    count: int = 0
    until: float = 0.0
    last: float = 0.0


class Lockout:
    """After ten failed sign-ins an address waits 30 seconds, then twice as long for each further failure, at most an hour.

    While it waits nothing it sends is looked at, except what signed in from there before: one wrong script must not lock out
    everyone behind the same address.
    """

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._lock = Lock()
        self._failures: OrderedDict[str, _Failures] = OrderedDict()
        self._good: OrderedDict[tuple[str, str], None] = OrderedDict()

    def check(self, address: str, credential: str) -> None:
        """Refuse to look at a credential while its address waits.

        Parameters
        ----------
        credential : str
            A digest of what was shown, never itself.

        Raises
        ------
        TooManyError
        """
        with self._lock:
            found = self._failures.get(address)
            waits = found.until - self.clock() if found is not None else 0.0
            if waits > 0 and (address, credential) not in self._good:
                raise TooManyError("failed sign-ins from your address", waits)

    def failed(self, address: str) -> bool:
        """Count a failure; True where it begins a wait, which is worth a line in the audit log."""
        now = self.clock()
        with self._lock:
            found = self._failures.setdefault(address, _Failures())
            self._failures.move_to_end(address)
            _forget(self._failures)
            if now - max(found.last, found.until) > FORGIVEN_AFTER_SECONDS:
                found.count = 0
            found.count += 1
            found.last = now
            if found.count < FREE_TRIES:
                return False
            found.until = now + min(LONGEST_LOCK_SECONDS, FIRST_LOCK_SECONDS * 2 ** min(found.count - FREE_TRIES, 20))
            return True

    def succeeded(self, address: str, credential: str) -> None:
        """Remember what signs in from where."""
        with self._lock:
            self._good[address, credential] = None
            self._good.move_to_end((address, credential))
            _forget(self._good)


def _forget(known: OrderedDict[Any, Any]) -> None:
    while len(known) > MOST_KNOWN:
        known.popitem(last=False)
