"""What an evaluator does on this machine: import courses, look at the queue, decide, hand on what is approved."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.commands.shared import group, world_of
from api.console import options
from api.console.deliver import Delivery, deliver, save
from api.console.exits import ExitCode

app = group("Matches of badges and courses, decided by people.")
courses_app = group("An institution's courses.")

MatchId = Annotated[str, typer.Argument(metavar="MATCH", help="Id of the match.", show_default=False)]
Institution = Annotated[str, typer.Option("--institution", metavar="ID", help="Institution (local: the one of this machine).")]
Kind = Annotated[
    str,
    typer.Argument(
        metavar="DECISION",
        help="approve, approve_changed, reject, skip, undo, dissent, uphold or overturn.",
        show_default=False,
    ),
]
Person = Annotated[str, typer.Option("--as", metavar="PERSON", help="Who decides, as the log names them.")]
Code = Annotated[str | None, typer.Option("--code", metavar="CODE", help="Reason code, such as outcomes_covered.")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Reason in words.")]
Least = Annotated[float | None, typer.Option("--least", min=0, max=1, help="Only probabilities from this one on.")]
Most = Annotated[float | None, typer.Option("--most", min=0, max=1, help="Only probabilities up to this one.")]


@courses_app.command("import")
def courses_import(
    context: typer.Context,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="CSV with id, title and, where known, description, credits, outcomes.")
    ],
    *,
    institution: Institution = "local",
    as_json: options.AsJson = False,
) -> None:
    """Take in an institution's courses, in place of those before; all of them or none.

    Matches that rest on a course whose text changed are open again.

    Example: pathways courses import courses.csv
    """
    from api.console.review import desk, import_from, write_imported

    deliver(import_from(desk(world_of(context), institution), file), write_imported, Delivery(as_json, None, context.obj))


@app.command("list")
def review_list(  # noqa: PLR0913  # one parameter per option
    context: typer.Context,
    *,
    state: Annotated[str | None, typer.Option("--state", help="open, skipped, approved or rejected.")] = None,
    order: Annotated[str, typer.Option("--order", help="surest, least_sure or oldest.")] = "surest",
    least: Least = None,
    most: Most = None,
    words: Annotated[str, typer.Option("--words", help="Words that occur in badge or course.")] = "",
    institution: Institution = "local",
    limit: Annotated[int, typer.Option("--limit", min=1, max=200, help="How many.")] = 20,
    as_json: options.AsJson = False,
    out: options.Out = None,
) -> None:
    """List the queue.

    Example: pathways review list --state open --order least_sure
    """
    from api.console.review import desk, listed, write_queue

    asked = {"state": state, "order": order, "least": least, "most": most, "words": words or None, "limit": limit}
    found = listed(desk(world_of(context), institution), asked)
    deliver(found, write_queue, Delivery(as_json, out, context.obj))
    if not found.items:
        raise typer.Exit(ExitCode.NOTHING_FOUND)


@app.command("show")
def review_show(
    context: typer.Context, match: MatchId, *, institution: Institution = "local", as_json: options.AsJson = False
) -> None:
    """Show one match: both sides, the evidence, every decision.

    Example: pathways review show 7F3K9QHD
    """
    from api.console.review import desk, write_match
    from api.review_service import match as find

    deliver(find(desk(world_of(context), institution), match), write_match, Delivery(as_json, None, context.obj))


@app.command("decide")
def review_decide(  # noqa: PLR0913  # one parameter per option
    context: typer.Context,
    match: MatchId,
    kind: Kind,
    *,
    code: Code = None,
    reason: Reason = "",
    credits_given: Annotated[float | None, typer.Option("--credits", min=0, help="Credits, if other than the course's.")] = None,
    min_grade: Annotated[str | None, typer.Option("--min-grade", help="Least grade.")] = None,
    expires: Annotated[str | None, typer.Option("--expires", metavar="DAY", help="Last day it counts.")] = None,
    settles: Annotated[int | None, typer.Option("--settles", help="Number of the dissent.")] = None,
    version: Annotated[str | None, typer.Option("--version", metavar="TAG", help="Only if the match is still at this tag.")] = None,
    person: Person = "operator",
    institution: Institution = "local",
    as_json: options.AsJson = False,
) -> None:
    """Decide one match. An approval counts in the next audit, plan and ranking.

    Example: pathways review decide 7F3K9QHD reject --code content_gap --reason "No assessment of fluency"
    """
    from api.console.review import decided, desk, write_match

    changes = {"credits": credits_given, "min_grade": min_grade, "expires_on": expires}
    asked = {"kind": kind, "reason_code": code, "reason": reason, "settles": settles, "changes": changes}
    at = desk(world_of(context), institution, person)
    deliver(decided(at, match, version, asked), write_match, Delivery(as_json, None, context.obj))


@app.command("decide-all")
def review_decide_all(  # noqa: PLR0913  # one parameter per option
    context: typer.Context,
    kind: Annotated[str, typer.Argument(metavar="DECISION", help="approve, reject or skip.")],
    *,
    code: Code = None,
    reason: Reason = "",
    least: Least = None,
    most: Most = None,
    words: Annotated[str, typer.Option("--words", help="Words that occur in badge or course.")] = "",
    expected: Annotated[int | None, typer.Option("--expected", help="Decide, if exactly so many fit. Without it: count.")] = None,
    person: Person = "operator",
    institution: Institution = "local",
    as_json: options.AsJson = False,
) -> None:
    """Count the open matches that fit and the errors to expect; with --expected, decide them all.

    Example: pathways review decide-all approve --code precedent --least 0.9
    """
    from api.console.review import decided_all, desk, write_bulk

    asked = {
        "kind": kind,
        "reason_code": code,
        "reason": reason,
        "least": least,
        "most": most,
        "words": words,
        "expected": expected,
    }
    deliver(decided_all(desk(world_of(context), institution, person), asked), write_bulk, Delivery(as_json, None, context.obj))


@app.command("export")
def review_export(
    context: typer.Context,
    *,
    form: Annotated[str, typer.Option("--format", help="csv, jsonld (CTDL) or json.")] = "csv",
    unused: Annotated[bool, typer.Option("--unused", help="Only credit that no plan and no record uses (json).")] = False,
    institution: Institution = "local",
    out: options.Out = None,
) -> None:
    """Write what is approved: the articulation table as CSV, or CTDL transfer value profiles and agreements.

    Example: pathways review export --format jsonld --out articulations.jsonld
    """
    from api.console.review import desk, exported

    text = exported(desk(world_of(context), institution), form, unused=unused)
    if out is None:
        typer.echo(text, nl=False)
    else:
        save(out, text, quiet=context.obj)
