"""The catalog in use, with what lies on it, in forms that others read."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Collection, Iterator

from pathways.catalog.difference import requirement_texts
from pathways.catalog.entities import Catalog
from pathways.credential import Credential
from pathways.draw.export import defused
from pathways.errors import UnknownIdError, nearest_ids
from pathways.units import show

COLUMNS = (
    "id", "name", "type", "issuer", "subject", "place", "status", "hours", "cost_usd", "credit_amount", "credit_unit", "level",
    "component", "prerequisite", "corequisite", "precedes", "source_url", "confidence", "read_on",
)  # fmt: skip


def as_ctdl(catalog: Catalog, ids: Collection[str] = ()) -> str:
    """CTDL as JSON-LD text.

    Parameters
    ----------
    catalog : Catalog
    ids : collection of str
        Only these credentials; all where it is empty.

    Raises
    ------
    UnknownIdError
        With the nearest ids.
    """
    from pathways.catalog.formats.ctdl_out import to_ctdl

    check_ids(catalog, ids)
    return json.dumps(to_ctdl(catalog, ids=ids or None), ensure_ascii=False, indent=1) + "\n"


def as_csv(catalog: Catalog, ids: Collection[str] = ()) -> str:
    """One row for each credential, with its requirements in the requirement language; no cell is taken for a formula.

    Raises
    ------
    UnknownIdError
        With the nearest ids.
    """
    check_ids(catalog, ids)
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    for item in catalog.credentials.values():
        if not ids or item.id in ids:
            writer.writerow(map(defused, _cells(item, catalog)))
    return stream.getvalue()


def check_ids(catalog: Catalog, ids: Collection[str]) -> None:
    """Refuse an id that the catalog does not define."""
    for key in ids:
        if key not in catalog.credentials:
            raise UnknownIdError(key[:100], "credential", nearest_ids(key, catalog.credentials))


def _cells(item: Credential, catalog: Catalog) -> Iterator[str]:
    texts = requirement_texts(catalog, item.id)
    yield from (item.id, item.name, item.type, item.issuer, item.subject, str(item.place), item.status)
    yield "" if item.hours is None else show(item.hours)
    yield "" if item.cost_usd is None else str(item.cost_usd)
    yield from ("", "") if item.credits is None else (show(item.credits.amount), item.credits.unit)
    yield item.level or ""
    yield from (texts.get(kind, "") for kind in ("component", "prerequisite", "corequisite", "precedes"))
    yield from (item.source.url, item.source.confidence, item.source.date)
