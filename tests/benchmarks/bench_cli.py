"""Command line, warm cache: CPU seconds of whole processes, beside an interpreter that does nothing.

The commands use one thread, so CPU time is what a person waits on an idle machine; the wall time measured here stands in the note,
because neighbors on a shared machine are in it.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
REPEATS = 7
HELP_LIMIT_S = 0.5
NEXT_LIMIT_S = 1.5
NEXT = ["next", "become a reading specialist", "--place", "US-OH", "--have", "letrs-u1", "--have", "letrs-u2"]
COMMANDS = {
    "pathways --help": (["--help"], HELP_LIMIT_S),
    "pathways next (goal only)": (NEXT, NEXT_LIMIT_S),
    "pathways next (goal and target)": ([*NEXT, "--target", "oh-reading-endorsement"], NEXT_LIMIT_S),
    "pathways audit": (["audit", "oh-reading-endorsement", "--have", "letrs-u1", "--place", "US-OH"], NEXT_LIMIT_S),
    "pathways search": (["search", "dyslexia"], NEXT_LIMIT_S),
}


def run() -> list[dict[str, Any]]:
    """Median seconds of whole processes, and the first, cold run of `next`."""
    with tempfile.TemporaryDirectory() as home:
        return list(_rows({**os.environ, "PATHWAYS_HOME": home, "COLUMNS": "80"}))


def _rows(environment: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    nothing, _ = median_seconds([sys.executable, "-c", "pass"], environment)
    cold, wall = seconds([sys.executable, "-m", "api.cli", *NEXT], environment)
    yield {
        "name": "pathways next, first run ever (embeds the catalog)", "figure": round(cold, 3), "unit": "CPU s",
        "note": f"{wall:.1f} s of wall time",
    }  # fmt: skip
    for name, (arguments, limit) in COMMANDS.items():
        took, wall = median_seconds([sys.executable, "-m", "api.cli", *arguments], environment)
        yield {
            "name": f"{name}, warm", "figure": round(took, 3), "unit": "CPU s", "baseline": f"python -c pass: {nothing:.3f} s",
            "asked": f"at most {limit} s", "holds": took <= limit,
            "note": f"median of {REPEATS} processes, {wall:.2f} s of wall time",
        }  # fmt: skip


def median_seconds(command: list[str], environment: Mapping[str, str]) -> tuple[float, float]:
    """Median CPU and wall seconds of a whole process."""
    cpu, wall = zip(*(seconds(command, environment) for _ in range(REPEATS)), strict=True)
    return statistics.median(cpu), statistics.median(wall)


def seconds(command: list[str], environment: Mapping[str, str]) -> tuple[float, float]:
    """CPU and wall seconds of one process, which must succeed."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, time.perf_counter() - began
