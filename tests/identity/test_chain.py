"""Whoever edits, deletes, reorders or cuts off rows of the log without the server's key is found out, at the first bad row."""

from __future__ import annotations

import dataclasses
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.identity.chain import START, Event, Head, Row, canonical, first_fault, head_of, link

KEY = b"the key of this server"


def written(count: int) -> tuple[list[Row], Head]:
    rows: list[Row] = []
    head: Head | None = None
    for number in range(count):
        event = Event("local", f"2026-11-22T00:00:{number:02}+00:00", "p-1", "learner.viewed", f"s{number}", '{"n": 1}')
        rows.append(link(head, event, KEY))
        head = head_of(rows[-1], KEY)
    assert head is not None
    return rows, head


def forged(row: Row, previous: str) -> Row:
    """A row as somebody writes it who knows how the chain is made, but not the key."""
    own = sha256(f"{previous}\n{canonical(row.seq, row.event)}".encode()).hexdigest()
    return dataclasses.replace(row, previous=previous, hash=own)


def test_a_log_as_it_was_written_has_no_fault() -> None:
    rows, head = written(8)
    assert first_fault(rows, head, KEY) is None
    assert first_fault([], None, KEY) is None
    assert rows[0].previous == START
    assert [row.previous for row in rows[1:]] == [row.hash for row in rows[:-1]]


@given(count=st.integers(1, 9), data=st.data())
def test_an_edit_is_named_whatever_field_it_is_in(count: int, data: st.DataObject) -> None:
    rows, head = written(count)
    at = data.draw(st.integers(0, count - 1))
    field = data.draw(st.sampled_from([field.name for field in dataclasses.fields(Event)]))
    event = dataclasses.replace(rows[at].event, **{field: "somebody else"})
    rows[at] = dataclasses.replace(rows[at], event=event)
    fault = first_fault(rows, head, KEY)
    assert fault is not None
    assert fault.seq == at + 1


@given(count=st.integers(1, 9), data=st.data())
def test_an_edit_whose_digests_are_all_made_again_is_named_too(count: int, data: st.DataObject) -> None:
    rows, head = written(count)
    at = data.draw(st.integers(0, count - 1))
    rows[at] = dataclasses.replace(rows[at], event=dataclasses.replace(rows[at].event, actor="p-2"))
    for number in range(at, count):
        rows[number] = forged(rows[number], rows[number - 1].hash if number else START)
    fault = first_fault(rows, head, KEY)
    assert fault is not None
    assert (fault.seq, "seal" in fault.what) == (at + 1, True)


@given(count=st.integers(2, 9), data=st.data())
def test_a_row_that_is_gone_is_named_wherever_it_was(count: int, data: st.DataObject) -> None:
    rows, head = written(count)
    at = data.draw(st.integers(0, count - 1))
    del rows[at]
    fault = first_fault(rows, head, KEY)
    assert fault is not None
    assert fault.seq == at + 1
    assert "missing" in fault.what


@given(count=st.integers(2, 9), data=st.data())
def test_two_rows_that_changed_places_are_found(count: int, data: st.DataObject) -> None:
    rows, head = written(count)
    first = data.draw(st.integers(0, count - 2))
    second = data.draw(st.integers(first + 1, count - 1))
    one, other = rows[first], rows[second]
    rows[first] = dataclasses.replace(other, seq=one.seq)
    rows[second] = dataclasses.replace(one, seq=other.seq)
    fault = first_fault(rows, head, KEY)
    assert fault is not None
    assert fault.seq == first + 1


def test_a_head_cut_back_to_an_older_row_is_not_sealed() -> None:
    rows, _ = written(5)
    fault = first_fault(rows[:3], Head(3, rows[2].hash, rows[2].seal), KEY)
    assert fault is not None
    assert "head" in fault.what


@pytest.mark.parametrize("left", [0, 3])
def test_rows_without_a_head_are_not_trusted(left: int) -> None:
    rows, head = written(5)
    fault = first_fault(rows[:left], head if left == 0 else None, KEY)
    assert fault is not None


def test_a_log_sealed_with_another_key_is_not_ours() -> None:
    rows, head = written(3)
    assert first_fault(rows, head, b"another key") is not None
