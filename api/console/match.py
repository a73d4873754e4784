"""Matches at the terminal: badges and courses gathered, results written as text or as lines of JSON."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from api.console.deliver import remark, save
from api.console.exits import OptionError
from api.match_schemas import MatchesOut
from pathways.matching.kinds import KINDS, kind_of
from pathways.matching.proposal import BadgeText, CourseText, Evidence, MatchResult, Proposal

if TYPE_CHECKING:
    import typer

    from api.console.paper import Paper
    from api.match_service import OwnDecisions
    from pathways.matching.propose import Asked


def wanted_badges(context: typer.Context, named: Sequence[str], file: Path | None, kind: str) -> list[BadgeText]:
    """Badges of a file, of the catalog, or titles as they were typed."""
    from pathways.matching.tables import read_badges

    if kind and kind not in KINDS:
        message = f"--kind: found {kind[:60]!r}, expected one of {', '.join(KINDS)}."
        raise OptionError(message)
    found = _named(context, named) if file is None else list(read_badges(file))
    return [replace(badge, kind=kind) if kind and not badge.kind else badge for badge in found]


def wanted_courses(context: typer.Context, file: Path | None, institution: str) -> tuple[CourseText, ...]:
    """Courses of a file, or those an institution keeps here."""
    from pathways.matching.tables import read_courses

    if file is not None:
        return read_courses(file)
    from api.commands.shared import world_of
    from api.console.review import desk

    kept = desk(world_of(context), institution).courses.all()
    if not kept:
        raise OptionError("No courses are kept here. Name a file with --courses, or import one: pathways courses import FILE.")
    return kept


def matched(
    badges: Sequence[BadgeText], courses: Sequence[CourseText], *, precedents: Path | None, model: Path | None, asked: Asked,
    own: OwnDecisions | None = None, quiet: bool = False,
) -> MatchesOut:  # fmt: skip
    """Match all badges with one list; ``own`` is what the institution decided before."""
    from api.console.bar import CountingBar
    from api.match_service import OwnDecisions, match_all, open_matcher
    from api.settings import read_settings

    before = own or OwnDecisions()
    reading, matching = CountingBar("Reading texts", quiet=quiet), CountingBar("Matching badges", quiet=quiet)
    try:
        matcher = open_matcher(read_settings(os.environ), courses, precedents=precedents, model=model, progress=reading)
        decided = matcher.with_own(before.precedents)
        return MatchesOut(
            results=match_all(
                decided, badges, before.counts, k=asked.k, risk=asked.risk, evidence=asked.with_evidence, progress=matching
            )
        )
    finally:
        reading.close()
        matching.close()


def decided_before(context: typer.Context, institution: str) -> OwnDecisions:
    """What the institution decided before."""
    from api.commands.shared import world_of
    from api.console.review import desk
    from api.review_service import own_decided

    return own_decided(desk(world_of(context), institution))


def write_lines(path: Path, answer: MatchesOut, *, quiet: bool) -> None:
    """One line of JSON a badge, the whole file or nothing."""
    from pathways.matching.tables import line

    save(path, "".join(f"{line(result)}\n" for result in answer.results), quiet=quiet)
    if answer.results:
        first = answer.results[0]
        remark(" ".join((f"{first.model}; {first.precedents}.", *first.notes)), quiet=quiet)


def write_matches(paper: Paper, answer: MatchesOut, titles: Mapping[str, str]) -> None:
    """Every badge with its proposals, best first, and why."""
    for result in answer.results:
        paper.heading(result.badge_id)
        _write_verdict(paper, result)
        for place, proposal in enumerate(result.proposals, start=1):
            share = "no probability stated" if proposal.probability is None else f"{proposal.probability:.0%} recorded"
            paper.line(f"{titles.get(proposal.course_id, proposal.course_id)} ({proposal.course_id}): {share}", lead=f"{place}. ")
            _write_evidence(paper, proposal)
    if answer.results:
        first = answer.results[0]
        for note in first.notes:
            paper.line(note)
        paper.line(
            f"{first.model}, trained on {', '.join(first.trained_on)}; {first.precedents}. For evaluators: a person decides."
        )


def _write_verdict(paper: Paper, result: MatchResult) -> None:
    paper.line(f"{'Abstains' if result.abstained else 'Answers'}: {result.why}")
    facts = [("no course fits", result.none_fits), ("elective credit only", result.elective_only)]
    told = [f"{name} {share:.0%}" for name, share in facts if share is not None]
    if told:
        paper.line(f"Chance by the records: {', '.join(told)}.")


def _write_evidence(paper: Paper, proposal: Proposal) -> None:
    evidence = proposal.evidence
    for one in evidence.fields:
        if one.meaning is not None:
            shared = f" ({', '.join(one.shared[:6])})" if one.shared else ""
            paper.line(f"{one.badge_field}: meaning {one.meaning:.2f}, words {one.words or 0:.2f}{shared}", indent=4)
    for pair in evidence.outcome_pairs:
        paper.line(f"{pair.badge_outcome} → {pair.course_outcome} ({pair.closeness:.2f})", indent=4)
    _write_limits(paper, evidence)
    for row in evidence.precedents:
        what = "refused before" if row.rejected else "precedent"
        paper.line(f"{what}: {row.credential_title} → {row.course_title}, {row.institution} ({row.source})", indent=4)
    if proposal.same_text:
        paper.line(f"the same title: {', '.join(proposal.same_text[:5])}", indent=4)


def _write_limits(paper: Paper, evidence: Evidence) -> None:
    for name in evidence.not_covered:
        paper.line(f"not covered: {name}", indent=4)
    if evidence.hours is not None and evidence.hours_expected is not None:
        words = f"{evidence.hours:g} hours; {evidence.credits:g} credits usually stand for {evidence.hours_expected:g}"
        paper.line(words, indent=4)
    if evidence.unstated:
        paper.line(f"the badge does not state: {', '.join(evidence.unstated)}", indent=4)


def _named(context: typer.Context, named: Sequence[str]) -> list[BadgeText]:
    from api.commands.shared import world_of
    from api.review.bodies import badge_text

    known = world_of(context).catalog.credentials
    return [badge_text(known[name]) if name in known else _typed(place, name) for place, name in enumerate(named, start=1)]


def _typed(place: int, title: str) -> BadgeText:
    badge = BadgeText(title[:200] or f"badge {place}", title)
    return replace(badge, kind=kind_of(badge))
