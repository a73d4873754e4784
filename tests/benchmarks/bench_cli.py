"""Command line, warm cache: seconds until `--help` and the first answer of `next`, beside an interpreter that does nothing."""

from __future__ import annotations

import os
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
    """Median wall seconds of whole processes, and the first, cold run of `next`."""
    with tempfile.TemporaryDirectory() as home:
        return list(_rows({**os.environ, "PATHWAYS_HOME": home, "COLUMNS": "80"}))


def _rows(environment: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    nothing = median_seconds([sys.executable, "-c", "pass"], environment)
    cold = seconds([sys.executable, "-m", "api.cli", *NEXT], environment)
    yield {"name": "pathways next, first run ever (embeds the catalog)", "figure": round(cold, 3), "unit": "s"}
    for name, (arguments, limit) in COMMANDS.items():
        took = median_seconds([sys.executable, "-m", "api.cli", *arguments], environment)
        yield {
            "name": f"{name}, warm", "figure": round(took, 3), "unit": "s", "baseline": f"python -c pass: {nothing:.3f} s",
            "asked": f"at most {limit} s", "holds": took <= limit, "note": f"median of {REPEATS} processes",
        }  # fmt: skip


def median_seconds(command: list[str], environment: Mapping[str, str]) -> float:
    """Median wall time of a whole process."""
    return statistics.median(seconds(command, environment) for _ in range(REPEATS))


def seconds(command: list[str], environment: Mapping[str, str]) -> float:
    """Wall time of one process, which must succeed."""
    began = time.perf_counter()
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    return time.perf_counter() - began
