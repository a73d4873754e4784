"""Kill writers at random moments and look at what is left.

A round starts a process that changes the store, kills it at a random moment (SIGKILL: no cleanup runs), and then asks of the store
that it opens again in time, that SQLite finds it whole, that nothing is there by half, and that everything the process was told is
kept is kept. :func:`kill_rounds` does so for any kind of change.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from api.overlay_service import import_file
from api.overlay_shelf import Shelf
from api.store.database import Database
from api.store.location import FILE, location_of
from api.store.overlays import OverlayStore
from pathways.catalog.entities import Catalog
from tests.builders import TODAY, catalog, credential

SIZE = 60
"""Credentials in each imported file."""
ROUNDS_A_STORE = 10
PRELOADED = (
    "alembic.command",
    "api.store.upgrade",
    "api.store.overlay_bodies",
    "api.store.overlay_tables",
    "pathways.catalog.formats.read",
)
"""Imported before a writer begins, so that the blow falls on its work and not on its imports."""
SECONDS_TO_OPEN = 5.0
LONGEST = 60.0

Work = Callable[[Path, int, Connection], None]
"""Changes the store in a folder; sends "ready" before it begins and what was acknowledged afterwards."""
Check = Callable[[Path, dict[int, Any]], int]
"""Looks at a store and at what was acknowledged in it, by round; answers how many rounds are kept. Raises where it is wrong."""


@dataclass
class Tally:
    """What came of the rounds."""

    killed: int = 0
    acknowledged: int = 0
    kept: int = 0
    slowest_open: float = 0.0


def kill_rounds(work: Work, check: Check, *, count: int, seed: int, folder: Path) -> Tally:
    """Kill ``count`` writers, looking at the store after each."""
    chance, tally = random.Random(seed), Tally()
    context = get_context("forkserver")
    context.set_forkserver_preload([work.__module__, *PRELOADED])
    usual = 0.2
    kept_before: dict[Path, int] = {}
    acknowledged: dict[int, Any] = {}
    for number in range(count):
        here = folder / f"store{number // ROUNDS_A_STORE}"
        if not here.exists():
            here.mkdir()
            tally.kept += sum(kept_before.values())
            kept_before, acknowledged = {}, {}
        mine, theirs = context.Pipe(duplex=False)
        process = context.Process(target=work, args=(here, number, theirs))
        process.start()
        theirs.close()
        assert mine.poll(LONGEST), "the writer never began"
        assert mine.recv() == "ready"
        began = time.monotonic()
        if mine.poll(chance.uniform(0, usual)):
            # Done before the blow: a later round waits less.
            usual = max(0.01, 1.2 * (time.monotonic() - began))
        else:
            usual *= 1.15
            assert process.pid is not None
            os.kill(process.pid, signal.SIGKILL)
            tally.killed += 1
        process.join(LONGEST)
        if said := _last(mine):
            acknowledged[number] = said
            tally.acknowledged += 1
        began = time.monotonic()
        kept_before[here] = check(here, acknowledged)
        tally.slowest_open = max(tally.slowest_open, time.monotonic() - began)
        assert tally.slowest_open < SECONDS_TO_OPEN
    tally.kept += sum(kept_before.values())
    return tally


def _last(mine: Connection) -> Any:
    """What the process was told is kept, if it got that far."""
    with closing(mine):
        try:
            return mine.recv() if mine.poll() else None
        except EOFError:
            return None


def is_whole(folder: Path) -> None:
    """Whether SQLite finds nothing wrong with the file."""
    if not (folder / FILE).exists():
        return
    with closing(sqlite3.connect(folder / FILE)) as opened:
        assert opened.execute("pragma integrity_check").fetchone() == ("ok",)
        assert opened.execute("pragma foreign_key_check").fetchall() == []


def published() -> Catalog:
    """The catalog under the imports."""
    return catalog(credential("known"))


def shelf_of(folder: Path) -> Shelf:
    """The store of a folder, opened by nobody yet."""
    return Shelf(published(), OverlayStore(Database(location_of(folder / FILE))), TODAY)


def ctdl(number: int) -> dict[str, Any]:
    """A file of its own for each round: certificates that ask for two of three of the others."""
    names = [f"ce-{number:08d}-0000-4000-8000-{item:012d}" for item in range(SIZE)]
    nodes = [
        {
            "@type": "ceterms:Certificate",
            "@id": f"https://credentialengineregistry.org/resources/{name}",
            "ceterms:ctid": name,
            "ceterms:name": {"en-US": f"Certificate {number}.{item}"},
        }
        for item, name in enumerate(names)
    ]
    return {"@context": "https://credreg.net/ctdl/schema/context/json", "@graph": nodes}


def import_one(folder: Path, number: int, pipe: Connection) -> None:
    """Import the file of a round and say so."""
    path = folder / f"file{number}.json"
    path.write_text(json.dumps(ctdl(number)), encoding="utf-8")
    pipe.send("ready")
    done = import_file(shelf_of(folder), path)
    pipe.send({"applied": done.applied, "version": done.data_version})


def imports_are_whole(folder: Path, acknowledged: dict[int, Any]) -> int:
    """Each file is there with all its credentials or not at all; every acknowledged one is there."""
    is_whole(folder)
    shelf = shelf_of(folder)
    version, overlay = shelf.state()
    files = {int(item.file[4:-5]): item for item in overlay.imports}
    assert version == len(files), "the version grew without an import, or an import came without it"
    assert all(len(item.credentials) == SIZE for item in files.values())
    assert len(shelf.catalog_with(overlay).credentials) == 1 + SIZE * len(files)
    lost = [number for number, said in acknowledged.items() if said["applied"] and number not in files]
    assert not lost, f"acknowledged and lost: {lost}"
    return len(files)
