"""``python -m tests.review.kill --count 200``: kill so many evaluators at work at random moments, and say what is left."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

from tests.review.killing import acknowledged_in, on_server, review_some, reviews_are_whole
from tests.store.killing import kill_rounds
from tests.store.postgres import binaries, start_server


def main() -> None:
    """Kill as many evaluators as asked and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=20261121)
    parser.add_argument("--postgresql", action="store_true", help="on a PostgreSQL server of this run's own")
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="pathways-kill-"))
    programs = binaries() if asked.postgresql else None
    if asked.postgresql and programs is None:
        parser.error("PostgreSQL is not installed")
    server = None
    try:
        (stores := folder / "stores").mkdir()
        if programs is not None:
            (folder / "server").mkdir()
            folder.chmod(0o755)
            server = start_server(folder / "server", programs)
            on_server(stores, server)
        _run(stores, asked.count, asked.seed, "PostgreSQL" if server else "SQLite")
    finally:
        if server is not None:
            server.stop()
        shutil.rmtree(folder)


def _run(stores: Path, count: int, seed: int, where: str) -> None:
    began = time.monotonic()
    found = kill_rounds(review_some, reviews_are_whole, count=count, seed=seed, folder=stores)
    told = acknowledged_in(stores)
    said = f"{found.killed} killed, {told} changes acknowledged, {found.kept} decisions kept, none lost or half applied"
    took = f"slowest look afterwards {found.slowest_open:.2f} s; {time.monotonic() - began:.0f} s in all"
    sys.stdout.write(f"{count} evaluators on {where}: {said}; {took}\n")


if __name__ == "__main__":
    main()
