"""Exact similarity search beside the time it takes one thread to read the same bytes (CPU time, medians)."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from models.dense import ExactSearch

SEED, REPEATS, DIMENSIONS = 20261121, 15, 384
LIMIT = 1.25


def run(sizes: tuple[int, ...] = (100_000,)) -> list[dict[str, Any]]:
    """Rows of the bench table."""
    return [row for size in sizes for row in _rows(size)]


def _rows(size: int) -> list[dict[str, Any]]:
    generator = np.random.default_rng(SEED)
    matrix = generator.standard_normal((size, DIMENSIONS), dtype=np.float32)
    matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
    search = ExactSearch().fit([str(row) for row in range(size)], matrix)
    query = matrix[0]
    # Reading: the sum of all numbers as 64-bit words, which needs every byte and nearly no arithmetic.
    words = matrix.reshape(-1).view(np.uint64)
    reading = partial(np.bitwise_xor.reduce, words)
    found = []
    for name, call in (("scores", partial(search.scores, query)), ("best 50", partial(search.retrieve, query, 50))):
        value, read = _medians(call, reading)
        speed = f"{matrix.nbytes / read / 1e9:.1f} GB/s"
        asked = {"asked": f"ratio <= {LIMIT}", "holds": value <= LIMIT * read} if size == 100_000 else {}
        found.append(
            {
                "name": f"exact similarity scan, {name}", "size": size, "figure": round(value * 1e3, 2), "unit": "CPU ms",
                "baseline": f"one-thread read of {matrix.nbytes / 1e6:,.0f} MB: {read * 1e3:.2f} ms ({speed})",
                "ratio": round(value / read, 2), "seed": SEED, **asked,
            }
        )  # fmt: skip
    return found


def _medians(*calls: Callable[[], object]) -> tuple[float, ...]:
    """Median CPU seconds of each call, taken in turns so that a busy neighbor slows them alike."""
    times: list[list[float]] = [[] for _ in calls]
    for number in range(REPEATS + 1):
        for call, found in zip(calls, times, strict=True):
            start = time.thread_time()
            call()
            if number:
                found.append(time.thread_time() - start)
    return tuple(float(np.median(found)) for found in times)
