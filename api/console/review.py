"""Matches, decisions and the articulation table on paper."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from api.console.administering import Office, operator
from api.console.exits import OptionError
from api.console.paper import Paper
from api.console.words import counted
from api.errors import from_validation
from api.review_schemas import (
    BulkIn,
    BulkOut,
    CoursesImportedOut,
    DecisionIn,
    DecisionOut,
    MatchesIn,
    MatchesMadeOut,
    MatchFilter,
    MatchOut,
    MatchPageOut,
)
from api.review_service import (
    Desk,
    articulations,
    articulations_csv,
    articulations_ctdl,
    decide,
    decide_all,
    import_file,
    make_matches,
    queue,
)
from api.world import World

if TYPE_CHECKING:
    import typer

BodyT = TypeVar("BodyT", bound=BaseModel)


def desk(world: World, institution: str, person: str = "operator") -> Desk:
    """The desk of whoever may run commands on this machine."""
    office = Office()
    return Desk(world, office.database, replace(operator(institution), person_id=person), office.log)


def after_catalog_change(world: World) -> list[str]:
    """Open matches again whose badge reads otherwise in the catalog of now; what to say of them."""
    from api.review.fresh import refresh_all

    office = Office()
    reopened = refresh_all(world, office.database, office.log) if office.database.is_there else []
    rest = "rests on a text that changed and is" if len(reopened) == 1 else "rest on a text that changed and are"
    return [f"{counted(len(reopened), 'match', 'matches')} {rest} open again."] if reopened else []


def import_from(at: Desk, path: Path) -> CoursesImportedOut:
    """Courses of a file.

    Raises
    ------
    OptionError
        If it cannot be read.
    InputError
        Naming every bad row.
    """
    try:
        return import_file(at, path.read_bytes(), path.name)
    except OSError as error:
        message = f"Cannot read {path}: {error.strerror}."
        raise OptionError(message) from error


def put_on_queue(context: typer.Context, badges: Sequence[str], institution: str, k: int) -> MatchesMadeOut:
    """Proposals for badges of the catalog among the institution's courses, for people to decide on."""
    from api.commands.shared import world_of
    from api.match_service import proposer

    at = desk(world_of(context), institution)
    return make_matches(at, _read(MatchesIn, {"badges": list(badges), "k": k}), proposer(Office().settings))


def listed(at: Desk, asked: Mapping[str, Any]) -> MatchPageOut:
    """The queue."""
    return queue(at, _read(MatchFilter, asked))


def decided(at: Desk, match: str, version: str | None, asked: Mapping[str, Any]) -> MatchOut:
    """One decision, whatever the version unless one is named."""
    given = {key: value for key, value in asked["changes"].items() if value is not None}
    return decide(at, match, [version or "*"], _read(DecisionIn, {**asked, "changes": given or None}))


def decided_all(at: Desk, asked: Mapping[str, Any]) -> BulkOut:
    """One decision for all that fit."""
    return decide_all(at, _read(BulkIn, asked))


def exported(at: Desk, form: str, *, unused: bool) -> str:
    """What is approved, as text of one form.

    Raises
    ------
    OptionError
        If there is no such form.
    """
    match form:
        case "csv" if not unused:
            return articulations_csv(at)
        case "jsonld" if not unused:
            return json.dumps(articulations_ctdl(at), ensure_ascii=False, indent=1) + "\n"
        case "json":
            return articulations(at, unused=unused).model_dump_json(indent=2) + "\n"
        case _:
            message = f'"{form[:40]}" is no form of this table. Choose csv, jsonld or json (--unused: json).'
            raise OptionError(message)


def _read(schema: type[BodyT], asked: Mapping[str, Any]) -> BodyT:
    try:
        return schema.model_validate({key: value for key, value in asked.items() if value is not None})
    except ValidationError as error:
        problems = from_validation(error.errors(include_url=False), ())
        raise OptionError("; ".join(f"{one.pointer.strip('/') or 'the decision'}: {one.detail}" for one in problems)) from error


def write_imported(paper: Paper, answer: CoursesImportedOut) -> None:
    """Write what an import of courses did."""
    paper.line(answer.text)
    for match in answer.reopened:
        paper.line(f"open again: {match}", lead="- ")


def write_made(paper: Paper, answer: MatchesMadeOut) -> None:
    """Write what was put on the queue, and for which badges the model names no answer."""
    paper.line(answer.text)
    for reason in answer.abstained:
        paper.line(reason, lead="- ")
    paper.line("To decide: pathways review list, then pathways review decide.")


def write_bulk(paper: Paper, answer: BulkOut) -> None:
    """Write what a bulk decision did or would do."""
    paper.line(answer.text)
    if answer.matches and not answer.decided:
        paper.line(f"To decide them: the same command with --expected {answer.matches}.")


def write_queue(paper: Paper, answer: MatchPageOut) -> None:
    """Write the queue, a line each."""
    if answer.counts:
        paper.line(", ".join(f"{number} {state}" for state, number in sorted(answer.counts.items())))
    else:
        paper.line("Nothing is on the queue. Put matches there: pathways match BADGE --institution local --queue.")
    for one in answer.items:
        paper.line(f"{one.id}  {_share(one):>5}  {one.state}{_disputes(one)}  {_sides(one)}", lead="- ")


def write_match(paper: Paper, answer: MatchOut) -> None:
    """Write one match: both sides, evidence, decisions."""
    paper.line(f"{answer.id}: {_sides(answer)}", style="bold")
    paper.line(f"{answer.state}{_disputes(answer)} · tag {answer.tag}")
    if answer.probability is not None:
        low, high = answer.proposal.get("probability_range") or (None, None)
        spread = f", likely {low:.0%} to {high:.0%}" if low is not None and high is not None else ""
        based = answer.proposal.get("based_on")
        count = f", from {counted(based, 'case')} scored like this" if based else ""
        paper.line(f"{answer.probability:.0%}: colleges recorded this match{spread}{count}.")
    for name in ("why", "model"):
        if answer.proposal.get(name):
            paper.line(f"{name.capitalize()}: {answer.proposal[name]}")
    _write_evidence(paper, answer.proposal.get("evidence") or {})
    if answer.history:
        paper.heading("Decisions")
    for one in answer.history:
        paper.line(_decision(one), lead="- ")


def _write_evidence(paper: Paper, evidence: Mapping[str, Any]) -> None:
    if not evidence:
        return
    paper.heading("Evidence")
    for one in evidence.get("fields", ()):
        meaning = "not stated" if one["meaning"] is None else f"meaning {one['meaning']:.2f}, words {one['words'] or 0:.2f}"
        shared = f" ({', '.join(one['shared'][:6])})" if one["shared"] else ""
        paper.line(f"{one['badge_field']} / {one['course_field']}: {meaning}{shared}", lead="- ")
    for pair in evidence.get("outcome_pairs", ()):
        paper.line(f"{pair['badge_outcome']} → {pair['course_outcome']} ({pair['closeness']:.2f})", lead="- ")
    for name in evidence.get("not_covered", ()):
        paper.line(f"not covered: {name}", lead="- ")
    for row in evidence.get("precedents", ()):
        paper.line(
            f"precedent: {row['credential_title']} → {row['course_title']}, {row['institution']} ({row['source']})", lead="- "
        )
    if evidence.get("unstated"):
        paper.line(f"the badge does not state: {', '.join(evidence['unstated'])}", lead="- ")


def _sides(one: MatchOut) -> str:
    badges = " + ".join(badge.name for badge in one.badges)
    courses = " + ".join(f"{course.title} ({course.id})" for course in one.courses) or "a course that is gone"
    return f"{badges} → {courses}"


def _share(one: MatchOut) -> str:
    return "-" if one.probability is None else f"{one.probability:.0%}"


def _disputes(one: MatchOut) -> str:
    return f", {counted(one.disputes, 'dissent')}" if one.disputes else ""


def _decision(one: DecisionOut) -> str:
    text = f"{one.number}. {one.kind.replace('_', ' with ')} by {one.person}, {one.at[:10]}: {one.reason_code}"
    text += f", {one.reason}" if one.reason else ""
    if one.changes is not None:
        given = {name: value for name, value in one.changes.model_dump().items() if value not in {None, ""}}
        text += f" ({', '.join(f'{name} {value}' for name, value in given.items())})"
    return text
