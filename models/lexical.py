"""Finding texts by the words they share with a query: BM25, and TF-IDF as a second opinion.

BM25 runs on plain numpy postings, because importing scikit-learn costs about a second and a command line cannot wait for it.
There is no stemming: the dense retriever already matches word forms, and no stemmer is among the dependencies.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np

from models.base import NotFittedError
from models.hits import tie_ranks, top_k

if TYPE_CHECKING:
    from models.base import Float64Array, Hits, IntArray

_WORD: Final = re.compile(r"[^\W_]+")

STOP_WORDS: Final = frozenset(
    _WORD.findall("""
    a about above after again against all also am an and any are as at be because been before being below between both
    but by can could d did do does doing down during each few for from further had has have having he her here hers
    him his how i if in into is it its itself just ll m may me might more most must my no nor not of off on once only
    or other our ours out over own re s same shall she should so some such t than that the their theirs them then there
    these they this those through to too under until up ve very was we were what when where which while who whom
    whose why will with would you your yours
    """)
)
"""English function words. Left in on purpose: words that name things in this field, such as "US", "second" and "special"."""


def words(text: str) -> list[str]:
    """Lower-case words and numbers of a text, without stop words.

    Examples
    --------
    >>> words("The K-3 teacher's LETRS badge")
    ['k', '3', 'teacher', 'letrs', 'badge']
    """
    return [word for word in _WORD.findall(text.casefold()) if word not in STOP_WORDS]


class BM25:
    """Okapi BM25 with the always-positive inverse document frequency of Lucene.

    A text scores the sum over query words of ``idf * tf * (k1 + 1) / (tf + k1 * (1 - b + b * length / mean length))`` with
    ``idf = ln(1 + (n - df + 0.5) / (df + 0.5))``. A word that stands twice in the query counts twice.

    Parameters
    ----------
    k1 : float
        How fast repeating a word stops paying. Not negative.
    b : float
        How much long texts are held back, from 0 to 1.

    References
    ----------
    Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009.
    """

    def __init__(self, k1: float = 1.2, b: float = 0.75) -> None:
        self.k1 = k1
        self.b = b

    def fit(self, ids: Sequence[str], texts: Sequence[str]) -> Self:
        """Index `texts` under `ids`.

        Parameters
        ----------
        ids : sequence of str
            Distinct.
        texts : sequence of str
            One for each id.

        Returns
        -------
        BM25
            Itself.

        Raises
        ------
        ValueError
            If the lengths differ or an id appears twice.
        """
        if len(ids) != len(texts):
            msg = f"texts: found {len(texts)}, expected {len(ids)}, one for each id"
            raise ValueError(msg)
        self._ranks = tie_ranks(ids)
        self.ids_ = list(ids)
        found = _postings(texts)
        mean_length = float(found.lengths.mean()) if texts else 0.0
        held_back = 1 - self.b + self.b * found.lengths / max(mean_length, 1e-12)
        order = np.argsort(found.codes, kind="stable")
        rows, counts = found.rows[order], found.counts[order]
        frequency = np.bincount(found.codes, minlength=len(found.vocabulary))
        idf = np.log1p((len(texts) - frequency + 0.5) / (frequency + 0.5))
        saturated = counts * (self.k1 + 1) / (counts + self.k1 * held_back[rows])
        self._vocabulary = found.vocabulary
        self._idf = dict(zip(found.vocabulary, idf.tolist(), strict=True))
        self._starts = np.concatenate(([0], np.cumsum(frequency)))
        self._rows = rows
        self._weights = saturated * np.repeat(idf, frequency)
        return self

    def scores(self, query: str) -> Float64Array:
        """Score of every text, in the order given to `fit`; 0 where no word is shared."""
        if not hasattr(self, "ids_"):
            raise NotFittedError(type(self).__name__)
        out = np.zeros(len(self.ids_))
        rows, found = self.matches(query)
        out[rows] = found
        return out

    def matches(self, query: str) -> tuple[IntArray, Float64Array]:
        """Rows that share a word with the query, ascending, and their scores; costs nothing for the other texts."""
        if not hasattr(self, "ids_"):
            raise NotFittedError(type(self).__name__)
        rows: list[IntArray] = []
        weights: list[Float64Array] = []
        for word, times in Counter(words(query)).items():
            code = self._vocabulary.get(word)
            if code is not None:
                postings = slice(self._starts[code], self._starts[code + 1])
                rows.append(self._rows[postings])
                weights.append(times * self._weights[postings])
        if not rows:
            return np.empty(0, dtype=np.int64), np.empty(0)
        if len(rows) == 1:
            return rows[0], weights[0]
        found, where = np.unique(np.concatenate(rows), return_inverse=True)
        return found, np.bincount(where, weights=np.concatenate(weights), minlength=len(found)).astype(np.float64)

    def ceiling(self, query: str) -> float:
        """The most any text could score for a query: every word repeated without end, words no text has at their full weight.

        A score divided by this says which share of what the query asks is found, between 0 and 1; 0 for a query without words.
        """
        if not hasattr(self, "ids_"):
            raise NotFittedError(type(self).__name__)
        unseen = float(np.log1p((len(self.ids_) + 0.5) / 0.5))
        total = sum(times * self._idf.get(word, unseen) for word, times in Counter(words(query)).items())
        return float((self.k1 + 1) * total)

    def retrieve(self, query: str, k: int) -> Hits:
        """At most `k` texts that share a word with the query, best first, ties by id."""
        return _positive_hits(self.scores(query), self.ids_, self._ranks, k)


class TfidfRetriever:
    """Cosine over TF-IDF vectors of words and word pairs, by scikit-learn (imported when fitted)."""

    def fit(self, ids: Sequence[str], texts: Sequence[str]) -> Self:
        """Index `texts` under `ids`; see `BM25.fit`."""
        from sklearn.feature_extraction.text import TfidfVectorizer

        if len(ids) != len(texts):
            msg = f"texts: found {len(texts)}, expected {len(ids)}, one for each id"
            raise ValueError(msg)
        self._ranks = tie_ranks(ids)
        self.ids_ = list(ids)
        self._vectorizer: Any = TfidfVectorizer(analyzer=_words_and_pairs, sublinear_tf=True, dtype=np.float64)
        # scikit-learn refuses a corpus without a single word; here that is a corpus nothing can be found in.
        has_words = any(words(text) for text in texts)
        self._matrix: Any = self._vectorizer.fit_transform(texts) if has_words else None
        return self

    def scores(self, query: str) -> Float64Array:
        """Cosine with every text, in the order given to `fit`."""
        if not hasattr(self, "ids_"):
            raise NotFittedError(type(self).__name__)
        if self._matrix is None:
            return np.zeros(len(self.ids_))
        product = self._matrix @ self._vectorizer.transform([query]).T
        return np.asarray(product.toarray(), dtype=np.float64).ravel()

    def retrieve(self, query: str, k: int) -> Hits:
        """At most `k` texts that share a word with the query, best first, ties by id."""
        return _positive_hits(self.scores(query), self.ids_, self._ranks, k)


@dataclass(frozen=True)
class _Postings:
    """One entry for each different word of each text: which word, which text, how often; and how long each text is."""

    vocabulary: dict[str, int]
    codes: IntArray
    rows: IntArray
    counts: IntArray
    lengths: Float64Array


def _postings(texts: Sequence[str]) -> _Postings:
    vocabulary: dict[str, int] = {}
    codes: list[int] = []
    rows: list[int] = []
    counts: list[int] = []
    lengths = np.zeros(len(texts))
    for row, text in enumerate(texts):
        found = Counter(words(text))
        lengths[row] = found.total()
        codes.extend(vocabulary.setdefault(word, len(vocabulary)) for word in found)
        rows.extend([row] * len(found))
        counts.extend(found.values())
    return _Postings(
        vocabulary,
        codes=np.array(codes, dtype=np.int64),
        rows=np.array(rows, dtype=np.int64),
        counts=np.array(counts, dtype=np.int64),
        lengths=lengths,
    )


def _words_and_pairs(text: str) -> list[str]:
    found = words(text)
    return found + [f"{first} {second}" for first, second in pairwise(found)]


def _positive_hits(scores: Float64Array, ids: list[str], ranks: IntArray, k: int) -> Hits:
    """Best hits among the texts that match at all: a list padded with texts that share no word would mislead."""
    best = top_k(scores, ranks, k)
    best = best[scores[best] > 0]
    return [ids[row] for row in best], scores[best]
