"""A Credential Registry file of 100 MB: time and peak memory of reading it, in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.catalog.formats.big_files import write_big

SIZE = 100 * 1024 * 1024
#: MiB of the whole process, interpreter and results included.
ASKED = 500


def run() -> list[dict[str, Any]]:
    """Rows of the bench table: a list of graphs, and one long graph."""
    return [_row(envelopes) for envelopes in (True, False)]


def _row(envelopes: bool) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "registry.json"
        count = write_big(path, SIZE, envelopes=envelopes)
        command = [sys.executable, "-m", "tests.catalog.formats.big_files", str(path)]
        found = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
        assert found["credentials"] == count, "every credential of the file is read"
        return {
            "name": f"peak memory, {'a list of graphs' if envelopes else 'one graph'} of 100 MB", "size": count,
            "figure": found["peak_mib"], "unit": "MiB", "asked": f"<= {ASKED}", "holds": found["peak_mib"] <= ASKED,
            "note": f"{found['seconds']} s, {found['requirements']} requirements",
        }  # fmt: skip
