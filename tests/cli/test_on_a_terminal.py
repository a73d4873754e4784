"""What a person at a terminal sees and is asked: the form of a local rule, the bar of a long import."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def at_terminal(arguments: Sequence[str], answers: Sequence[str], data: Path) -> tuple[int, str]:
    """Run a command at a pseudo-terminal and answer its questions in order; the exit code and all it wrote."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PATHWAYS_DATA": str(data), "TERM": "xterm"}
    process = subprocess.Popen(
        [sys.executable, "-m", "api.cli", *arguments], stdin=theirs, stdout=theirs, stderr=theirs, env=environment, cwd=ROOT
    )
    os.close(theirs)
    written, waiting, ends = "", list(answers), time.monotonic() + 120
    while time.monotonic() < ends:
        try:
            part = os.read(ours, 65536).decode(errors="replace")
        except OSError:  # the other end is closed
            break
        if not part:
            break
        written += part
        if waiting and written.rstrip().endswith(":"):
            os.write(ours, f"{waiting.pop(0)}\n".encode())
    os.close(ours)
    return process.wait(60), written


def rules(data: Path) -> list[dict[str, object]]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PATHWAYS_DATA": str(data)}
    command = [sys.executable, "-m", "api.cli", "rules", "list", "--json"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, cwd=ROOT)
    found: list[dict[str, object]] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize(("where", "binds"), [("US-OH", "Ohio"), ("Pennsylvania", "Pennsylvania"), ("Columbus State", None)])
def test_a_form_asks_for_what_a_local_rule_needs(tmp_path: Path, where: str, binds: str | None) -> None:
    answers = ["oh-reading-endorsement", where, "all(letrs-v1, letrs-v2)", "e-mail from the registrar, 2026-11-20"]
    code, written = at_terminal(["rules", "add"], answers, tmp_path)
    if binds is None:
        assert code == 3, written
        assert "binds nobody else" in written
        return
    assert code == 0, written
    [rule] = rules(tmp_path)
    assert (rule["binds"], rule["rule"]) == (binds, answers[2])
    assert rule["source"] == f"local: {answers[3]}"


def test_nothing_is_asked_that_the_options_say(tmp_path: Path) -> None:
    said = ["rules", "add", "letrs-v1", "--place", "OH", "--rule", "letrs-u1", "--source", "a call, 2026-11-20"]
    code, written = at_terminal(said, [], tmp_path)
    assert code == 0, written


def test_a_big_import_shows_how_far_it_is(tmp_path: Path) -> None:
    nodes = [
        {
            "@type": "ceterms:Certificate",
            "@id": f"https://credentialengineregistry.org/resources/ce-{number:08d}-0000-4000-8000-000000000000",
            "ceterms:ctid": f"ce-{number:08d}-0000-4000-8000-000000000000",
            "ceterms:name": {"en-US": f"Certificate {number} {'x' * 300}"},
        }
        for number in range(2000)
    ]
    path = tmp_path / "big.json"
    path.write_text(json.dumps({"@context": "https://credreg.net/ctdl/schema/context/json", "@graph": nodes}), encoding="utf-8")
    code, written = at_terminal(["catalog", "import", str(path), "--dry-run"], [], tmp_path / "data")
    assert code == 0, written[-2000:]
    assert "Reading" in written
    assert "%" in written
    code, written = at_terminal(["--quiet", "catalog", "import", str(path), "--dry-run"], [], tmp_path / "data")
    assert code == 0
    assert "Reading" not in written
