"""Learners' records and rights, as the API and the command line answer them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from api.errors import InputError, InputProblem
from api.identity.asker import Asker
from api.identity.learners import Disclosure, Everything, Learner, Learners
from api.identity.shred import shred_files, shred_rows
from api.learner_schemas import (
    ConsentIn,
    ConsentOut,
    DisclosureOut,
    DisclosuresOut,
    ErasedOut,
    LearnerExportOut,
    LearnerQuery,
    LearnerRecordIn,
    LearnerRecordOut,
    LearnersOut,
    LearnersQuery,
    LearnerSummaryOut,
)
from api.world import World
from pathways.draw.export import defused
from pathways.errors import DataError
from pathways.record import LearnerRecord
from pathways.record_files import record_from_json, record_to_json

COLUMNS = ("part", "entry", "field", "value")


def add(world: World, learners: Learners, asker: Asker, given: LearnerRecordIn) -> LearnerRecordOut:
    """Keep a new record under an id that this program makes.

    Raises
    ------
    InputError, NotAllowedError
    """
    record = _checked(world, given)
    return _body(learners.add(asker, record=_written(asker, record, "{}"), consents=_consents(given.consents)))


def listed(world: World, learners: Learners, asker: Asker, wanted: LearnersQuery) -> LearnersOut:
    """One page of the records that the asker may see."""
    found = learners.ids(asker, after=wanted.cursor, count=wanted.limit + 1)
    shown = found[: wanted.limit]
    rows = [LearnerSummaryOut(id=row.id, version=row.version, changed_at=row.changed_at) for row in shown]
    return LearnersOut(items=rows, next_cursor=shown[-1].id if len(found) > len(shown) else None)


def get(world: World, learners: Learners, asker: Asker, learner_id: str, wanted: LearnerQuery) -> LearnerRecordOut:
    """The record; somebody else's view is a disclosure.

    Raises
    ------
    UnknownHereError, NotAllowedError
    """
    return _body(learners.get(asker, learner_id, wanted.purpose))


def change(
    world: World, learners: Learners, asker: Asker, learner_id: str, given: LearnerRecordIn, *, tags: Sequence[str]
) -> LearnerRecordOut:
    """Put a record in place of another.

    Parameters
    ----------
    tags : sequence of str
        Entity tags the caller has; ``*`` stands for any.

    Raises
    ------
    UnknownHereError, NotAllowedError, StaleRecordError, InputError
    """
    seen = None if "*" in tags else _version(learner_id, tags)
    record = _checked(world, given)

    def rewritten(former: str) -> str:
        return _written(asker, record, former)

    return _body(learners.change(asker, learner_id, seen, record=rewritten, consents=_consents(given.consents)))


def export(world: World | None, learners: Learners, asker: Asker, learner_id: str, wanted: LearnerQuery) -> LearnerExportOut:
    """Everything that is kept of a learner.

    Raises
    ------
    UnknownHereError, NotAllowedError
    """
    return _export(learners.export(asker, learner_id, wanted.purpose))


def disclosures(world: World | None, learners: Learners, asker: Asker, learner_id: str) -> DisclosuresOut:
    """Who saw, got or changed the record.

    Raises
    ------
    UnknownHereError, NotAllowedError
    """
    return DisclosuresOut(items=_shown(learners.disclosures(asker, learner_id)))


def erase(world: World | None, learners: Learners, asker: Asker, learner_id: str, data: Path) -> ErasedOut:
    """Remove everything that is kept of a learner, and its bytes.

    Raises
    ------
    UnknownHereError, NotAllowedError
    """
    counts = learners.erase(asker, learner_id)
    counts["files"] = shred_files(data, learner_id)
    return ErasedOut(id=learner_id, removed=counts, overwritten=shred_rows(learners.database))


def tag_of(body: LearnerRecordOut) -> str:
    """Entity tag of one version of a record."""
    return f'"{body.id}-{body.version}"'


def as_csv(body: LearnerExportOut) -> str:
    """An export as a table: one row for each value, with the part and the field it stands in."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    for part, content in body.model_dump(mode="json").items():
        entries = content if isinstance(content, list) else [content]
        for number, entry in enumerate(entries, start=1):
            for field, value in _leaves(entry, ""):
                writer.writerow((part, number, defused(field), defused(value)))
    return stream.getvalue()


def _leaves(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(inner, f"{path}/{name}")
    elif isinstance(value, list):
        for number, inner in enumerate(value, start=1):
            yield from _leaves(inner, f"{path}/{number}")
    elif value is not None:
        yield path, value if isinstance(value, str) else json.dumps(value)


def _checked(world: World, given: LearnerRecordIn) -> LearnerRecord:
    """The record: only fields that a record has, and ids of this catalog."""
    try:
        return record_from_json(given.record, world.catalog.credentials)
    except DataError as error:
        raise InputError(tuple(InputProblem("/record", str(problem)) for problem in error.problems)) from error


def _written(asker: Asker, record: LearnerRecord, former: str) -> str:
    """The record as text, without a name of the learner's own.

    A learner does not verify what they hold: only what others had verified before, and is still the same, stays verified.
    """
    written = record_to_json(record)
    del written["learner"]
    if not asker.is_any("advisor", "administrator"):
        verified = [item for item in json.loads(former).get("achievements", []) if item["verification"] == "verified"]
        for item in written["achievements"]:
            if item["verification"] == "verified" and item not in verified:
                item["verification"] = "self-reported"
    return json.dumps(written, ensure_ascii=False, sort_keys=True)


def _consents(given: Sequence[ConsentIn]) -> str:
    return json.dumps([consent.model_dump(mode="json") for consent in given], ensure_ascii=False)


def _version(learner_id: str, tags: Sequence[str]) -> int:
    """The newest version that the caller has seen; 0, which none is, where no tag is of this record."""
    own = [tag.strip('"').rpartition("-") for tag in tags]
    return max((int(number) for name, _, number in own if name == learner_id and _is_number(number)), default=0)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def _body(learner: Learner) -> LearnerRecordOut:
    return LearnerRecordOut(
        id=learner.id,
        version=learner.version,
        record={"learner": learner.id, **json.loads(learner.record)},
        consents=[ConsentOut.model_validate(consent) for consent in json.loads(learner.consents)],
        made_at=learner.made_at,
        changed_at=learner.changed_at,
    )


def _shown(rows: Sequence[Disclosure]) -> list[DisclosureOut]:
    return [
        DisclosureOut(at=row.at, person_id=row.person_id, roles=row.roles.split(), action=row.action, purpose=row.purpose)
        for row in rows
    ]


def _export(everything: Everything) -> LearnerExportOut:
    held = dict(everything.held)
    return LearnerExportOut(
        learner=_body(everything.learner),
        disclosures=_shown(everything.disclosures),
        plans=held.pop("plans", []),
        answers=held.pop("answers", []),
        other=held,
    )
