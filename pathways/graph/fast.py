"""The extra ``fast``: compiled loops for readiness and cost, used where they are installed and worth their start."""

from __future__ import annotations

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
    try:
        from pathways.graph import loops
    except ModuleNotFoundError:
        if fast:
            raise
        return None
    return loops
