"""What each command imports: heavy packages only where they are used, so that help is quick and answers do not wait for nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEAVY = {
    "numpy", "scipy", "sklearn", "onnxruntime", "tokenizers", "networkx", "ortools", "pandas", "pydantic", "fastapi", "starlette",
    "uvicorn", "sqlalchemy", "alembic", "jinja2", "numba", "torch", "sentence_transformers", "transformers", "rich",
}  # fmt: skip
CATALOG = {"numpy", "pydantic", "rich"}
SEARCH = CATALOG | {"onnxruntime", "tokenizers"}
#: Typer reads the options of a command with pydantic.
OPTIONS = {"pydantic"}
#: A plan is kept; Alembic only makes or upgrades the store.
STORE = {"sqlalchemy", "alembic"}
#: OR-tools brings pandas along.
SOLVER = {"ortools", "pandas"}
ALLOWED: dict[str, tuple[list[str], set[str]]] = {
    "help": (["--help"], set()),
    "help of next": (["next", "--help"], OPTIONS),
    "version": (["--version"], OPTIONS),
    "a wrong command": (["nxet"], OPTIONS),
    "targets": (["targets", "reading"], CATALOG),
    "credential": (["credential", "letrs-u1"], CATALOG),
    "audit": (["audit", "oh-reading-endorsement", "--have", "letrs-u1"], CATALOG),
    "audit report": (["audit", "oh-reading-endorsement", "--html", "report.html"], CATALOG | {"jinja2"}),
    "letter": (["letter", "oh-reading-endorsement"], CATALOG),
    "search": (["search", "dyslexia"], SEARCH),
    "next with a goal": (["next", "become a reading specialist"], SEARCH | SOLVER),
    "next with a target": (["next", "--target", "oh-reading-endorsement"], SEARCH | SOLVER),
    "plan": (["plan", "ut-stack-sci-3d"], CATALOG | SOLVER | STORE),
    "help of plan": (["plan", "--help"], OPTIONS),
    "comparing nothing": (["compare", "ONE"], CATALOG),
    "keys": (["admin", "keys", "list"], {"pydantic", "rich"} | STORE),
    "audit log": (["audit-log", "verify"], {"pydantic", "rich"} | STORE),
    "erasing nobody": (["learner", "delete", "NOBODY"], OPTIONS),
    "data check": (["data", "check"], {"pydantic"}),
    # One pass over a file: no catalog, no encoder.
    "reading a badge": (["badges", "read", "nothing.png", "--json"], {"pydantic"}),
    "next with a badge file": (["next", "--target", "letrs-v1", "--have", "nothing.png"], CATALOG),
    "catalog diff": (["catalog", "diff"], CATALOG | STORE),
    "catalog export": (["catalog", "export", "letrs-u1"], CATALOG),
    "help of rules": (["rules", "add", "--help"], OPTIONS),
    "help of match": (["match", "--help"], OPTIONS),
    "training without data": (["models", "train", "match"], OPTIONS),
    "graph metrics": (["graph", "metrics", "letrs-v1"], CATALOG | {"networkx"}),
}
#: Where a command ends otherwise than done or misused: the file it is given is not there.
ENDS = {"reading a badge": {5}, "next with a badge file": {3}}
PROBE = """
import atexit, json, os, sys
@atexit.register
def tell():
    with open(os.environ["PROBE_FILE"], "w") as out:
        json.dump(sorted({name.partition(".")[0] for name in sys.modules}), out)
sys.argv = ["pathways", *json.loads(os.environ["PROBE_ARGUMENTS"])]
from api.cli import main
main()
"""


@pytest.mark.parametrize("case", ALLOWED)
def test_a_command_imports_no_heavy_package_it_does_not_need(case: str, tmp_path: Path) -> None:
    arguments, allowed = ALLOWED[case]
    probe = {"PROBE_FILE": str(tmp_path / "modules.json"), "PROBE_ARGUMENTS": json.dumps(arguments), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", PROBE],
        cwd=tmp_path,
        env={**os.environ, **probe},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode in ENDS.get(case, {0, 2}), done.stderr
    imported = set(json.loads((tmp_path / "modules.json").read_text()))
    assert HEAVY & imported <= allowed
