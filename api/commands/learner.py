"""What a learner asks: what to earn next, how far a target is, and whom to ask what."""

from __future__ import annotations

import typer

from api.commands.shared import world_of
from api.console import options
from api.console.asking import audit_in, learner_fields, recommendation_in
from api.console.deliver import Delivery, deliver, remark, save
from api.console.exits import ExitCode


def next_command(  # noqa: PLR0913  # one parameter per option
    context: typer.Context,
    goal: options.Goal = None,
    *,
    have: options.Have = None,
    record: options.Record = None,
    progress: options.Progress = None,
    target: options.Targets = None,
    exclude: options.Exclude = None,
    place: options.PlaceCode = None,
    district: options.District = None,
    license_held: options.License = None,
    budget: options.Budget = None,
    hours_per_week: options.Hours = None,
    by: options.By = None,
    k: options.Count = 5,
    as_json: options.AsJson = False,
    out: options.Out = None,
) -> None:
    """Rank what to earn next, with reasons and sources.

    Each step says what it does for your target, what is still needed, its price and hours, and what it counts for where you work.

    Example: pathways next "become a reading specialist" --place US-OH --have letrs-u1
    """
    from api.console.recommendation import write_recommendation
    from api.service import next_steps

    world = world_of(context)
    learner = learner_fields(
        world, have=have, record=record, progress=progress, place=place, district=district, license_held=license_held
    )
    limits = {"budget_usd": budget, "hours_per_week": hours_per_week, "by": by, "k": k}
    question = recommendation_in({"goal": " ".join(goal or []), "targets": target, "exclude": exclude, **learner, **limits})
    answer = next_steps(world, question)
    deliver(answer, write_recommendation, Delivery(as_json, out, context.obj))
    if not answer.steps and not answer.renewals:
        raise typer.Exit(ExitCode.NOTHING_FOUND)


def audit(  # noqa: PLR0913  # one parameter per option
    context: typer.Context,
    target: options.Target,
    *,
    have: options.Have = None,
    record: options.Record = None,
    progress: options.Progress = None,
    place: options.PlaceCode = None,
    district: options.District = None,
    license_held: options.License = None,
    html: options.Html = None,
    as_json: options.AsJson = False,
    out: options.Out = None,
) -> None:
    """Show how far a record is from one target.

    It says what is met, what is missing, what counts where, and what is unknown.

    Example: pathways audit oh-reading-endorsement --have letrs-u1 --place US-OH --html report.html
    """
    from api.console.audits import write_audit
    from api.service import audit as audit_target

    world = world_of(context)
    learner = learner_fields(
        world, have=have, record=record, progress=progress, place=place, district=district, license_held=license_held
    )
    answer = audit_target(world, audit_in({"target": target, **learner}))
    if html is not None:
        from api.report import audit_report

        save(html, audit_report(answer), quiet=context.obj)
    deliver(answer, write_audit, Delivery(as_json, out, context.obj))


def letter(  # noqa: PLR0913  # one parameter per option
    context: typer.Context,
    target: options.Target,
    *,
    have: options.Have = None,
    record: options.Record = None,
    progress: options.Progress = None,
    place: options.PlaceCode = None,
    district: options.District = None,
    license_held: options.License = None,
    as_json: options.AsJson = False,
    out: options.Out = None,
) -> None:
    """Write the letters to send before you enroll or pay.

    To HR, the registrar or the state; each unknown is a question, with the page it rests on.

    Example: pathways letter oh-reading-endorsement --have letrs-u1 --place US-OH --out letter.txt
    """
    from api.console.audits import write_letter
    from api.service import letter as letters_for

    world = world_of(context)
    learner = learner_fields(
        world, have=have, record=record, progress=progress, place=place, district=district, license_held=license_held
    )
    answer = letters_for(world, audit_in({"target": target, **learner}))
    deliver(answer, write_letter, Delivery(as_json, out, context.obj))
    if not answer.letters:
        remark("Nothing is unknown here, so there is nothing to ask.", quiet=context.obj)
        raise typer.Exit(ExitCode.NOTHING_FOUND)
