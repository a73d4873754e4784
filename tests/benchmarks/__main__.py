"""`python -m tests.benchmarks`: run every benchmark that exists, print one table, write bench-results/.

A benchmark is a module `bench_*.py` beside this one with `run() -> rows` or `run(sizes) -> rows`; a row is a dictionary, or a
dataclass, with at least `name` and `figure`, and perhaps `unit`, `size`, `baseline`, `ratio`, `asked`, `holds`, `seed`, `note`.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import json
import sys
import time
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import asdict, is_dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.benchmarks.machine import circumstances

HERE = Path(__file__).parent
RESULTS = HERE.parents[1] / "bench-results"
USUAL_SIZES = (10_000, 100_000, 1_000_000)
FIRST = ("name", "size", "figure", "unit", "baseline", "ratio", "asked", "holds", "seed", "note")


def names() -> list[str]:
    """Benchmarks that exist, without the prefix, in alphabetic order."""
    return sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))


def rows_of(name: str, sizes: Sequence[int]) -> list[dict[str, Any]]:
    """Run one benchmark; `run` may take sizes or nothing."""
    run = importlib.import_module(f"tests.benchmarks.bench_{name}").run
    found = run(tuple(sizes)) if inspect.signature(run).parameters else run()
    return [_row(row) for row in found]


def _row(row: object) -> dict[str, Any]:
    if is_dataclass(row) and not isinstance(row, type):
        return asdict(row)
    assert isinstance(row, Mapping), f"a benchmark row is a mapping or a dataclass, not {type(row).__name__}"
    return dict(row)


def table(name: str, rows: Sequence[Mapping[str, Any]]) -> Table:
    """Rows as a table: known columns first, then the others in the order they occur; empty columns are left out."""
    every = [*FIRST, *(key for row in rows for key in row if key not in FIRST)]
    columns = [key for key in dict.fromkeys(every) if any(row.get(key) not in (None, "") for row in rows)]
    shown = Table(title=name, title_justify="left", title_style="bold")
    for key in columns:
        numeric = all(isinstance(row.get(key), int | float | None) for row in rows)
        shown.add_column(key.replace("_", " "), justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        shown.add_row(*(cell(row.get(key)) for key in columns))
    return shown


def cell(value: object) -> str:
    """One value: three significant digits, thousands marked, yes and no for truth."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "NO"
        case int():
            return f"{value:,}"
        case float():
            return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
        case _:
            return str(value)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what is asked for; the exit code is 1 where a benchmark failed or a figure does not hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description="Measure every published figure.")
    parser.add_argument("--only", nargs="+", choices=names(), metavar="NAME", help=f"some of: {', '.join(names())}")
    parser.add_argument("--sizes", nargs="+", type=int, default=USUAL_SIZES, help="credentials in a generated catalog")
    chosen = parser.parse_args(arguments)
    console = Console(width=None if sys.stdout.isatty() else 160)
    report: dict[str, Any] = {"started": datetime.now(UTC).isoformat(timespec="seconds"), **circumstances(), "benchmarks": {}}
    failed = []
    for name in chosen.only or names():
        began = time.perf_counter()
        try:
            rows = rows_of(name, chosen.sizes)
        except Exception:  # one failing benchmark must not hide the others' figures
            traceback.print_exc()
            failed.append(name)
            continue
        seconds = round(time.perf_counter() - began, 1)
        report["benchmarks"][name] = {"seconds": seconds, "rows": rows}
        console.print(table(f"{name} ({seconds} s)", rows))
        failed += [f"{name}: {row['name']}" for row in rows if row.get("holds") is False]
    _write(report)
    for name in failed:
        console.print(f"does not hold or failed: {name}")
    return 1 if failed else 0


def _write(report: Mapping[str, Any]) -> None:
    RESULTS.mkdir(exist_ok=True)
    day = str(report["started"]).replace(":", "")
    for path in (RESULTS / f"{day}.json", RESULTS / "latest.json"):
        path.write_text(json.dumps(report, indent=2, default=str) + "\n", encoding="utf-8")
    print(f"Written to {RESULTS.name}/latest.json", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
