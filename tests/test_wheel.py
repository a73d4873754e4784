"""A wheel built from the tree works in an empty environment outside the checkout, with the bundled data and model inside."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from pathways.catalog.load import load

ROOT = Path(__file__).resolve().parents[1]
pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this tree. Where hatchling is at hand the build needs no network."""
    folder = tmp_path_factory.mktemp("wheel")
    here = ["--no-build-isolation"] if importlib.util.find_spec("hatchling") else []
    _run([sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", *here, "--wheel-dir", str(folder), str(ROOT)], folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with only the wheel installed; dependencies are read from the environment that runs the tests."""
    folder = tmp_path_factory.mktemp("installed") / "env"
    venv.create(folder, with_pip=False)
    python = folder / "bin" / "python"
    _run(
        [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps", "--no-index", str(wheel)], folder
    )
    (packages,) = folder.glob("lib/python*/site-packages")
    # A path named in a .pth file is searched, but the .pth files in it (the editable install of this checkout) are not read.
    (packages / "dependencies.pth").write_text(sysconfig.get_paths()["purelib"] + "\n", encoding="utf-8")
    return folder


def _run(command: list[str], cwd: Path, **environment: str) -> str:
    outside = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        command, cwd=cwd, env={**outside, **environment}, capture_output=True, text=True, check=False, timeout=500
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


def _tracked(pattern: str) -> list[Path]:
    return [path for path in ROOT.glob(pattern) if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc"]


def test_the_wheel_holds_all_data_weights_and_pages_byte_for_byte(wheel: Path) -> None:
    expected = {f"pathways/catalog/bundled/{path.name}": path for path in _tracked("data/catalog/*")}
    for pattern in ("models/**/*", "api/**/*", "pathways/**/*"):
        expected |= {path.relative_to(ROOT).as_posix(): path for path in _tracked(pattern)}
    with zipfile.ZipFile(wheel) as archive:
        inside = set(archive.namelist())
        assert set(expected) <= inside
        assert {name.partition("/")[0] for name in inside if ".dist-info" not in name} == {"pathways", "models", "api"}
        for name, path in expected.items():
            assert hashlib.sha256(archive.read(name)).digest() == hashlib.sha256(path.read_bytes()).digest(), name
    assert "models/weights/model.onnx" in inside
    assert "pathways/catalog/bundled/credentials.csv" in inside


def test_the_installed_command_answers_from_another_folder_with_its_own_data_and_model(
    installed: Path, tmp_path: Path, warm_home: Path
) -> None:
    command = str(installed / "bin" / "pathways")
    where = _run([str(installed / "bin" / "python"), "-c", "import api, models, pathways; print(api.__file__)"], tmp_path)
    assert str(installed) in where
    printed = _run(
        [command, "next", "become a reading specialist", "--place", "US-OH", "--json"], tmp_path, PATHWAYS_HOME=str(warm_home)
    )
    answer = json.loads(printed)
    assert answer["steps"]
    assert answer["data_version"] == load().version
    assert _run([command, "--version"], tmp_path).startswith("pathways 0.")
