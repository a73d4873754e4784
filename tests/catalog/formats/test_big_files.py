"""A registry's whole export is read piece by piece; the hundred megabytes are in the benchmarks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.catalog.formats.big_files import write_big

SIZE = 5 * 1024 * 1024


@pytest.mark.parametrize("envelopes", [True, False])
def test_five_megabytes_are_read_with_progress_and_little_memory(tmp_path: Path, envelopes: bool) -> None:
    """Both shapes: a list of graphs, and one long graph. Memory stays near what the results themselves need."""
    path = tmp_path / "registry.json"
    count = write_big(path, SIZE, envelopes=envelopes)
    command = [sys.executable, "-m", "tests.catalog.formats.big_files", str(path)]
    # A measurement of coverage would be one of its own memory.
    plain = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    found = json.loads(subprocess.run(command, capture_output=True, check=True, text=True, env=plain).stdout)
    assert (found["credentials"], found["requirements"]) == (count, count // 2)
    assert found["peak_mib"] < 150
    assert found["progress_calls"] > SIZE // (64 * 1024)
    assert 0 < found["warnings"] < 500
