"""``python -m tests.store.kill --count 200``: kill so many imports at random moments, and say what is left."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.store.killing import import_one, imports_are_whole, kill_rounds


def main() -> None:
    """Kill as many imports as asked and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=20261121)
    asked = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        found = kill_rounds(import_one, imports_are_whole, count=asked.count, seed=asked.seed, folder=Path(folder))
    said = f"{found.killed} killed, {found.acknowledged} acknowledged, {found.kept} kept, none lost or half applied"
    took = f"slowest look afterwards {found.slowest_open:.2f} s; {time.monotonic() - began:.0f} s in all"
    sys.stdout.write(f"{asked.count} imports: {said}; {took}\n")


if __name__ == "__main__":
    main()
