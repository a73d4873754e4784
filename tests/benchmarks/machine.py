"""What a figure was measured with: command, data checksum, processor, memory, versions."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from pathways.catalog.load import load

PACKAGES = (
    "numpy",
    "scipy",
    "networkx",
    "onnxruntime",
    "tokenizers",
    "ortools",
    "scikit-learn",
    "numba",
    "pydantic",
    "fastapi",
    "typer",
    "rich",
)
ROOT = Path(__file__).resolve().parents[2]


def circumstances() -> dict[str, Any]:
    """Everything that must stand beside a published figure."""
    return {
        "command": " ".join([Path(sys.executable).name, *sys.orig_argv[1:]]),
        "revision": _revision(),
        "data_version": load().version,
        "hardware": {"processor": processor(), "cores": os.cpu_count(), "memory_gib": memory_gib(), "system": platform.platform()},
        "versions": {"python": platform.python_version(), **_versions()},
        "threads": {name: os.environ.get(name) for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")},
    }


def processor() -> str:
    """The processor's own name where the system tells it."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.is_file() else []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, "") or platform.processor() or platform.machine()


def memory_gib() -> float | None:
    """Memory of the machine, or None where the system does not tell it."""
    try:
        return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1)
    except (ValueError, OSError, AttributeError):
        return None


def _versions() -> dict[str, str]:
    found = {}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def _revision() -> str:
    try:
        done = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return done.stdout.strip()
