"""The command as a shell sees it: exit codes, the two streams, pipes that close, an interrupt, color, the warm cache."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.process import ROOT, run_pathways

GOAL = "become a reading specialist"


def test_help_names_every_command_and_every_exit_code() -> None:
    done = run_pathways("--help")
    assert done.returncode == 0
    for command in (
        "next",
        "audit",
        "letter",
        "plan",
        "compare",
        "draw",
        "targets",
        "credential",
        "search",
        "data",
        "graph",
        "serve",
    ):
        assert f"  {command} " in done.stdout
    assert "3 bad input data" in done.stdout


def test_version_is_on_standard_output() -> None:
    done = run_pathways("--version")
    assert done.returncode == 0
    assert done.stdout.startswith("pathways")
    assert done.stderr == ""


@pytest.mark.parametrize(
    "arguments", [["nxet"], ["next", "--plase", "US-OH"], ["audit"], ["next", GOAL, "-k", "0"], ["next", GOAL, "-k", "x"]]
)
def test_wrong_usage_ends_with_2_and_points_to_help(arguments: list[str]) -> None:
    done = run_pathways(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "help" in done.stderr


def test_the_answer_is_on_standard_output_and_a_warm_run_says_nothing_else() -> None:
    run_pathways("next", GOAL)
    done = run_pathways("next", GOAL)
    assert done.returncode == 0
    assert "of 100 fit" in done.stdout
    assert done.stderr == ""


def test_json_is_all_there_is_on_standard_output() -> None:
    done = run_pathways("next", GOAL, "--json", "-k", "2")
    answer = json.loads(done.stdout)
    assert len(answer["steps"]) == 2
    assert {"goal", "place", "data_version", "model", "steps", "near", "routes", "dead_ends"} <= set(answer)
    assert {"rank", "credential", "fit", "ready", "missing", "targets", "value_here", "warnings", "reasons"} <= set(
        answer["steps"][0]
    )
    assert set(answer["steps"][0]["value_here"]) >= {"renewal", "pay", "degree"}


def test_the_same_question_gives_the_same_bytes() -> None:
    day = {"PATHWAYS_TODAY": "2026-11-21"}
    first, second = (run_pathways("next", GOAL, "--place", "US-OH", "--json", environment=day).stdout for _ in range(2))
    assert first == second


def test_a_reader_that_stops_early_ends_the_command_quietly() -> None:
    command = f"{sys.executable} -m api.cli targets | head -n 1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0
    assert done.stderr == ""
    assert done.stdout.count("\n") == 1


def test_an_interrupt_ends_with_130_and_no_traceback(tmp_path: Path) -> None:
    """The first run embeds the whole catalog, which takes long enough to be interrupted."""
    cold = {**os.environ, "PATHWAYS_HOME": str(tmp_path)}
    running = subprocess.Popen(
        [sys.executable, "-m", "api.cli", "next", GOAL],
        cwd=ROOT,
        env=cold,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert running.stderr is not None
    assert "first time" in running.stderr.readline()
    time.sleep(0.3)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=60)
    assert running.returncode == 130
    assert out == ""
    assert "Traceback" not in err


def test_out_writes_the_whole_answer_to_a_file_and_says_where(tmp_path: Path) -> None:
    path = tmp_path / "answer.json"
    done = run_pathways("credential", "letrs-u1", "--json", "--out", str(path))
    assert done.returncode == 0
    assert done.stdout == ""
    assert str(path) in done.stderr
    assert json.loads(path.read_text(encoding="utf-8"))["id"] == "letrs-u1"
    assert list(tmp_path.iterdir()) == [path]


def test_quiet_says_nothing_but_the_answer(tmp_path: Path) -> None:
    done = run_pathways("--quiet", "credential", "letrs-u1", "--out", str(tmp_path / "answer.txt"))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_file_that_cannot_be_written_is_named() -> None:
    done = run_pathways("credential", "letrs-u1", "--out", "/no/such/folder/answer.txt")
    assert done.returncode == 2
    assert "/no/such/folder/answer.txt" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_fault_of_the_program_is_one_line_and_debug_shows_where(tmp_path: Path) -> None:
    """A broken install: the package that splits words fails when it is imported."""
    (tmp_path / "tokenizers.py").write_text("raise RuntimeError('broken install')\n", encoding="utf-8")
    arguments = ("search", "dyslexia")
    path = {"PYTHONPATH": f"{tmp_path}:{ROOT}"}
    done = run_pathways(*arguments, environment=path)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "PATHWAYS_DEBUG=1" in done.stderr
    debugged = run_pathways(*arguments, environment={**path, "PATHWAYS_DEBUG": "1"})
    assert debugged.returncode == 1
    assert "Traceback" in debugged.stderr


def test_a_server_that_others_could_reach_is_refused_unless_asked_for() -> None:
    done = run_pathways("serve", "--host", "0.0.0.0", "--port", "0")
    assert done.returncode == 2
    assert "--anyone" in done.stderr
