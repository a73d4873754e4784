"""What ranking reads of each credential, as arrays in catalog order, so that no object is touched for those not shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pathways.articulation.agreements import CLOSING_KINDS
from pathways.articulation.ledger import says_no
from pathways.catalog.entities import Catalog
from pathways.credential import Select

if TYPE_CHECKING:
    from models.base import BoolArray, Float32Array, IntArray

#: Types whose worth is bound to the place that issues them.
PLACE_BOUND = frozenset({"endorsement", "license", "checkpoint"})
#: Types that are granted when their parts are done, so that missing parts keep them from being a next step of their own.
GRANTED_ON_COMPLETION = frozenset({"stack", "endorsement", "license", "certification", "checkpoint"})


@dataclass(frozen=True)
class Columns:
    """Columns over n credentials; unknown numbers are NaN.

    Parameters
    ----------
    hours, cost_usd : float32 array, shape (n,)
    state : int array, shape (n,)
        Index into ``states``; -1 where the credential is of no one state.
    place_bound, retired, generic, transcripted, composed, granted, refused : bool array, shape (n,)
        ``refused`` marks what some source says no about.
        ``composed`` has a list of parts; ``granted`` is a composed one that comes with its last part.
    agreements : int array, shape (n,)
        How many agreements that can close a requirement it takes part in.
    parent_starts, parents : int arrays, shapes (n + 1,), (e,)
        Composed credentials each one is a listed part of, in CSR form.
    issuer : int array, shape (n,)
        Number of the issuer, in order of first appearance. Read only to keep one issuer from filling a list.
    part_starts, parts : int arrays, shapes (n + 1,), (e,)
        The same edges the other way: the listed parts of each composed credential.
    """

    states: tuple[str, ...]
    hours: Float32Array
    cost_usd: Float32Array
    state: IntArray
    place_bound: BoolArray
    retired: BoolArray
    generic: BoolArray
    transcripted: BoolArray
    composed: BoolArray
    granted: BoolArray
    refused: BoolArray
    agreements: IntArray
    parent_starts: IntArray
    parents: IntArray
    issuer: IntArray
    part_starts: IntArray
    parts: IntArray


def columns_of(catalog: Catalog) -> Columns:
    """Read the columns of a catalog.

    Returns
    -------
    Columns
        In the order of ``catalog.credentials``.
    """
    items = list(catalog.credentials.values())
    states = tuple(sorted({item.place.state for item in items if item.place.state}))
    code = {state: index for index, state in enumerate(states)}
    edges = _part_edges(catalog)
    composed = np.array([catalog.has_requirements(item.id) for item in items], dtype=np.bool_)
    return Columns(
        states=states,
        hours=_floats([item.hours for item in items]),
        cost_usd=_floats([item.cost_usd for item in items]),
        state=np.array([code.get(item.place.state or "", -1) for item in items], dtype=np.int64),
        place_bound=np.array([item.type in PLACE_BOUND for item in items], dtype=np.bool_),
        retired=np.array([item.status == "retired" for item in items], dtype=np.bool_),
        generic=np.array([item.generic for item in items], dtype=np.bool_),
        transcripted=np.array([item.transcripted is True for item in items], dtype=np.bool_),
        granted=composed & np.array([item.type in GRANTED_ON_COMPLETION for item in items], dtype=np.bool_),
        composed=composed,
        refused=_refused(catalog),
        agreements=np.array([_closing(catalog, item.id) for item in items], dtype=np.int64),
        parent_starts=_starts(edges[:, 0], len(items)),
        parents=edges[:, 1].copy(),
        issuer=_numbered([item.issuer for item in items]),
        part_starts=_starts(edges[:, 1], len(items)),
        parts=edges[np.lexsort((edges[:, 0], edges[:, 1])), 0].copy(),
    )


def _floats(values: list[object]) -> Float32Array:
    return np.array([np.nan if value is None else float(value) for value in values], dtype=np.float32)  # type: ignore[arg-type]


def _numbered(words: list[str]) -> IntArray:
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(word, len(numbers)) for word in words], dtype=np.int64)


def _refused(catalog: Catalog) -> BoolArray:
    """Items that a sourced refusal names, or whose own issuer refuses."""
    rows = [row for row in catalog.policies if says_no(row)]
    chosen = [catalog.select(row.applies_to) if isinstance(row.applies_to, Select) else row.applies_to for row in rows]
    named = {item for ids in chosen for item in ids}
    issuers = {(row.place.institution or "").casefold() for row in rows if row.applies_to == ()} - {""}
    items = catalog.credentials.values()
    return np.array([item.id in named or item.issuer.casefold() in issuers for item in items], dtype=np.bool_)


def _closing(catalog: Catalog, credential_id: str) -> int:
    return sum(agreement.kind in CLOSING_KINDS for agreement in catalog.agreements_from.get(credential_id, ()))


def _part_edges(catalog: Catalog) -> IntArray:
    """Pairs (part, whole) of rows, ordered by part and then whole, shape (e, 2)."""
    row_of = {credential_id: row for row, credential_id in enumerate(catalog.credentials)}
    pairs = sorted((row_of[part], row_of[whole]) for whole, parts in catalog.parts.items() for part in parts if part in row_of)
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


def _starts(ends: IntArray, count: int) -> IntArray:
    return np.concatenate(([0], np.cumsum(np.bincount(ends, minlength=count)))).astype(np.int64)
