"""Guessing is slowed down by address, and a key that asks too often waits; time is passed in."""

from __future__ import annotations

import pytest

from api.identity.errors import TooManyError
from api.identity.limits import FREE_TRIES, MOST_KNOWN, Lockout, RequestLimit


class Time:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_key_may_send_its_minute_at_once_and_then_waits_for_the_next_request() -> None:
    time = Time()
    limit = RequestLimit(60, time)
    for _ in range(60):
        limit.count("key:a")
    with pytest.raises(TooManyError) as caught:
        limit.count("key:a")
    assert caught.value.headers == {"Retry-After": "1"}
    limit.count("key:b")
    time.now += 1
    limit.count("key:a")
    with pytest.raises(TooManyError):
        limit.count("key:a")


def test_no_limit_is_no_limit() -> None:
    limit = RequestLimit(0, Time())
    for _ in range(10_000):
        limit.count("key:a")


def test_a_thousand_guesses_from_one_address_are_not_looked_at() -> None:
    time = Time()
    lockout = Lockout(time)
    looked_at = 0
    for number in range(1000):
        time.now += 0.1
        try:
            lockout.check("10.0.0.1", f"guess {number}")
        except TooManyError:
            continue
        looked_at += 1
        lockout.failed("10.0.0.1")
    assert looked_at <= FREE_TRIES + 3
    lockout.check("10.0.0.2", "guess")


def test_a_wait_doubles_and_ends() -> None:
    time = Time()
    lockout = Lockout(time)
    waits = []
    for _ in range(FREE_TRIES + 10):
        lockout.failed("10.0.0.1")
        try:
            lockout.check("10.0.0.1", "guess")
        except TooManyError as error:
            waits.append(error.seconds)
            time.now += error.seconds
        lockout.check("10.0.0.1", "guess")
    assert waits[:3] == [30, 60, 120]
    assert max(waits) == 3600


def test_what_signed_in_before_still_does_from_the_same_address() -> None:
    lockout = Lockout(Time())
    lockout.succeeded("10.0.0.1", "good")
    for _ in range(FREE_TRIES):
        lockout.failed("10.0.0.1")
    lockout.check("10.0.0.1", "good")
    with pytest.raises(TooManyError):
        lockout.check("10.0.0.1", "guess")


def test_memory_of_addresses_has_an_end() -> None:
    lockout = Lockout(Time())
    for number in range(MOST_KNOWN + 500):
        lockout.failed(f"10.0.{number // 256}.{number % 256}")
    assert len(lockout._failures) == MOST_KNOWN
