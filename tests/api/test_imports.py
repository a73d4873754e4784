"""A command line starts fast because the services import neither a web framework nor what only an engine needs."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("fastapi", "starlette", "uvicorn", "jinja2", "onnxruntime", "tokenizers", "ortools", "sklearn", "torch", "networkx")


@pytest.mark.parametrize("module", ["api.service", "api.world", "api.schemas", "api.settings", "api.errors", "api.plan_service"])
def test_nothing_heavy_is_imported(module: str) -> None:
    code = f"import sys, {module}; print([name for name in {HEAVY!r} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
