"""Engines to measure: the bundled catalog, and generated ones of any size."""

from __future__ import annotations

import os
from datetime import date
from functools import lru_cache
from pathlib import Path
from tempfile import gettempdir

from models.encoders import OnnxEncoder
from models.vector_cache import VectorCache
from pathways.catalog.load import load
from pathways.recommendation.engine import Engine, build_engine

ON = date(2026, 11, 21)


@lru_cache(maxsize=1)
def bundled_engine() -> Engine:
    """The bundled catalog with its real encoder; vectors are cached between runs."""
    encoder = OnnxEncoder()
    home = Path(os.environ.get("PATHWAYS_HOME", Path(gettempdir()) / "pathways-bench"))
    cache = VectorCache(home / "vectors")
    return build_engine(load(), encoder, lambda texts: cache.encode(encoder, texts), on=ON)
