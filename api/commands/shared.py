"""What several commands do alike: open the catalog, and end when a list is empty."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from api.console.exits import ExitCode

if TYPE_CHECKING:
    from api.world import World


def group(about: str) -> typer.Typer:
    """A group of commands that shows its help when none is named."""
    return typer.Typer(help=about, no_args_is_help=True, rich_markup_mode=None)


def world_of(context: typer.Context) -> World:
    """The catalog and what is loaded with it, quietly if the user asked for that."""
    from api.console.opening import open_world

    return open_world(quiet=context.obj)


def stop_if_empty(found: Sequence[object], advice: str) -> None:
    """Say on stderr that a list is empty, and end with the code for it."""
    if not found:
        typer.echo(f"Nothing in this catalog matches. {advice}", err=True)
        raise typer.Exit(ExitCode.NOTHING_FOUND)
