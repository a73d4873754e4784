"""What an advisor asks: a plan term by term, plans side by side, and their pictures."""

from __future__ import annotations

import typer

from api.commands.shared import world_of
from api.console import options
from api.console.asking import learner_fields, plan_in
from api.console.deliver import Delivery, deliver
from api.console.exits import ExitCode


def plan(  # noqa: PLR0913  # one parameter per option
    context: typer.Context,
    target: options.PlanTarget,
    *,
    have: options.Have = None,
    record: options.Record = None,
    place: options.PlaceCode = None,
    district: options.District = None,
    license_held: options.License = None,
    terms: options.Terms = None,
    load: options.Load = None,
    budget: options.Budget = None,
    hours_per_week: options.Hours = None,
    by: options.By = None,
    pin: options.Pin = None,
    exclude: options.LeaveOut = None,
    require: options.MustUse = None,
    objective: options.Aims = None,
    fill: options.Fill = None,
    alternatives: options.Others = None,
    seconds: options.Seconds = None,
    as_json: options.AsJson = False,
    out: options.Out = None,
) -> None:
    """Plan a target term by term: proven best, or explained impossible.

    The plan is kept under an id, for pathways compare and pathways draw. Where there is none, it says what clashes and what helps.

    Example: pathways plan oh-reading-endorsement --have letrs-u1 --place US-OH --terms "Spring 2027..Fall 2028" --load 0..6
    """
    from api.console.planning import make_plan, other_plans
    from api.console.plans import write_alternatives, write_plan

    world = world_of(context)
    learner = learner_fields(
        world, have=have, record=record, progress=None, place=place, district=district, license_held=license_held
    )
    limits = {"terms": terms, "load": load, "budget_usd": budget, "hours_per_week": hours_per_week, "by": by, "seconds": seconds}
    wishes = {"exclude": exclude, "require": require, "fill": fill}
    asked = plan_in({"target": target, **wishes, **learner, **limits}, pin, objective)
    answer = make_plan(world, asked, quiet=context.obj)
    how = Delivery(as_json, out, context.obj)
    if alternatives is not None and answer.outcome == "plan":
        deliver(other_plans(world, answer, alternatives, quiet=context.obj), write_alternatives, how)
    else:
        deliver(answer, write_plan, how)
    if answer.outcome != "plan":
        raise typer.Exit(ExitCode.NOTHING_FOUND)


def compare(
    context: typer.Context,
    plans: options.Plans,
    *,
    as_json: options.AsJson = False,
    out: options.Out = None,
) -> None:
    """Set plans side by side: length, load, price, dates to watch, and every item that stands elsewhere.

    Example: pathways compare 7F3K9QHD other.json
    """
    from api.console.planning import compared
    from api.console.plans import write_comparison

    deliver(compared(plans), write_comparison, Delivery(as_json, out, context.obj))


def draw(
    context: typer.Context,
    plan_name: options.OnePlan,
    *,
    form: options.Form = "svg",
    out: options.Out = None,
) -> None:
    """Draw a plan: terms are the columns.

    Example: pathways draw 7F3K9QHD --format html --out plan.html
    """
    from api.console.planning import draw_plan

    draw_plan(plan_name, form, out, quiet=context.obj)
