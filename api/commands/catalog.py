"""The catalog in use: files put on it and taken off, what that changes, and the catalog in the field's own format."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.commands.shared import world_of
from api.console import options
from api.console.deliver import Delivery, deliver, save
from api.console.exits import ExitCode, OptionError

File = Annotated[
    Path, typer.Argument(metavar="FILE", help="CTDL, CTDL-ASN, CASE or RSD, as JSON.", show_default=False, dir_okay=False)
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")]
Form = Annotated[str, typer.Option("--format", metavar="FORM", help="ctdl (JSON-LD) or csv.")]
Ids = Annotated[list[str] | None, typer.Argument(metavar="ID...", help="Only these and what they name.", show_default=False)]


def import_file(
    context: typer.Context,
    file: File,
    *,
    dry_run: DryRun = False,
    as_json: options.AsJson = False,
    out: options.Out = None,
) -> None:
    """Put a file of the field's formats on the catalog, all of it or nothing.

    It says what changes, what every requirement became, and what a person must look at. The published catalog stays as it is.

    Example: pathways catalog import pathway.json --dry-run
    """
    from api.console.catalogs import ReadingBar, open_shelf, write_import
    from api.overlay_service import import_file as put

    with ReadingBar(quiet=context.obj) as bar:
        answer = put(open_shelf(), file, dry_run=dry_run, progress=bar)
    if answer.applied:
        _open_matches_again(context)
    deliver(answer, write_import, Delivery(as_json, out, context.obj))
    if answer.outcome == "import_rejected":
        raise typer.Exit(ExitCode.BAD_DATA)


def export(
    context: typer.Context,
    ids: Ids = None,
    *,
    form: Form = "ctdl",
    out: options.Out = None,
) -> None:
    """Write the catalog in use as CTDL, or its credentials as CSV.

    Example: pathways catalog export oh-reading-endorsement --out endorsement.json
    """
    from api.catalog_export import as_csv, as_ctdl

    writers = {"ctdl": as_ctdl, "csv": as_csv}
    if form.casefold() not in writers:
        message = f'--format: "{form}" is none. Expected one of: {", ".join(writers)}.'
        raise OptionError(message)
    text = writers[form.casefold()](world_of(context).catalog, tuple(ids or ()))
    if out is None:
        typer.echo(text, nl=False)
    else:
        save(out, text, quiet=context.obj)


def diff(context: typer.Context, *, as_json: options.AsJson = False, out: options.Out = None) -> None:
    """Show what lies on the published catalog: imports, approved agreements, rules of institutions.

    Rules of places show up where they hold: pathways rules list.
    """
    from api.console.catalogs import open_shelf, write_difference
    from api.overlay_service import catalog_difference

    deliver(catalog_difference(open_shelf()), write_difference, Delivery(as_json, out, context.obj))


def imports(context: typer.Context, *, as_json: options.AsJson = False, out: options.Out = None) -> None:
    """List the files that lie on the catalog, oldest first."""
    from api.console.catalogs import open_shelf, write_imports
    from api.overlay_service import imports as kept

    found = kept(open_shelf())
    deliver(found, write_imports, Delivery(as_json, out, context.obj))
    if not found:
        typer.echo("No file lies on the catalog. Put one on it: pathways catalog import FILE", err=True)
        raise typer.Exit(ExitCode.NOTHING_FOUND)


def remove(
    context: typer.Context,
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="As pathways catalog imports lists it.", show_default=False)],
    *,
    as_json: options.AsJson = False,
    out: options.Out = None,
) -> None:
    """Take an imported file off the catalog; what it had replaced comes back."""
    from api.console.catalogs import open_shelf, write_difference
    from api.overlay_service import remove_import

    answer = remove_import(open_shelf(), number)
    _open_matches_again(context)
    deliver(answer, write_difference, Delivery(as_json, out, context.obj))


def _open_matches_again(context: typer.Context) -> None:
    """Matches whose badge reads otherwise now are open again."""
    from api.console.review import after_catalog_change

    for said in after_catalog_change(world_of(context)):
        typer.echo(said, err=True)
