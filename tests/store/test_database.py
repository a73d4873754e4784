"""What the store promises whatever database it is on: all of a write or nothing, one writer after the other, plain errors."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select

from api.store.database import Database, database_of, open_database
from api.store.driver import serialize
from api.store.errors import ConstraintError, StalePlanError, StoreBusyError, StoreError, UnknownPlanError
from api.store.location import LOCAL
from api.store.plans import PlanStore
from api.store.tables import idempotency, institutions, plans

PLAN = {"institution_id": LOCAL, "id": "A", "version": 1, "body": "{}", "kept_at": "2026-11-21T00:00:00+00:00"}


def names(database: Database) -> list[str]:
    with database.read() as connection:
        return list(connection.execute(select(institutions.c.id).order_by(institutions.c.id)).scalars())


def add_institution(database: Database, name: str) -> None:
    with database.begin() as connection:
        connection.execute(insert(institutions).values(id=name, name=name, made_at="2026-11-21T00:00:00+00:00"))


def test_a_new_store_has_one_institution_this_machine(database: Database) -> None:
    assert names(database) == [LOCAL]


def test_what_is_written_is_there_for_the_next_process(database: Database, reopened: Callable[[], Database]) -> None:
    add_institution(database, "ohio")
    assert names(reopened()) == [LOCAL, "ohio"]


def test_a_write_that_fails_leaves_nothing(database: Database) -> None:
    def write_half() -> None:
        with database.begin() as connection:
            connection.execute(insert(institutions).values(id="half", name="half", made_at=""))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_half()
    assert names(database) == [LOCAL]


def test_an_id_that_is_taken_is_refused(database: Database) -> None:
    add_institution(database, "ohio")
    with pytest.raises(ConstraintError):
        add_institution(database, "ohio")


def test_a_row_of_no_institution_is_refused(database: Database) -> None:
    with pytest.raises(ConstraintError), database.begin() as connection:
        connection.execute(insert(plans).values({**PLAN, "institution_id": "nobody"}))


def test_a_read_sees_one_state_from_beginning_to_end(database: Database, reopened: Callable[[], Database]) -> None:
    other = reopened()
    with database.read() as connection:
        before = connection.execute(select(func.count()).select_from(institutions)).scalar()
        add_institution(other, "ohio")
        assert connection.execute(select(func.count()).select_from(institutions)).scalar() == before
    assert names(database) == [LOCAL, "ohio"]


def test_a_read_cannot_write(database: Database) -> None:
    with pytest.raises(StoreError), database.read() as connection:
        connection.execute(insert(plans).values(PLAN))


def test_writers_that_take_turns_count_without_a_gap(database: Database, reopened: Callable[[], Database]) -> None:
    stores = [database, reopened(), reopened()]
    gate = threading.Barrier(len(stores))

    def count(store: Database) -> None:
        gate.wait()
        for _ in range(5):
            with store.begin() as connection:
                serialize(connection, "plans of A")
                last = connection.execute(select(func.max(plans.c.version))).scalar() or 0
                connection.execute(insert(plans).values({**PLAN, "version": last + 1}))

    threads = [threading.Thread(target=count, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as connection:
        assert list(connection.execute(select(plans.c.version).order_by(plans.c.version)).scalars()) == list(range(1, 16))


def test_a_writer_waits_for_another_and_then_says_so(address: Path | str, database: Database) -> None:
    impatient = open_database(address, wait_seconds=0.2)
    with database.begin() as connection:
        connection.execute(insert(institutions).values(id="ohio", name="", made_at=""))
        with pytest.raises(StoreBusyError) as caught, impatient.begin() as second:
            second.execute(insert(institutions).values(id="ohio", name="", made_at=""))
    assert "Try again" in str(caught.value)
    impatient.close()
    assert names(database) == [LOCAL, "ohio"]


def test_a_slow_writer_is_waited_for(database: Database, reopened: Callable[[], Database]) -> None:
    other, started = reopened(), threading.Event()

    def write_slowly() -> None:
        with other.begin() as connection:
            connection.execute(insert(institutions).values(id="slow", name="", made_at=""))
            started.set()
            threading.Event().wait(0.4)

    thread = threading.Thread(target=write_slowly)
    thread.start()
    started.wait()
    add_institution(database, "quick")
    thread.join()
    assert names(database) == [LOCAL, "quick", "slow"]


def test_a_store_that_was_closed_opens_again(database: Database) -> None:
    add_institution(database, "ohio")
    database.close()
    assert names(database) == [LOCAL, "ohio"]


def test_a_key_is_kept_once_for_each_operation(database: Database) -> None:
    row = {"institution_id": LOCAL, "operation": "make_plan", "key": "k", "request_sha256": "0", "started_at": ""}
    with database.begin() as connection:
        connection.execute(insert(idempotency).values(row))
        connection.execute(insert(idempotency).values({**row, "operation": "what_if"}))
    with pytest.raises(ConstraintError), database.begin() as connection:
        connection.execute(insert(idempotency).values(row))


def test_plans_of_one_institution_are_unknown_to_another(database: Database) -> None:
    add_institution(database, "ohio")
    mine, theirs = PlanStore(database), PlanStore(database, "ohio")
    kept = mine.add(lambda _: "mine")
    assert mine.get(kept.id.lower()) == kept
    with pytest.raises(UnknownPlanError):
        theirs.get(kept.id)


def test_a_plan_follows_only_the_version_its_author_saw(database: Database, reopened: Callable[[], Database]) -> None:
    here, there = PlanStore(database), PlanStore(reopened())
    first = here.add(lambda _: "one")
    second = there.follow(first, "two")
    with pytest.raises(StalePlanError):
        here.follow(first, "other two")
    assert here.get(first.id) == second


def test_no_message_shows_a_password() -> None:
    where = database_of("postgresql://someone:secret@127.0.0.1:1/none")
    with pytest.raises(StoreError) as caught:
        where.open()
    assert "secret" not in f"{caught.value} {where!r} {where.location!r}"
    assert "postgresql://127.0.0.1:1/none" in str(caught.value)
