"""Engines to measure: the bundled catalog, and generated ones of any size."""

from __future__ import annotations

import os
from datetime import date
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING

import numpy as np

from models.encoders import OnnxEncoder
from models.vector_cache import VectorCache
from pathways.catalog.entities import Catalog
from pathways.catalog.load import load
from pathways.places import STATES, Place
from pathways.recommendation.engine import Engine, build_engine
from pathways.requirements.rules import AllOf, Held
from tests.builders import agreement, catalog, credential, row

if TYPE_CHECKING:
    from models.base import Float32Array

ON = date(2026, 11, 21)


@lru_cache(maxsize=1)
def bundled_engine() -> Engine:
    """The bundled catalog with its real encoder; vectors are cached between runs."""
    encoder = OnnxEncoder()
    home = Path(os.environ.get("PATHWAYS_HOME", Path(gettempdir()) / "pathways-bench"))
    cache = VectorCache(home / "vectors")
    return build_engine(load(), encoder, lambda texts: cache.encode(encoder, texts), on=ON)


def generated_engine(n: int, *, seed: int = 20261121) -> Engine:
    """A catalog of n credentials with stacks, prerequisites, agreements and policies, and clustered unit vectors.

    One in ten is a stack of two to six others, one in five has a prerequisite, one in twenty is accepted as another.
    """
    generator = np.random.default_rng(seed)
    made = _generated_catalog(n, generator)
    vectors = _clustered(2 * n, generator)
    encoder = OnnxEncoder()
    return build_engine(made, encoder, lambda _: vectors, on=ON)


def _clustered(rows: int, generator: np.random.Generator) -> Float32Array:
    centers = generator.normal(size=(max(rows // 200, 1), 384)).astype(np.float32)
    vectors = centers[generator.integers(len(centers), size=rows)]
    vectors += generator.normal(scale=0.8, size=vectors.shape).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


def _generated_catalog(n: int, generator: np.random.Generator) -> Catalog:
    words = np.array([f"subject{number}" for number in range(400)])
    topics = words[generator.integers(len(words), size=(n, 4))]
    states = np.array(list(STATES))[generator.integers(len(STATES), size=n)]
    items, rows, agreements = [], [], []
    for number in range(n):
        stack = number % 10 == 9
        items.append(
            credential(
                f"c{number}",
                name=" ".join(topics[number]),
                type="stack" if stack else "badge",
                subject=str(topics[number][0]),
                place=Place("US", str(states[number]) if number % 3 == 0 else None),
                hours=Fraction(int(generator.integers(1, 60))) if number % 6 == 0 else None,
            )
        )
        if stack:
            picks = generator.integers(max(number - 300, 0), number, size=int(generator.integers(2, 7)))
            rows.append(row(f"c{number}", AllOf(tuple(Held(f"c{part}") for part in sorted(set(picks.tolist()))))))
        elif number % 5 == 4:
            rows.append(row(f"c{number}", Held(f"c{int(generator.integers(max(number - 50, 0), number))}"), "prerequisite"))
        if number % 20 == 13:
            agreements.append(agreement(f"c{number}", f"c{number - 1}", id=f"ag-{number}"))
    return catalog(*items, rows=tuple(rows), agreements=tuple(agreements), policies=load().policies)
