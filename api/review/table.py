"""The articulation table: what is approved, with reason, person, date and use; as bodies, CSV and CTDL."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

from api.review.agreements import agreement_ids
from api.review.bodies import match_body
from api.review.desk import Desk
from api.review.fresh import freshen
from api.review.matches import Match, Wanted
from api.review.uses import uses
from api.review_schemas import ArticulationOut, ArticulationsOut
from pathways.matching.proposal import CourseText

COLUMNS = (
    "agreement", "badges", "course", "title", "institution", "credits", "min_grade", "expires_on", "expired", "conditions",
    "person", "at", "reason_code", "reason", "probability", "model", "used",
)  # fmt: skip


def articulations(desk: Desk, *, unused: bool = False) -> ArticulationsOut:
    """The approved rows, with reason, person and date; on request only those that no plan and no record uses."""
    freshen(desk)
    rows = [row for row in desk.matches.full(Wanted("approved")) if row.decided is not None]
    courses = desk.courses.some({name for row in rows for name in row.courses})
    used = uses(desk.database, desk.asker.institution_id)
    items = [one for row in rows for one in _articulations(row, desk, courses, used)]
    return ArticulationsOut(items=[one for one in items if not (unused and one.used)])


def articulations_csv(desk: Desk) -> str:
    """The approved rows as a table to open elsewhere."""
    from pathways.draw.export import defused

    written = io.StringIO()
    out = csv.writer(written, lineterminator="\n")
    out.writerow(COLUMNS)
    for one in articulations(desk).items:
        row = one.model_dump()
        row["badges"] = ";".join(badge.id for badge in one.badges)
        out.writerow([defused("" if row[name] is None else str(row[name])) for name in COLUMNS])
    return written.getvalue()


def articulations_ctdl(desk: Desk) -> dict[str, Any]:
    """The approved rows as CTDL transfer value profiles and transfer agreements."""
    from pathways.catalog.formats.transfers_out import transfer_values

    freshen(desk)
    rows = desk.matches.full(Wanted("approved"))
    courses = desk.courses.some({name for row in rows for name in row.courses})
    made = desk.agreements(courses)
    return transfer_values([entry.agreement for row in rows for entry in made.of(row)])


def _articulations(row: Match, desk: Desk, courses: Mapping[str, CourseText], used: Mapping[str, int]) -> Iterable[ArticulationOut]:
    body, decided = match_body(row, desk.world.catalog, courses), row.decided
    assert decided is not None
    for key, name in zip(agreement_ids(row), row.courses, strict=True):
        course = courses.get(name)
        amount = decided.changes.credits if decided.changes.credits is not None else course.credits if course else None
        yield ArticulationOut(
            agreement=key,
            match=row.id,
            badges=body.badges,
            course=name,
            title=course.title if course else "",
            institution=course.institution if course else "",
            credits=None if amount is None else float(amount),
            min_grade=decided.changes.min_grade,
            expires_on=decided.changes.expires_on.isoformat() if decided.changes.expires_on else None,
            expired=decided.changes.expires_on is not None and decided.changes.expires_on < desk.world.today,
            conditions=decided.changes.conditions,
            person=decided.person_id,
            at=decided.at,
            reason_code=decided.reason_code,
            reason=decided.reason,
            probability=decided.seen_probability,
            model=decided.seen_model,
            used=used.get(key, 0),
        )
