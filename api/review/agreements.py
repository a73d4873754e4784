"""Approved matches as agreements: at once part of the catalog of this server, marked local, gone again when undone or reopened."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import Connection, select

from api.review.errors import DecisionError
from api.review.matches import Match
from api.review.state import Decision
from api.store.overlay_bodies import read_approved
from api.store.overlay_tables import overlay_agreements, overlay_rules
from api.store.overlays import OverlayStore
from pathways.articulation.agreements import Agreement
from pathways.catalog.entities import Catalog
from pathways.catalog.overlay import LOCAL_MARK, Approved
from pathways.credential import Credential, Source
from pathways.matching.proposal import CourseText
from pathways.places import Place
from pathways.units import CreditValue

FILE = "decisions"
"""Stands for a file in messages about what was approved."""
_NOT_ID = re.compile(r"[^a-z0-9]+")


def course_id(course: CourseText, catalog: Catalog) -> str:
    """Catalog id of an institution's course: its own id where the catalog has it as theirs, else one that names both.

    An id of the catalog that is not theirs (a license, another institution's course) is never meant: they do not award it.
    """
    known = catalog.credentials.get(course.id)
    if known is not None and known.type == "course" and known.issuer.casefold() == course.institution.casefold():
        return course.id
    wanted = (course.institution.casefold().replace(" ", "-"), course.id.casefold())
    parts = tuple(_NOT_ID.sub("-", part).strip("-") for part in wanted)
    if parts == wanted:
        return "-".join(parts)
    # What the letters of an id cannot say is said by a digest: EDU+101 and EDU.101 are two courses.
    mark = hashlib.sha256(json.dumps([course.institution, course.id]).encode()).hexdigest()[:8]
    return "-".join(part for part in (*parts, mark) if part)


@dataclass(frozen=True, slots=True)
class Agreements:
    """What keeps the catalog in step with decisions.

    Parameters
    ----------
    store : OverlayStore
    catalog : Catalog
    courses : mapping of str to CourseText
        The courses of the matches concerned, by their own id.
    """

    store: OverlayStore
    catalog: Catalog
    courses: Mapping[str, CourseText]

    def follow(self, connection: Connection, before: Match, now: Match) -> None:
        """Put the agreements of a match on the catalog, or take them off, in the transaction of its decision.

        Raises
        ------
        DecisionError
            If a local rule names the course and nothing else would put that on the catalog.
        """
        new = {one.agreement.id: one for one in self.of(now)}
        if before.standing.state == "approved" or new:
            leaving = [key for key in agreement_ids(before) if key not in new]
            self._check_unneeded(connection, leaving)
            for key in leaving:
                self.store.withdraw_agreement(connection, key)
            for one in new.values():
                self.store.put_agreement(connection, one)

    def _check_unneeded(self, connection: Connection, leaving: Sequence[str]) -> None:
        """Refuse to take a course off the catalog that a local rule names: no question could be answered any more."""
        rules = connection.execute(select(overlay_rules.c.id, overlay_rules.c.body)).all() if leaving else []
        if not rules:
            return
        rows = connection.execute(select(overlay_agreements.c.id, overlay_agreements.c.body)).all()
        named = {row.id: {one.id for one in read_approved(row.body).credentials} for row in rows}
        gone = set().union(*(named.pop(key, set()) for key in leaving)) - set().union(*named.values())
        gone = {name for name in gone if name not in self.catalog.credentials or self.catalog.credentials[name].source.file == FILE}
        for rule in rules:
            if taken := next((name for name in gone if re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", rule.body)), None):
                detail = f"The local rule {rule.id} names {taken}, which is on the catalog by this approval alone."
                raise DecisionError("kind", f"{detail} Drop the rule first: pathways rules remove {rule.id}")

    def of(self, match: Match) -> Iterator[Approved]:
        """The agreements of a match: one for each course while it is approved, none otherwise."""
        decided = match.decided
        if match.standing.state != "approved" or decided is None:
            return
        for key, name in zip(agreement_ids(match), match.courses, strict=True):
            if name in self.courses:
                yield self._approved(key, match, decided, self.courses[name])

    def _approved(self, key: str, match: Match, decided: Decision, course: CourseText) -> Approved:
        on, changes, institution = decided.at[:10], decided.changes, course.institution
        said = f"decision {decided.number} on match {match.id}, {on}, at {institution}"
        source = Source(LOCAL_MARK + said, "stated", on, FILE, decided.number, "decided by an evaluator, kept on this system")
        amount = changes.credits if changes.credits is not None else course.credits
        worth = None if amount is None else CreditValue(Fraction(str(amount)), "semester")
        target = course_id(course, self.catalog)
        agreement = Agreement(
            id=key,
            from_ids=match.badges,
            institution=institution,
            to_text=course.title,
            kind="posts_credit",
            # No first day: a badge earned before the decision counts by it too.
            conditions=changes.conditions or "as decided by the institution; its registrar posts it",
            source=source,
            to_id=target,
            credits=worth,
            mode="alternative",
            min_grade=changes.min_grade,
            effective_until=changes.expires_on,
            place=Place(institution=institution),
        )
        # The course goes along even where the catalog has it today: it may be there by another agreement that is undone tomorrow.
        return Approved(agreement, (_credential(target, course, source, worth),))


def agreement_ids(match: Match) -> list[str]:
    """Ids of the agreements a match may have: one for each course."""
    return [f"match-{match.id.lower()}-{number}" for number in range(1, len(match.courses) + 1)]


def _credential(key: str, course: CourseText, source: Source, worth: CreditValue | None) -> Credential:
    return Credential(
        id=key,
        name=f"{course.title} ({course.id})",
        type="course",
        issuer=course.institution,
        subject="",
        audience="",
        description=course.description,
        competencies=course.outcomes,
        source=source,
        status="active",
        place=Place(institution=course.institution),
        credits=worth,
    )
