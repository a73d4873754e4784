"""Texts as weighted, sparse unit vectors: TF-IDF over any units (words, word pairs, runs of characters).

Plain dictionaries and scipy, because importing scikit-learn costs a second. A unit never seen in fitting still lengthens a text,
so that a text with many unknown words is not taken for close to one that shares its only known word.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Self

import numpy as np
from scipy.sparse import csr_array

from models.base import NotFittedError

Analyzer = Callable[[str], list[str]]


class SparseText:
    """TF-IDF with sublinear counts and smoothed inverse document frequency, rows of length 1.

    Parameters
    ----------
    analyzer : callable
        From a text to its units.

    References
    ----------
    Manning, Raghavan and Schutze, "Introduction to Information Retrieval", 2008, section 6.4.
    """

    def __init__(self, analyzer: Analyzer) -> None:
        self.analyzer = analyzer

    def fit(self, texts: Sequence[str]) -> Self:
        """Learn which units occur, and in how many texts."""
        frequency: Counter[str] = Counter()
        for text in texts:
            # Not a set: its order differs from run to run, and so would the last digits of every sum over columns.
            frequency.update(dict.fromkeys(self.analyzer(text), 1))
        self._columns = {unit: column for column, unit in enumerate(frequency)}
        counts = np.fromiter(frequency.values(), dtype=np.float64, count=len(frequency))
        self._idf = np.log((1 + len(texts)) / (1 + counts)) + 1
        self._unseen = float(np.log(1 + len(texts)) + 1)
        return self

    def transform(self, texts: Sequence[str]) -> Any:
        """Sparse matrix of shape (n, n_units) in float32; a text without units is a row of zeros."""
        if not hasattr(self, "_columns"):
            raise NotFittedError(type(self).__name__)
        columns: list[int] = []
        values: list[float] = []
        ends = [0]
        for text in texts:
            self._add(Counter(self.analyzer(text)), columns, values)
            ends.append(len(columns))
        shape = (len(texts), len(self._columns))
        parts = (np.array(values, dtype=np.float32), np.array(columns, dtype=np.int32), np.array(ends, dtype=np.int64))
        return csr_array(parts, shape=shape)

    def weight(self, unit: str) -> float:
        """Inverse document frequency of one unit; the highest there is where it was never seen."""
        column = self._columns.get(unit)
        return self._unseen if column is None else float(self._idf[column])

    def _add(self, counts: Counter[str], columns: list[int], values: list[float]) -> None:
        known: list[tuple[int, float]] = []
        length = 0.0
        for unit, count in counts.items():
            column = self._columns.get(unit)
            value = (1 + np.log(count)) * (self._unseen if column is None else self._idf[column])
            length += value * value
            if column is not None:
                known.append((column, value))
        scale = length**-0.5 if length else 0.0
        for column, value in sorted(known):
            columns.append(column)
            values.append(value * scale)
