"""``pathways learner``: what a learner may demand of whoever keeps their record."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from api.commands.admin import Institution
from api.commands.shared import group
from api.console import options
from api.console.deliver import Delivery, deliver, save
from api.console.exits import OptionError

app = group("A learner's record: take along, see who saw it, erase.")
LearnerId = Annotated[str, typer.Argument(metavar="LEARNER", help="Id of the learner.", show_default=False)]


@app.command("export")
def export(
    context: typer.Context,
    learner: LearnerId,
    *,
    institution: Institution = "local",
    form: Annotated[Literal["json", "csv"], typer.Option("--format", "-f", help="json or csv.")] = "json",
    purpose: Annotated[str, typer.Option("--purpose", metavar="WORDS", help="What for; the learner reads it.")] = "",
    out: options.Out = None,
) -> None:
    """Write everything that is kept of a learner.

    Example: pathways learner export l-7f3k9qhd7f3k9qhd7f3k --format csv --out everything.csv
    """
    from api.console.learning import export as everything
    from api.learner_service import as_csv

    body = everything(learner, institution, purpose)
    text = as_csv(body) if form == "csv" else body.model_dump_json(indent=2) + "\n"
    if out is None:
        typer.echo(text, nl=False)
    else:
        save(out, text, quiet=context.obj)


@app.command("disclosures")
def disclosures(
    context: typer.Context, learner: LearnerId, *, institution: Institution = "local", as_json: options.AsJson = False
) -> None:
    """Show who saw, got or changed a record, when and why."""
    from api.console.learning import disclosures as seen
    from api.console.learning import write_disclosures

    deliver(seen(learner, institution), write_disclosures, Delivery(as_json, None, context.obj))


@app.command("delete")
def delete(
    context: typer.Context,
    learner: LearnerId,
    *,
    institution: Institution = "local",
    yes: Annotated[bool, typer.Option("--yes", help="It cannot be undone, and is wanted.")] = False,
    as_json: options.AsJson = False,
) -> None:
    """Erase a learner: record, plans, answers, files, and the key to their pseudonym in the audit log.

    Example: pathways learner delete l-7f3k9qhd7f3k9qhd7f3k --yes
    """
    if not yes:
        raise OptionError("Erasing cannot be undone. Take an export first if it is wanted, then add --yes.")
    from api.console.learning import erase, write_erased

    deliver(erase(learner, institution), write_erased, Delivery(as_json, None, context.obj))
