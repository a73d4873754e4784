"""The file of plans: every version kept, no two writers over each other, a clear word where the file cannot be used."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from api.settings import read_settings
from api.store.database import database_of
from api.store.errors import StalePlanError, StoreError, UnknownPlanError
from api.store.plans import FILE, LETTERS, Kept, PlanStore


@pytest.fixture
def store(tmp_path: Path) -> PlanStore:
    return at(tmp_path / "new" / FILE)


def at(path: Path) -> PlanStore:
    return PlanStore(database_of(path))


def path_of(store: PlanStore) -> Path:
    path = store.database.location.path
    assert path is not None
    return path


def test_a_plan_comes_back_as_it_was_kept(store: PlanStore) -> None:
    kept = store.add(lambda plan_id: f'{{"id": "{plan_id}"}}')
    assert store.get(kept.id) == kept == Kept(kept.id, 1, f'{{"id": "{kept.id}"}}')
    assert store.get(kept.id.lower()) == kept
    assert set(kept.id) <= set(LETTERS)


def test_every_version_is_kept(store: PlanStore) -> None:
    first = store.add(lambda _: "one")
    second = store.follow(first, "two")
    assert (second.version, store.get(first.id).body) == (2, "two")
    with sqlite3.connect(path_of(store)) as opened:
        assert opened.execute("select version, body from plans order by version").fetchall() == [(1, "one"), (2, "two")]
    opened.close()


def test_a_change_of_an_old_version_is_stale(store: PlanStore) -> None:
    first = store.add(lambda _: "one")
    store.follow(first, "two")
    with pytest.raises(StalePlanError) as caught:
        store.follow(first, "other two")
    assert "version 2" in str(caught.value)
    assert store.get(first.id).body == "two"


def test_of_many_writers_at_once_one_wins(store: PlanStore) -> None:
    first = store.add(lambda _: "one")
    won: list[str] = []
    gate = threading.Barrier(6)

    def write(name: str) -> None:
        gate.wait()
        try:
            store.follow(first, name)
        except StalePlanError:
            return
        won.append(name)

    threads = [threading.Thread(target=write, args=(f"by {count}",)) for count in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
    assert store.get(first.id).body == won[0]


def test_an_unknown_plan_is_named_and_nothing_is_made(store: PlanStore) -> None:
    with pytest.raises(UnknownPlanError) as caught:
        store.get("NOSUCH00")
    assert "NOSUCH00" in str(caught.value)
    assert not path_of(store).exists()


def test_a_file_that_is_no_store_is_named(tmp_path: Path) -> None:
    path = tmp_path / FILE
    path.write_text("not a database " * 100)
    uses: tuple[Callable[[], Kept], ...] = (lambda: at(path).get("X"), lambda: at(path).add(lambda _: ""))
    for use in uses:
        with pytest.raises(StoreError) as caught:
            use()
        assert str(path) in str(caught.value)
        assert "PATHWAYS_DATA" in str(caught.value)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError):
        at(tmp_path / "file" / FILE).add(lambda _: "")


def test_plans_stand_apart_from_caches_unless_home_is_set() -> None:
    usual = read_settings({})
    assert usual.data is not None
    assert usual.data != usual.home
    assert read_settings({"PATHWAYS_HOME": "here"}).data == Path("here")
    assert read_settings({"PATHWAYS_HOME": "here", "PATHWAYS_DATA": "there"}).data == Path("there")
