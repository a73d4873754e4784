"""What the rules of some credentials are, as short marks: where a mark is another later, somebody's answer rests on an old rule."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from pathways.catalog.entities import Catalog


def marks_of(catalog: Catalog, ids: Iterable[str]) -> dict[str, str]:
    """A mark for each id: its own facts, its requirements, and the agreements that lead from or to it.

    Parameters
    ----------
    catalog : Catalog
    ids : iterable of str
        Ids that are not in the catalog get the mark of nothing.

    Returns
    -------
    dict of str to str
    """
    wanted = set(ids)
    parts: dict[str, list[str]] = {name: [repr(catalog.credentials.get(name))] for name in sorted(wanted)}
    for row in catalog.requirements:
        if row.credential_id in wanted:
            parts[row.credential_id].append(repr((row.kind, row.rule)))
    for agreement in catalog.agreements:
        for name in wanted & {*agreement.from_ids, agreement.to_id or ""}:
            parts[name].append(repr(agreement))
    return {name: hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16] for name, lines in parts.items()}


def changed(then: Mapping[str, str], catalog: Catalog) -> list[str]:
    """Ids whose rules are others now than when these marks were made."""
    now = marks_of(catalog, then)
    return sorted(name for name, mark in then.items() if now[name] != mark)
