"""Importing the graph costs little: solver, networkx and compiler load only where a question needs them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pathways.graph

FOLDER = Path(pathways.graph.__file__).parent
HEAVY = {"ortools", "networkx", "numba", "scipy", "pandas"}
#: Only these name a heavy package at the top, and only functions import them.
ON_DEMAND = {"exact", "exotic", "loops"}


def test_nothing_heavy_is_imported_before_it_is_needed() -> None:
    modules = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem not in ON_DEMAND | {"__init__"})
    imports = "; ".join(f"import pathways.graph.{module}" for module in modules)
    code = f"import sys; {imports}; print(*sorted(set(sys.modules) & {HEAVY!r}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=FOLDER.parents[1])
    assert len(modules) > 10
    assert done.stdout.split() == []
