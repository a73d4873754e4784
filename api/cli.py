"""The ``pathways`` command: what to earn next, audits, letters, the catalog, checks and the server.

Registers what :mod:`api.commands` holds. Each command turns its options into a request body, calls the function that the API calls,
and writes the answer. Parts that take long to import are imported inside the commands that need them, so that ``--help`` is quick.
Leaves out how answers look: :mod:`api.console`.
"""

from __future__ import annotations

import gc
import sys
from typing import Annotated

import typer

from api.commands import admin, badges, browse, catalog, checks, learner, learners, match, models, plans, review, rules, serving
from api.commands.shared import group
from api.console import options
from api.console.exits import ExitCode, GuardedGroup, quiet_pipe, report

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


app.command("next")(learner.next_command)
for _command in (
    learner.audit,
    learner.letter,
    plans.plan,
    plans.compare,
    plans.draw,
    browse.targets,
    browse.credential,
    browse.search,
    serving.serve,
):
    app.command()(_command)
data_app = group("Check catalog files.")
data_app.command("check")(checks.data_check)
app.add_typer(data_app, name="data")
graph_app = group("Measure a curriculum.")
graph_app.command("metrics")(checks.graph_metrics)
app.add_typer(graph_app, name="graph")
badges_app = group("Read badges and say what they are worth.")
badges_app.command("read")(badges.read)
app.add_typer(badges_app, name="badges")
catalog_app = group("Put files on the catalog, see what they change, write it out.")
catalog_app.command("import")(catalog.import_file)
catalog_app.command()(catalog.export)
catalog_app.command()(catalog.diff)
catalog_app.command()(catalog.imports)
catalog_app.command()(catalog.remove)
app.add_typer(catalog_app, name="catalog")
rules_app = group("Keep the local rules of a place or an institution.")
rules_app.command("add")(rules.add)
rules_app.command("list")(rules.list_rules)
rules_app.command("remove")(rules.remove)
app.add_typer(rules_app, name="rules")
app.add_typer(admin.app, name="admin")
app.add_typer(admin.log_app, name="audit-log")
app.add_typer(learners.app, name="learner")
app.add_typer(review.app, name="review")
app.add_typer(review.courses_app, name="courses")
app.command()(match.match)
app.add_typer(models.app, name="models")


if __name__ == "__main__":
    main()
