"""What lies on the catalog reaches every answer: at once, for the right place and day, and marked as local."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from api import service
from api.audit_schemas import AuditOut
from api.schemas import AuditIn
from api.settings import Settings
from api.store.database import Database, database_of
from api.store.errors import StaleOverlayError, StoreError
from api.store.overlays import OverlayStore
from api.world import World, world_of
from pathways.catalog.entities import Catalog
from pathways.catalog.formats.imported import Imported
from pathways.catalog.overlay import Approved, LocalRule, local_source
from pathways.errors import DataError
from pathways.places import Place
from pathways.requirements.parse import parse
from tests.builders import TODAY, agreement, catalog, credential, row

OHIO = Place("US", "US-OH")


@pytest.fixture
def small() -> Catalog:
    rows = (row("goal", parse("all(a, b)")),)
    return catalog(credential("goal", issuer="Ohio State"), credential("a"), credential("b"), rows=rows)


@pytest.fixture
def settings(tmp_path: Path, warm_home: Path, address: Path | str) -> Iterator[Settings]:
    where = None if isinstance(address, Path) else address
    found = Settings(home=warm_home, data=tmp_path / "store", today=TODAY, database=where)
    yield found
    database_of(found).close()


@pytest.fixture
def store(database: Database) -> OverlayStore:
    return OverlayStore(database)


def rule(text: str, place: Place, key: str = "r1", **more: object) -> LocalRule:
    source = local_source("e-mail from the registrar, 2026-11-20", TODAY, place)
    return replace(LocalRule(key, "goal", "component", parse(text), source, place), **more)  # type: ignore[arg-type]


def asked(world: World, place: str | None = None, *have: str) -> AuditOut:
    return service.audit(world, AuditIn(target="goal", place=place, have=list(have)))


def file_of(*names: str) -> Imported:
    items = tuple(credential(name) for name in names)
    return Imported("ctdl", items, (), (), (), ())


def test_a_rule_of_a_place_wins_there_and_nowhere_else(small: Catalog, settings: Settings, store: OverlayStore) -> None:
    world = world_of(small, settings)
    store.add_rule(rule("a", OHIO), seen=0)
    now = world.current()
    assert asked(now, "US-OH", "a").verdict == "met"
    assert asked(now, "US-PA", "a").verdict == "unmet"
    assert asked(now, None, "a").verdict == "unmet"


def test_a_rule_may_add_to_the_published_one(small: Catalog, settings: Settings, store: OverlayStore) -> None:
    store.add_rule(rule("b", OHIO, adds=True), seen=0)
    store.add_rule(rule('manual("ask the dean")', OHIO, "r2", adds=True), seen=1)
    answer = asked(world_of(small, settings), "US-OH", "a", "b")
    assert answer.verdict == "unknown"


def test_a_rule_of_an_institution_holds_for_what_it_awards(small: Catalog, settings: Settings, store: OverlayStore) -> None:
    store.add_rule(rule("a", Place(institution="Ohio State")), seen=0)
    assert asked(world_of(small, settings), None, "a").verdict == "met"


def test_a_rule_of_another_institution_does_not_fit(small: Catalog, settings: Settings, store: OverlayStore) -> None:
    store.add_rule(rule("a", Place(institution="Elsewhere")), seen=0)
    with pytest.raises(DataError) as caught:
        world_of(small, settings)
    assert 'found "Elsewhere"' in str(caught.value)
    assert "Ohio State" in str(caught.value)


@pytest.mark.parametrize(("days", "verdict"), [(-1, "unmet"), (0, "met"), (2, "met"), (3, "unmet")])
def test_a_rule_holds_from_its_first_day_to_its_last(
    small: Catalog, settings: Settings, store: OverlayStore, days: int, verdict: str
) -> None:
    mine = replace(rule("a", Place(institution="Ohio State")), valid_from=TODAY, valid_until=TODAY + timedelta(days=2))
    store.add_rule(mine, seen=0)
    world = world_of(small, replace(settings, today=TODAY + timedelta(days=days)))
    assert asked(world, None, "a").verdict == verdict


def test_midnight_ends_a_rule_without_a_restart(small: Catalog, settings: Settings, store: OverlayStore) -> None:
    day = [TODAY]
    store.add_rule(rule("a", Place(institution="Ohio State"), valid_until=TODAY), seen=0)
    world = world_of(small, settings)
    layers = world._layers
    assert layers is not None
    layers._clock = lambda: day[0]
    assert asked(world.current(), None, "a").verdict == "met"
    day[0] = date(2026, 11, 22)
    assert asked(world.current(), None, "a").verdict == "unmet"


def test_a_local_rule_is_marked_as_one_where_it_is_used(small: Catalog, settings: Settings, store: OverlayStore) -> None:
    store.add_rule(rule("a", OHIO), seen=0)
    answer = asked(world_of(small, settings), "US-OH")
    [fact] = [fact for fact in answer.sources if (fact.source_url or "").startswith("local:")]
    assert fact.source_url == "local: e-mail from the registrar, 2026-11-20"
    assert "local rule of Ohio" in fact.note


def test_an_approved_agreement_is_at_once_usable_and_gone_when_withdrawn(
    small: Catalog, settings: Settings, store: OverlayStore, database: Database
) -> None:
    world = world_of(small, settings)
    entry = Approved(agreement("badge", "goal"), (credential("badge"),))
    with database.begin() as connection:
        store.put_agreement(connection, entry)
    with_it = world.current()
    assert with_it.catalog.version != small.version
    assert [offer.to_id for offer in asked(with_it, None, "badge").offers] == ["goal"]
    with database.begin() as connection:
        store.withdraw_agreement(connection, entry.agreement.id)
    assert world.current().catalog.version == small.version
    assert asked(with_it, None, "badge").offers, "a question under way keeps the world it began with"


def test_a_decision_that_fails_takes_its_agreement_along(
    small: Catalog, settings: Settings, store: OverlayStore, database: Database
) -> None:
    world = world_of(small, settings)

    def decide() -> None:
        with database.begin() as connection:
            store.put_agreement(connection, Approved(agreement("a", "goal")))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        decide()
    assert world.current() is world
    assert store.version() == 0


def test_a_later_file_wins_and_what_it_replaced_comes_back(small: Catalog, settings: Settings, store: OverlayStore) -> None:
    world = world_of(small, settings)
    first = replace(file_of("a"), credentials=(credential("a", name="First"),))
    second = replace(first, credentials=(credential("a", name="Second"),))
    store.add_import(first, "one.json", "1" * 64, seen=0)
    key = store.add_import(second, "two.json", "2" * 64, seen=1)
    assert world.current().catalog.credentials["a"].name == "Second"
    store.remove_import(key, seen=2)
    assert world.current().catalog.credentials["a"].name == "First"


def test_what_a_file_only_names_gives_way_to_what_is_known(small: Catalog, settings: Settings, store: OverlayStore) -> None:
    named = replace(file_of("a", "new"), elsewhere=frozenset({"a", "new"}))
    store.add_import(named, "one.json", "1" * 64, seen=0)
    found = world_of(small, settings).catalog.credentials
    assert found["a"] is small.credentials["a"]
    assert found["new"].name == "New"


def test_of_two_changes_checked_against_one_state_the_second_is_refused(store: OverlayStore) -> None:
    store.add_import(file_of("x"), "one.json", "1" * 64, seen=0)
    with pytest.raises(StaleOverlayError):
        store.add_import(file_of("y"), "two.json", "2" * 64, seen=0)
    assert [item.file for item in store.imports()] == ["one.json"]


def test_threads_that_ask_while_it_changes_see_one_state_each(
    small: Catalog, settings: Settings, store: OverlayStore, reopened: Callable[[], Database]
) -> None:
    world = world_of(small, settings)
    ended = threading.Event()
    wrong: list[str] = []

    def ask() -> None:
        while not ended.is_set():
            now = world.current()
            found = sorted(key for key in now.catalog.credentials if key.startswith("new"))
            if found != [f"new{count}" for count in range(len(found))] or now.current().today != TODAY:
                wrong.append(str(found))

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for count in range(6):
        store.add_import(file_of(f"new{count}"), f"{count}.json", f"{count}" * 64, seen=count)
    ended.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert "new5" in world.current().catalog.credentials


def test_a_store_that_nobody_made_is_not_made_by_asking(small: Catalog, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, data=tmp_path / "nowhere", today=TODAY)
    assert world_of(small, settings).current().catalog is small
    assert not (tmp_path / "nowhere").exists()


def test_a_file_that_is_no_store_is_named_before_the_first_answer(small: Catalog, tmp_path: Path) -> None:
    (tmp_path / "local.sqlite").write_text("not a database " * 100)
    with pytest.raises(StoreError) as caught:
        world_of(small, Settings(home=tmp_path, data=tmp_path, today=TODAY))
    assert str(tmp_path) in str(caught.value)


def test_a_store_put_back_from_a_backup_is_seen(small: Catalog, settings: Settings, store: OverlayStore) -> None:
    path = store.database.location.path
    if path is None:
        return
    world = world_of(small, settings)
    store.add_import(file_of("x"), "one.json", "1" * 64, seen=0)
    assert "x" in world.current().catalog.credentials
    store.database.close()
    other = path.with_name("backup.sqlite")
    OverlayStore(database_of(other)).add_import(file_of("y"), "one.json", "1" * 64, seen=0)
    other.replace(path)
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    assert world.current().catalog.credentials.keys() & {"x", "y"} == {"y"}
