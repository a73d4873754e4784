"""The audit log in both databases: appends follow each other, tampering in the database is named, an export carries the proof."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable

import pytest
from sqlalchemy import text

from api.identity.asker import LOCAL_ASKER
from api.identity.audit_log import AuditLog, exported
from api.store.database import Database


def fill(database: Database, log: AuditLog, count: int) -> None:
    for number in range(count):
        log.record(database, LOCAL_ASKER, "key.made", f"k{number}", role="advisor")


def test_what_is_appended_is_verified(database: Database, log: AuditLog) -> None:
    assert log.verify(database).fault is None
    fill(database, log, 4)
    found = log.verify(database)
    assert (found.rows, found.fault) == (4, None)
    assert found.head is not None
    assert found.head.seq == 4


def test_what_fails_leaves_no_row(database: Database, log: AuditLog) -> None:
    fill(database, log, 1)

    def fails() -> None:
        with database.begin() as connection:
            log.append(connection, LOCAL_ASKER, "key.made", "k9")
            raise RuntimeError("something else went wrong")

    with pytest.raises(RuntimeError):
        fails()
    found = log.verify(database)
    assert (found.rows, found.fault) == (1, None)


@pytest.mark.parametrize(
    ("tampering", "first_bad"),
    [
        ("update audit_log set actor = 'p-other' where seq = 3", 3),
        ("update audit_log set detail = '{}' where seq = 1", 1),
        ("delete from audit_log where seq = 2", 2),
        ("delete from audit_log where seq > 4", 5),
        ("delete from audit_log", 1),
        ("delete from audit_head", 6),
        ("update audit_head set seq = 4, hash = (select hash from audit_log where seq = 4)", 4),
    ],
)
def test_tampering_is_named_by_its_first_row(database: Database, log: AuditLog, tampering: str, first_bad: int) -> None:
    fill(database, log, 6)
    with database.begin() as connection:
        connection.execute(text(tampering))
    fault = log.verify(database).fault
    assert fault is not None
    assert fault.seq == first_bad


def test_rows_that_change_places_are_named(database: Database, log: AuditLog) -> None:
    fill(database, log, 5)
    with database.begin() as connection:
        for old, new in ((2, 99), (4, 2), (99, 4)):
            connection.execute(text("update audit_log set seq = :new where seq = :old"), {"old": old, "new": new})
    fault = log.verify(database).fault
    assert fault is not None
    assert fault.seq == 2


def test_many_that_append_at_once_make_one_chain(database: Database, reopened: Callable[[], Database], log: AuditLog) -> None:
    stores = [database, reopened(), reopened()]
    failed: list[Exception] = []

    def write(store: Database) -> None:
        try:
            fill(store, log, 8)
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=write, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    found = log.verify(database)
    assert (found.rows, found.fault) == (24, None)


def test_an_export_has_every_row_with_its_proof(database: Database, log: AuditLog) -> None:
    fill(database, log, 3)
    rows = [json.loads(line) for line in exported(database)]
    assert [row["seq"] for row in rows] == [1, 2, 3]
    assert rows[1]["previous"] == rows[0]["hash"]
    assert len(list(exported(database, "another"))) == 0
