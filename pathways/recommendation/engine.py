"""Everything a recommendation reads, built once and read-only afterwards: catalog, compiled graph, vectors, word index."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from models.base import TextEncoder
from models.dense import ExactSearch
from models.lexical import BM25
from pathways.articulation.case import Rulebook, rulebook
from pathways.catalog.entities import Catalog
from pathways.credential import Credential
from pathways.graph.compiled import CompiledGraph, compile_graph
from pathways.places import Place
from pathways.recommendation.columns import Columns, columns_of

if TYPE_CHECKING:
    from models.base import Float32Array

#: Places whose rows are kept sorted; districts are free text, so the number of places is not bounded by the catalog.
MOST_PLACES = 256
Encode = Callable[[Sequence[str]], "Float32Array"]


@dataclass(frozen=True)
class Engine:
    """A catalog made ready to be asked.

    Parameters
    ----------
    search : ExactSearch
        One row per credential in catalog order: the mean of the unit vectors of its short and its full text.
    words : BM25
        Over the full texts with issuer and id, in the same order.
    makers : BM25
        Over issuer and id alone: who is meant by a proper name.
    columns : Columns
        What ranking reads of each credential, as arrays.
    """

    catalog: Catalog
    graph: CompiledGraph
    encoder: TextEncoder
    search: ExactSearch
    words: BM25
    makers: BM25
    columns: Columns
    on: date
    _rules: dict[Place, Rulebook] = field(default_factory=dict, repr=False, compare=False)

    @property
    def ids(self) -> list[str]:
        """Credential ids in row order."""
        return self.search.ids_

    def rules(self, place: Place) -> Rulebook:
        """Rows of agreements and policies sorted for one place, once."""
        if place not in self._rules:
            if len(self._rules) >= MOST_PLACES:
                self._rules.clear()
            self._rules[place] = rulebook(self.catalog.agreements, self.catalog.policies, place)
        return self._rules[place]

    def name_of(self, credential_id: str) -> str:
        """Name of a credential; the id itself where the catalog has none."""
        item = self.catalog.item(credential_id)
        return item.name if item is not None else credential_id


def short_text(item: Credential) -> str:
    """Name and subject: what a person would call it."""
    return f"{item.name}. {item.subject}"


def build_engine(catalog: Catalog, encoder: TextEncoder, encode: Encode, *, on: date) -> Engine:
    """Encode, index and compile a catalog.

    Parameters
    ----------
    catalog : Catalog
    encoder : TextEncoder
        For goals.
    encode : callable
        Texts to unit rows by the same encoder, perhaps through a cache. Called once, with the short texts then the full texts.
    on : date
        The day offers and retirements are judged by.

    Returns
    -------
    Engine
    """
    items = list(catalog.credentials.values())
    ids = [item.id for item in items]
    full = [item.text for item in items]
    vectors = encode([short_text(item) for item in items] + full)
    mean = (vectors[: len(items)] + vectors[len(items) :]) / np.float32(2)
    return Engine(
        catalog=catalog,
        graph=compile_graph(catalog, on),
        encoder=encoder,
        search=ExactSearch().fit(ids, mean, fingerprint=encoder.fingerprint),
        # Issuer and id hold the abbreviations people type: ALTA, CERI, WRS.
        words=BM25().fit(ids, [f"{text} {item.issuer} {item.id}" for text, item in zip(full, items, strict=True)]),
        makers=BM25().fit(ids, [f"{item.issuer} {item.id}" for item in items]),
        columns=columns_of(catalog),
        on=on,
    )
