"""The ``pathways`` command: what to earn next, audits, letters, the catalog, checks and the server.

Each command turns its options into a request body, calls the function that the API calls, and writes the answer. Parts that take
long to import are imported inside the commands that need them, so that ``--help`` is quick. Leaves out how answers look:
:mod:`api.console`.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from api.console import options
from api.console.asking import audit_in, learner_fields, plan_in, recommendation_in
from api.console.deliver import Delivery, deliver, remark, save
from api.console.exits import ExitCode, GuardedGroup, OptionError, quiet_pipe, report

if TYPE_CHECKING:
    from api.world import World

app = typer.Typer(
    name="pathways",
    cls=GuardedGroup,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Recommends the next stackable credential for an educator, with the reason, the price and the source of every fact.",
    epilog="Exit codes: 0 done, 1 unexpected, 2 usage, 3 bad input data, 4 nothing found or no feasible plan, 5 some rows failed, "
    "130 interrupted.",
)
data_app = typer.Typer(help="Check catalog files.", no_args_is_help=True, rich_markup_mode=None)
graph_app = typer.Typer(help="Measure a curriculum.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(data_app, name="data")
app.add_typer(graph_app, name="graph")


def main() -> None:
    """Run the command line and end the process with its exit code."""
    # One answer and then the end: looking for garbage on the way costs a sixth of the time. The server switches it on again.
    gc.disable()
    try:
        app(prog_name="pathways")
    except KeyboardInterrupt:
        sys.exit(ExitCode.INTERRUPTED)
    except BrokenPipeError:
        quiet_pipe()
        sys.exit(ExitCode.DONE)
    except Exception as error:  # an option's callback fails before any command runs
        sys.exit(report(error))


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import PackageNotFoundError, version

        try:
            typer.echo(f"pathways {version('pathways')}")
        except PackageNotFoundError:
            typer.echo("pathways, run from a checkout that is not installed")
        raise typer.Exit


@app.callback()
def common(
    context: typer.Context,
    *,
    quiet: options.Quiet = False,
    version: Annotated[bool, typer.Option("--version", help="Show the version.", callback=_version, is_eager=True)] = False,
) -> None:
    """Read the options before the command."""
    context.obj = quiet


@app.command("next")
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

    world = _world(context)
    learner = learner_fields(
        world, have=have, record=record, progress=progress, place=place, district=district, license_held=license_held
    )
    limits = {"budget_usd": budget, "hours_per_week": hours_per_week, "by": by, "k": k}
    question = recommendation_in({"goal": " ".join(goal or []), "targets": target, "exclude": exclude, **learner, **limits})
    answer = next_steps(world, question)
    deliver(answer, write_recommendation, Delivery(as_json, out, context.obj))
    if not answer.steps and not answer.renewals:
        raise typer.Exit(ExitCode.NOTHING_FOUND)


@app.command()
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

    world = _world(context)
    learner = learner_fields(
        world, have=have, record=record, progress=progress, place=place, district=district, license_held=license_held
    )
    answer = audit_target(world, audit_in({"target": target, **learner}))
    if html is not None:
        from api.report import audit_report

        save(html, audit_report(answer), quiet=context.obj)
    deliver(answer, write_audit, Delivery(as_json, out, context.obj))


@app.command()
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

    world = _world(context)
    learner = learner_fields(
        world, have=have, record=record, progress=progress, place=place, district=district, license_held=license_held
    )
    answer = letters_for(world, audit_in({"target": target, **learner}))
    deliver(answer, write_letter, Delivery(as_json, out, context.obj))
    if not answer.letters:
        remark("Nothing is unknown here, so there is nothing to ask.", quiet=context.obj)
        raise typer.Exit(ExitCode.NOTHING_FOUND)


@app.command()
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

    world = _world(context)
    learner = learner_fields(
        world, have=have, record=record, progress=None, place=place, district=district, license_held=license_held
    )
    limits = {"terms": terms, "load": load, "budget_usd": budget, "hours_per_week": hours_per_week, "by": by, "seconds": seconds}
    asked = plan_in({"target": target, "exclude": exclude, "require": require, **learner, **limits}, pin, objective)
    answer = make_plan(world, asked, quiet=context.obj)
    how = Delivery(as_json, out, context.obj)
    if alternatives is not None and answer.outcome == "plan":
        deliver(other_plans(world, answer, alternatives, quiet=context.obj), write_alternatives, how)
    else:
        deliver(answer, write_plan, how)
    if answer.outcome != "plan":
        raise typer.Exit(ExitCode.NOTHING_FOUND)


@app.command()
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


@app.command()
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


@app.command()
def targets(
    context: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="WORDS", help="Words to look for in name, issuer and subject.", show_default=False),
    ] = None,
    *,
    place: options.PlaceCode = None,
    as_json: options.AsJson = False,
    out: options.Out = None,
) -> None:
    """List what can be worked toward.

    Licenses, endorsements, certificates and degrees whose requirements are in the catalog, and renewals of licenses.

    Example: pathways targets reading --place US-OH
    """
    from api.console.items import all_targets, write_targets

    found = all_targets(_world(context), " ".join(words or []), place)
    deliver(found, write_targets, Delivery(as_json, out, context.obj))
    _stop_if_empty(found, "Try fewer or other words, or find it by meaning: pathways search WORDS")


@app.command()
def credential(
    context: typer.Context,
    credential_id: Annotated[str, typer.Argument(metavar="ID", help="Catalog id.", show_default=False)],
    *,
    as_json: options.AsJson = False,
    out: options.Out = None,
) -> None:
    """Show everything the catalog knows of one credential.

    Example: pathways credential letrs-u1
    """
    from api.console.items import write_credential
    from api.service import credential as describe

    deliver(describe(_world(context), credential_id), write_credential, Delivery(as_json, out, context.obj))


@app.command()
def search(
    context: typer.Context,
    words: Annotated[list[str], typer.Argument(metavar="WORDS", help="What to look for, in your own words.", show_default=False)],
    *,
    k: options.Count = 10,
    as_json: options.AsJson = False,
    out: options.Out = None,
) -> None:
    """Find credentials by meaning and by words.

    Example: pathways search "dyslexia" -k 5
    """
    from api.console.items import write_hits
    from api.service import search as find

    wanted = " ".join(words)
    if not wanted.strip():
        raise OptionError("Say what to look for.")
    found = find(_world(context), wanted, k)
    deliver(found, write_hits, Delivery(as_json, out, context.obj))
    _stop_if_empty(found, "Try fewer or other words.")


@data_app.command("check")
def data_check(
    context: typer.Context,
    folder: options.Folder = None,
) -> None:
    """Check a folder of catalog files.

    It is read as strictly as the recommender does; each problem is named with file, row, column and what to do.
    """
    from api.console.checks import check_catalog

    for line in check_catalog(folder):
        typer.echo(line)


@graph_app.command("metrics")
def graph_metrics(
    context: typer.Context,
    curriculum: Annotated[str, typer.Argument(metavar="FILE|ID", help="CurricularAnalytics CSV, or a catalog id.")],
    *,
    as_json: options.AsJson = False,
    out: options.Out = None,
) -> None:
    """Show which courses of a curriculum hold others up.

    Blocking factor, delay factor and structural complexity of every course, hardest first.
    """
    from api.console.curricula import measure, write_metrics

    deliver(measure(curriculum, lambda: _world(context)), write_metrics, Delivery(as_json, out, context.obj))


@app.command()
def serve(
    context: typer.Context,
    *,
    host: Annotated[str | None, typer.Option(help="Address to listen on (127.0.0.1 unless PATHWAYS_HOST is set).")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port (8000 unless PATHWAYS_PORT is set).")] = None,
    anyone: Annotated[bool, typer.Option("--anyone", help="Allow an address that other machines reach; no sign-in.")] = False,
) -> None:
    """Start the API and the pages on this machine."""
    from api.console.serving import run_server

    run_server(host, port, anyone=anyone)


def _world(context: typer.Context) -> World:
    from api.console.opening import open_world

    return open_world(quiet=context.obj)


def _stop_if_empty(found: Sequence[object], advice: str) -> None:
    """Say on stderr that a list is empty, and end with the code for it."""
    if not found:
        typer.echo(f"Nothing in this catalog matches. {advice}", err=True)
        raise typer.Exit(ExitCode.NOTHING_FOUND)


if __name__ == "__main__":
    main()
