"""The extra ``fast``: compiled loops for readiness and cost, used where they are installed and worth their start."""

from __future__ import annotations

from functools import cache
from typing import Any

from pathways.graph.compiled import CompiledGraph

#: Below this many nodes plain arrays answer sooner than the compiler starts.
WORTH_IT = 20_000


def use_fast(graph: CompiledGraph, fast: bool | None) -> Any:
    """The compiled loops where they are asked for, or installed and worth it; else None.

    Raises
    ------
    ModuleNotFoundError
        If ``fast`` is True and the extra is not installed.
    """
    if fast is False or (fast is None and len(graph) < WORTH_IT):
        return None
    if fast:
        from pathways.graph import loops

        return loops
    return _installed()


@cache
def _installed() -> Any:
    """The compiled loops, or None; looked for once, because a failed import is tried again every time."""
    try:
        from pathways.graph import loops
    except ModuleNotFoundError:
        return None
    return loops
