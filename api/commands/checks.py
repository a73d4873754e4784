"""Checks of catalog files, and figures of curricula."""

from __future__ import annotations

from typing import Annotated

import typer

from api.commands.shared import world_of
from api.console import options
from api.console.deliver import Delivery, deliver


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

    deliver(measure(curriculum, lambda: world_of(context)), write_metrics, Delivery(as_json, out, context.obj))
