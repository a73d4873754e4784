"""Badges as numbers: the vectors and weighted words of every field, for one badge or thousands.

The encoder is passed in as a function from texts to unit vectors, so that a cache, or a test, can stand in for it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from models.sparse_text import SparseText
from pathways.matching.proposal import BadgeText
from pathways.matching.text import character_grams, spelled_out, terms_and_pairs

if TYPE_CHECKING:
    from models.base import Float32Array

Encode: TypeAlias = "Callable[[Sequence[str]], Float32Array]"
"""From texts to unit vectors, one row each."""


@dataclass(frozen=True)
class Lexicon:
    """How much each word and each run of characters says, learned from the texts on both sides."""

    words: SparseText
    characters: SparseText

    @classmethod
    def learn(cls, texts: Sequence[str]) -> Lexicon:
        """Learn from titles and descriptions."""
        return cls(SparseText(terms_and_pairs).fit(texts), SparseText(character_grams).fit(texts))


@dataclass(frozen=True)
class BadgeViews:
    """Badges and what is computed from their texts, row by row.

    Vectors are float32 of shape (n, dim), zero where a field is blank; the others are sparse matrices of n rows.
    """

    badges: tuple[BadgeText, ...]
    expanded: tuple[str, ...]
    title: Float32Array
    title_issuer: Float32Array
    issuer: Float32Array
    spelled: Float32Array
    description: Float32Array
    text: Float32Array
    words: Any
    words_issuer: Any
    words_spelled: Any
    words_text: Any
    characters: Any

    @classmethod
    def of(cls, badges: Sequence[BadgeText], encode: Encode, lexicon: Lexicon) -> BadgeViews:
        """Compute the views of badges."""
        titles = [badge.title for badge in badges]
        with_issuer = [f"{badge.title}. {badge.issuer}" if badge.issuer else badge.title for badge in badges]
        spelled = [spelled_out(badge.title, badge.issuer) for badge in badges]
        texts = [full_text(badge.title, badge.description) for badge in badges]
        return cls(
            badges=tuple(badges),
            expanded=tuple(spelled),
            title=vectors(encode, titles),
            title_issuer=vectors(encode, with_issuer),
            issuer=vectors(encode, [badge.issuer for badge in badges]),
            spelled=vectors(encode, spelled),
            description=vectors(encode, [badge.description for badge in badges]),
            text=vectors(encode, texts),
            words=lexicon.words.transform(titles),
            words_issuer=lexicon.words.transform([f"{badge.title} {badge.issuer}" for badge in badges]),
            words_spelled=lexicon.words.transform(spelled),
            words_text=lexicon.words.transform(texts),
            characters=lexicon.characters.transform(titles),
        )


def full_text(title: str, description: str) -> str:
    """Title and description as the encoder reads them."""
    return f"{title}. {description}" if description else title


def vectors(encode: Encode, texts: Sequence[str]) -> Float32Array:
    """One unit vector a text, zero for a blank one; each different text is encoded once."""
    distinct = [text for text in dict.fromkeys(texts) if text.strip()]
    if not distinct:
        return np.zeros((len(texts), 1), dtype=np.float32)
    encoded = encode(distinct)
    places = {text: row for row, text in enumerate(distinct)}
    out = np.zeros((len(texts), encoded.shape[1]), dtype=np.float32)
    for row, text in enumerate(texts):
        if text in places:
            out[row] = encoded[places[text]]
    return out


def cosines(matrix: Float32Array, vector: Float32Array) -> Float32Array:
    """Cosine of one vector with every row; zeros where one side is blank throughout."""
    if matrix.shape[1] != vector.shape[0]:
        return np.zeros(len(matrix), dtype=np.float32)
    found: Float32Array = np.vecdot(matrix, vector)
    return found


def overlap(matrix: Any, row: Any) -> Float32Array:
    """Cosine of one sparse row with every row of a sparse matrix."""
    return np.asarray((matrix @ row.reshape((1, -1)).T.tocsc()).toarray(), dtype=np.float32).ravel()
