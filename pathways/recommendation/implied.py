"""What a held whole says about its parts: whoever holds LETRS Volume 1 has done its units, listed or not."""

from __future__ import annotations

from dataclasses import replace

from pathways.catalog.entities import Catalog
from pathways.record import EarnedCredential, LearnerRecord
from pathways.requirements.rules import AllOf, Held, Requirement, walk


def with_parts(record: LearnerRecord, catalog: Catalog) -> LearnerRecord:
    """Add the parts of held credentials whose list is complete and has no choice in it.

    Parameters
    ----------
    record : LearnerRecord
    catalog : Catalog

    Returns
    -------
    LearnerRecord
        The same achievements first; then implied parts, self-reported and without date, grade or credits of their own. A part under
        an area is not implied: the whole says which area, the record of the part would have to.
    """
    known = {item.id for item in record.achievements}
    queue = [item.id for item in record.achievements if item.stage in {"earned", "posted"}]
    implied: dict[str, None] = {}
    while queue:
        rule = catalog.composed_of(queue.pop(0))
        for part in _plain_parts(rule):
            if part not in known and part not in implied:
                implied[part] = None
                queue.append(part)
    if not implied:
        return record
    return replace(record, achievements=(*record.achievements, *(EarnedCredential(part) for part in implied)))


def _plain_parts(rule: Requirement) -> tuple[str, ...]:
    nodes = list(walk(rule))
    plain = all(isinstance(node, AllOf) or (isinstance(node, Held) and node.area is None) for node in nodes)
    return tuple(node.id for node in nodes if isinstance(node, Held)) if plain else ()
