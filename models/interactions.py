"""Recommenders from who earned what, in which order: popularity, items earned together, items that come later.

They know ids and orders only. With no history to go on, each falls back on what most people earned.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from models.base import NotFittedError
from models.hits import top_k
from models.store import load_arrays, save_arrays, texts_from_array, texts_to_array

if TYPE_CHECKING:
    import numpy.typing as npt

    from models.base import Float64Array, Hits, IntArray


@dataclass(frozen=True)
class _PairCounts:
    """How often an item stands with another, row by row: entries ``starts[a]`` to ``starts[a + 1]`` belong to item a."""

    starts: IntArray
    others: IntArray
    counts: Float64Array

    def row(self, item: int) -> tuple[IntArray, Float64Array]:
        part = slice(int(self.starts[item]), int(self.starts[item + 1]))
        return self.others[part], self.counts[part]


class Popularity:
    """What most people earned and this person has not.

    Attributes
    ----------
    items_ : list of str
        Every item seen, sorted.
    earned_ : float array, shape (n_items,)
        People who earned each, counted once a person.
    """

    items_: list[str]
    earned_: Float64Array

    def fit(self, histories: Sequence[Sequence[str]]) -> Self:
        """Learn from item ids in the order earned, one list a person; repeats count once.

        Parameters
        ----------
        histories : sequence of sequences of str

        Returns
        -------
        Popularity
            Itself.
        """
        distinct = [list(dict.fromkeys(history)) for history in histories]
        self._name_items(sorted({item for history in distinct for item in history}))
        coded = [np.array([self._codes[item] for item in history], dtype=np.int64) for history in distinct]
        together = np.concatenate(coded) if coded else np.empty(0, dtype=np.int64)
        self.earned_ = np.bincount(together, minlength=len(self.items_)).astype(np.float64)
        self._learn(coded)
        return self

    def recommend(self, history: Sequence[str], k: int) -> Hits:
        """Items outside `history`.

        Parameters
        ----------
        history : sequence of str
            Items held, in the order earned. Unknown ids are passed over.
        k : int
            Items wanted.

        Returns
        -------
        ids : list of str
            Best first, ties by id; fewer than `k` when the person holds most of what there is.
        scores : float64 array
        """
        if not hasattr(self, "items_"):
            raise NotFittedError(type(self).__name__)
        known = [self._codes[item] for item in dict.fromkeys(history) if item in self._codes]
        scores = self._score(known)
        left = np.setdiff1d(np.arange(len(self.items_)), np.array(known, dtype=np.int64))
        # Items are sorted by id, so a position breaks ties as an id would.
        best = left[top_k(scores[left], left, k)]
        return [self.items_[row] for row in best], scores[best]

    def save(self, path: Path) -> None:
        """Write what was learned to one file."""
        if not hasattr(self, "items_"):
            raise NotFittedError(type(self).__name__)
        arrays = {"earned": self.earned_, **texts_to_array("items", self.items_), **self._arrays()}
        save_arrays(path, arrays, kind=type(self).__name__, header=self._settings())

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what `save` wrote.

        Raises
        ------
        StoredFileError
            If the file is damaged or holds another kind of model.
        """
        stored = load_arrays(path, kind=cls.__name__)
        model = cls(**stored.header)
        model._name_items(texts_from_array("items", stored.arrays))
        model.earned_ = stored.arrays["earned"]
        model._restore(stored.arrays)
        return model

    def _name_items(self, items: list[str]) -> None:
        self.items_ = items
        self._codes = {item: code for code, item in enumerate(items)}

    def _shares(self) -> Float64Array:
        shares: Float64Array = self.earned_ / max(float(self.earned_.sum()), 1.0)
        return shares

    def _learn(self, coded: list[IntArray]) -> None:
        """Popularity needs nothing but the counts."""

    def _score(self, known: list[int]) -> Float64Array:
        return self._shares()

    def _settings(self) -> dict[str, Any]:
        return {}

    def _arrays(self) -> dict[str, npt.NDArray[Any]]:
        return {}

    def _restore(self, arrays: dict[str, npt.NDArray[Any]]) -> None:
        """Popularity keeps no further arrays."""


class _FromPairs(Popularity):
    """Shared by the recommenders that count pairs of items."""

    pairs_: _PairCounts

    def _arrays(self) -> dict[str, npt.NDArray[Any]]:
        return {"starts": self.pairs_.starts, "others": self.pairs_.others, "counts": self.pairs_.counts}

    def _restore(self, arrays: dict[str, npt.NDArray[Any]]) -> None:
        self.pairs_ = _PairCounts(arrays["starts"], arrays["others"], arrays["counts"])


class ItemSimilarity(_FromPairs):
    """Items earned by the same people: cosine between the sets of people, summed over what is held.

    Parameters
    ----------
    prior : float
        Weight of an item's share of all earnings beside the cosines. Small: it settles ties and serves newcomers.
    """

    def __init__(self, prior: float = 0.01) -> None:
        self.prior = prior

    def similar(self, item: str, k: int) -> Hits:
        """Items earned by the same people as `item`, best first, ties by id.

        Raises
        ------
        KeyError
            If nobody in the histories earned `item`.
        """
        if not hasattr(self, "items_"):
            raise NotFittedError(type(self).__name__)
        others, cosines = self._cosines(self._codes[item])
        best = top_k(cosines, others, k)
        return [self.items_[code] for code in others[best]], cosines[best]

    def _learn(self, coded: list[IntArray]) -> None:
        ordered = _ordered_pairs(coded)
        self.pairs_ = _count_pairs([*ordered, *(pair[::-1] for pair in ordered)], len(self.items_))

    def _cosines(self, item: int) -> tuple[IntArray, Float64Array]:
        others, together = self.pairs_.row(item)
        return others, together / np.sqrt(self.earned_[item] * self.earned_[others])

    def _score(self, known: list[int]) -> Float64Array:
        scores = self.prior * self._shares()
        for item in known:
            others, cosines = self._cosines(item)
            scores[others] += cosines
        return scores

    def _settings(self) -> dict[str, Any]:
        return {"prior": self.prior}


class NextItem(_FromPairs):
    """Items that others earned some time after what is held: a first-order Markov model over all later items.

    The chance that b comes after a is ``(times b came later + smoothing * share of b) / (times anything did + smoothing)``.
    Chances are summed over what is held, the latest counting most.

    Parameters
    ----------
    decay : float
        Weight of the item before, relative to the one after it; from 0 (only the latest counts) to 1 (all count alike).
    smoothing : float
        How many imagined people of average taste stand behind each item. Positive.

    Notes
    -----
    The defaults were chosen on one site of ``stackexchange-badges`` (cseducators) and checked on the other.
    """

    def __init__(self, decay: float = 0.8, smoothing: float = 20.0) -> None:
        self.decay = decay
        self.smoothing = smoothing

    def _learn(self, coded: list[IntArray]) -> None:
        self.pairs_ = _count_pairs(_ordered_pairs(coded), len(self.items_))

    def _score(self, known: list[int]) -> Float64Array:
        shares = self._shares()
        if not known:
            return shares
        scores = np.zeros(len(self.items_))
        for age, item in enumerate(reversed(known)):
            others, counts = self.pairs_.row(item)
            weight = self.decay**age / (counts.sum() + self.smoothing)
            scores += weight * self.smoothing * shares
            scores[others] += weight * counts
        return scores

    def _settings(self) -> dict[str, Any]:
        return {"decay": self.decay, "smoothing": self.smoothing}


def _ordered_pairs(coded: Iterable[IntArray]) -> list[IntArray]:
    """For each person, an array of two rows: an item, and one earned later."""
    pairs = []
    for history in coded:
        earlier, later = np.triu_indices(len(history), k=1)
        pairs.append(np.stack([history[earlier], history[later]]))
    return pairs


def _count_pairs(pairs: Sequence[IntArray], n_items: int) -> _PairCounts:
    first, second = np.concatenate(pairs, axis=1) if pairs else np.empty((2, 0), dtype=np.int64)
    codes, counts = np.unique(first * n_items + second, return_counts=True)
    rows, others = np.divmod(codes, max(n_items, 1))
    starts = np.concatenate(([0], np.cumsum(np.bincount(rows, minlength=n_items))))
    return _PairCounts(starts, others, counts.astype(np.float64))
