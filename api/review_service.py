"""Matching and review as the command line, the API and the pages answer them: one function each, on one desk.

Probabilities go no further than here: nothing in this module answers a learner.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from api.errors import InputError, InputProblem
from api.match_service import OwnDecisions
from api.own_precedents import own_precedents
from api.review.bodies import badge_text, badge_texts, match_body, text_keys
from api.review.courses import read_courses, text_sha256
from api.review.desk import Desk
from api.review.errors import DecisionError, StaleMatchError
from api.review.fresh import changed_badges, freshen, refresh
from api.review.matches import Match, NewMatch, Wanted
from api.review.state import Changes, Decision
from api.review.table import articulations, articulations_csv, articulations_ctdl
from api.review_schemas import (
    BulkIn,
    BulkOut,
    CoursesImportedOut,
    DecisionIn,
    MatchesIn,
    MatchesMadeOut,
    MatchFilter,
    MatchOut,
    MatchPageOut,
)
from api.store.location import LOCAL
from pathways.errors import DataError, DataProblem
from pathways.matching.kinds import kind_of
from pathways.matching.proposal import BadgeText, CourseText, MatchResult
from pathways.text_files import read_text

__all__ = [
    "Desk", "articulations", "articulations_csv", "articulations_ctdl", "decide", "decide_all", "import_courses", "import_file",
    "make_matches", "match", "own_decided", "own_decisions", "queue", "refresh",
]  # fmt: skip
Proposer = Callable[[Sequence[BadgeText], Sequence[CourseText], int, OwnDecisions], Sequence[MatchResult]]
"""Proposals for each badge among some courses, at most so many each, knowing what the institution decided before."""
MOST_BULK = 5_000


def import_file(desk: Desk, content: bytes, file: str) -> CoursesImportedOut:
    """As :func:`import_courses`, from the bytes of a file.

    Raises
    ------
    InputError
        Naming what is wrong, at most some of many rows.
    """
    problems: list[DataProblem] = []
    text = read_text(Path(file), problems, data=content)
    try:
        if text is None:
            raise DataError(tuple(problems))
        return import_courses(desk, text, Path(file).name)
    except DataError as error:
        raise InputError(tuple(InputProblem("/file", str(one)) for one in error.problems)) from error


def import_courses(desk: Desk, text: str, file: str) -> CoursesImportedOut:
    """Take an institution's courses from a CSV, in place of those before; matches whose course changed are open again.

    Raises
    ------
    DataError
        Naming every bad row; nothing is kept then.
    InputError
        If an approval that rests on a changed course cannot be withdrawn: a local rule names its course.
    """
    # Whoever runs the machine keeps the courses of whom they like; who signed in speaks for their own institution.
    own_only = desk.asker.how != "local" and desk.asker.institution_id != LOCAL
    found = read_courses(text, file, desk.institution_name(), own_only=own_only)
    try:
        return _kept_courses(desk, found)
    except DecisionError as error:
        raise InputError((InputProblem("/file", f"A match would have to be opened again. {error.detail}"),)) from error


def _kept_courses(desk: Desk, found: Sequence[CourseText]) -> CoursesImportedOut:
    now = {f"course:{one.id}": text_sha256(one) for one in found}
    matches = desk.matches
    with desk.database.begin() as connection:
        done = desk.courses.keep(connection, found)
        changed = {f"course:{key}": now.get(f"course:{key}") for key in done.changed_ids}
        effect = desk.agreements({one.id: one for one in found}).follow
        reopened = matches.reopen(connection, {**changed, **changed_badges(desk, connection)}, effect)
        detail = {
            "total": done.total,
            "added": done.added,
            "changed": done.changed,
            "removed": done.removed,
            "reopened": len(reopened),
        }
        desk.log.append(connection, desk.asker, "courses.imported", "", {**detail, "reopened": len(reopened)})
    said = f"{done.total:,} courses: {done.added:,} new, {done.changed:,} changed, {done.removed:,} gone."
    if reopened:
        said += f" {len(reopened):,} decided or open matches rest on a changed text and are open again."
    return CoursesImportedOut(
        total=done.total, added=done.added, changed=done.changed, removed=done.removed, reopened=reopened, text=said
    )


def make_matches(desk: Desk, wanted: MatchesIn, propose: Proposer) -> MatchesMadeOut:
    """Put matches on the queue: proposed for each badge, or one by hand.

    Raises
    ------
    InputError
        If a badge or course is unknown, or the institution has no courses yet.
    """
    badges = badge_texts(desk.world.catalog, wanted.badges)
    if wanted.courses:
        new, abstained, looked_at = [_by_hand(desk, badges, wanted.courses)], list[str](), ""
    else:
        courses = desk.courses.all()
        if not courses:
            raise InputError((InputProblem("/badges", "No courses are kept here yet. Import them: pathways courses import FILE."),))
        by_id = {one.id: one for one in courses}
        results = propose(badges, courses, wanted.k, own_decided(desk))
        new = [
            _proposed(result, index, badge, by_id[proposal.course_id])
            for badge, result in zip(badges, results, strict=True)
            for index, proposal in enumerate(result.proposals[: wanted.k])
        ]
        abstained = [f"{result.badge_id}: {result.why}" for result in results if result.abstained]
        looked_at = next((f" Looked at {result.precedents}." for result in results if result.precedents), "")
    added, renewed = desk.matches.add(new)
    text = f"{added} {'match' if added == 1 else 'matches'} put on the queue, {renewed} renewed.{looked_at}"
    if abstained:
        text += f" For {len(abstained)} of {len(badges)} badges the model puts none forward; its best guesses are on the queue."
    return MatchesMadeOut(added=added, renewed=renewed, abstained=abstained, text=text)


def own_decided(desk: Desk) -> OwnDecisions:
    """What the institution decided itself, counted and as precedents."""
    return OwnDecisions(own_decisions(desk), own_precedents(desk))


def own_decisions(desk: Desk) -> Counter[str]:
    """On how many matches the institution has decided, by kind of credential, counting those whose decision stands."""
    known = desk.world.catalog.credentials
    found: Counter[str] = Counter()
    for badges, number in desk.matches.decided_badges().items():
        kinds = {kind_of(badge_text(known[name])) for name in badges if name in known}
        found.update(dict.fromkeys(kinds, number))
    return found


def _by_hand(desk: Desk, badges: Sequence[BadgeText], names: Sequence[str]) -> NewMatch:
    courses = desk.courses.some(names)
    missing = [name for name in names if name not in courses]
    if missing:
        detail = f"There is no course {', '.join(missing)} here. Import it: pathways courses import FILE."
        raise InputError((InputProblem("/courses", detail),))
    found = [courses[name] for name in names]
    proposal = {
        "why": "put on the queue by hand",
        "title": " ".join([*(one.title for one in badges), *(one.title for one in found)]),
    }
    return NewMatch(tuple(one.id for one in badges), tuple(names), text_keys(badges, found), None, proposal, desk.asker.person_id)


def _proposed(result: MatchResult, index: int, badge: BadgeText, course: CourseText) -> NewMatch:
    proposal = result.proposals[index]
    others = [{"course": one.course_id, "probability": one.probability} for one in result.proposals if one is not proposal][:5]
    body: dict[str, Any] = {
        "model": result.model,
        "trained_on": list(result.trained_on),
        "precedents": result.precedents,
        "probability_range": proposal.probability_range,
        "based_on": proposal.based_on,
        "evidence": json.loads(json.dumps(asdict(proposal.evidence), default=str)),
        "others": others,
        "none_fits": result.none_fits,
        "elective_only": result.elective_only,
        "abstained": result.abstained,
        "why": result.why,
        "rank": index + 1,
        "title": f"{badge.title} {course.title}",
    }
    return NewMatch((badge.id,), (course.id,), text_keys([badge], [course]), proposal.probability, body, "model")


def match(desk: Desk, match_id: str) -> MatchOut:
    """One match with its decisions.

    Raises
    ------
    UnknownMatchError
    """
    freshen(desk)
    found = desk.matches.get(match_id)
    return match_body(found, desk.world.catalog, desk.courses.some(found.courses))


def queue(desk: Desk, wanted: MatchFilter) -> MatchPageOut:
    """One page of the queue, in the order the person chose."""
    freshen(desk)
    start = _start(wanted.cursor)
    rows = desk.matches.page(_wanted(wanted), wanted.order, limit=wanted.limit + 1, offset=start)
    shown = rows[: wanted.limit]
    courses = desk.courses.some({name for row in shown for name in row.courses})
    items = [match_body(row, desk.world.catalog, courses) for row in shown]
    more = str(start + wanted.limit) if len(rows) > wanted.limit else None
    return MatchPageOut(items=items, next_cursor=more, counts=desk.matches.counts())


def _start(cursor: str | None) -> int:
    if cursor is None:
        return 0
    if not re.fullmatch(r"[0-9]{1,9}", cursor):
        raise InputError((InputProblem("?cursor", "This is no cursor of this list. Send next_cursor of the page before."),))
    return int(cursor)


def decide(desk: Desk, match_id: str, tags: Sequence[str], wanted: DecisionIn) -> MatchOut:
    """One decision on one match; an approval is in force for the next question anybody asks.

    Raises
    ------
    UnknownMatchError, StaleMatchError
    InputError
        If it is not possible as the match stands, or lacks its reason.
    """
    found = _decided(desk, match_id, tags, _decision(wanted))
    return match_body(found, desk.world.catalog, desk.courses.some(found.courses))


def _decided(desk: Desk, match_id: str, tags: Sequence[str], wanted: Decision) -> Match:
    freshen(desk)
    names = desk.matches.get(match_id).courses
    try:
        return desk.matches.decide(match_id, tags, wanted, desk.agreements(desk.courses.some(names)).follow)
    except DecisionError as error:
        raise InputError((InputProblem(f"/{error.field}", error.detail),)) from error


def decide_all(desk: Desk, wanted: BulkIn) -> BulkOut:
    """The same decision for every open match that fits, each under the version that was counted.

    Raises
    ------
    InputError
        If the count is not the one the person was shown, or the decision lacks its reason.
    """
    freshen(desk)
    narrowed = Wanted("open", wanted.least, wanted.most, wanted.words, None)
    rows = desk.matches.page(narrowed, "surest", limit=MOST_BULK + 1)
    if len(rows) > MOST_BULK:
        raise InputError((InputProblem("/words", f"More than {MOST_BULK:,} matches fit. Narrow the filter."),))
    known = [row.probability for row in rows if row.probability is not None]
    expected: float | None = None
    if known and len(known) == len(rows):
        wrong = sum(known) if wanted.kind == "reject" else sum(1 - share for share in known)
        expected = round(wrong, 1)
    unknown = "no probability is known for some, so the errors to expect cannot be counted"
    said = unknown if expected is None else f"about {expected} probably wrong"
    if wanted.expected is None:
        text = f"{len(rows)} open matches fit; {said}. Nothing was decided."
        return BulkOut(matches=len(rows), decided=0, left=0, expected_errors=expected, text=text)
    if wanted.expected != len(rows):
        detail = f"You were shown {wanted.expected} matches, {len(rows)} fit by now. Look again, then decide."
        raise InputError((InputProblem("/expected", detail),))
    decision = _decision(DecisionIn(kind=wanted.kind, reason_code=wanted.reason_code, reason=wanted.reason))
    left = 0
    for row in rows:
        try:
            _decided(desk, row.id, [row.tag], decision)
        except StaleMatchError:
            left += 1
    text = f"{len(rows) - left} matches decided; {said}." + (f" {left} changed meanwhile and were left." if left else "")
    return BulkOut(matches=len(rows), decided=len(rows) - left, left=left, expected_errors=expected, text=text)


def _wanted(asked: MatchFilter) -> Wanted:
    return Wanted(asked.state, asked.least, asked.most, asked.words, asked.disputed)


def _decision(asked: DecisionIn) -> Decision:
    given = asked.changes
    changes = Changes()
    if given is not None:
        try:
            last = date.fromisoformat(given.expires_on) if given.expires_on else None
        except ValueError as error:
            raise InputError((InputProblem("/changes/expires_on", "This is no day. Write it as 2028-06-30."),)) from error
        amount = None if given.credits is None else Decimal(str(given.credits))
        changes = Changes(amount, given.min_grade, last, given.conditions)
    return replace(Decision(0, 0, asked.kind, asked.reason_code, asked.reason, "", ""), changes=changes, settles=asked.settles)
