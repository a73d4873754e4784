"""The world behind the commands, opened once per process, with a progress bar on the first embedding of the catalog."""

from __future__ import annotations

import os
import sys
from functools import lru_cache
from typing import TYPE_CHECKING

import typer

from api.settings import Settings, read_settings

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

    from api.world import World


def open_world(*, quiet: bool = False) -> World:
    """Catalog and recommender as the environment sets them.

    Parameters
    ----------
    quiet : bool
        No progress bar and no remark about a repaired cache.

    Returns
    -------
    World

    Raises
    ------
    PathwaysError
        If a setting, a catalog file or the model is wrong.
    """
    return _world(read_settings(os.environ), quiet).current()


@lru_cache(maxsize=2)
def _world(settings: Settings, quiet: bool) -> World:  # a cache key
    from api.world import load_world

    if quiet:
        return load_world(settings)
    return load_world(settings, progress=_EmbeddingBar(), warn=_warn)


def _warn(text: str) -> None:
    typer.echo(f"Note: {text}", err=True)


class _EmbeddingBar:
    """Told how far the embedding is; shows a bar on a terminal and one line elsewhere, and nothing when all is cached."""

    def __init__(self) -> None:
        self._bar: Bar | None = None
        self._said = False

    def __call__(self, done: int, total: int) -> None:
        if not self._said:
            self._said = True
            typer.echo(f"Reading {total:,} catalog texts for the first time; the result is kept for later runs.", err=True)
        if not sys.stderr.isatty():
            return
        if self._bar is None:
            self._bar = self._start(total)
        self._bar.update(self._bar.task_ids[0], completed=done)
        if done >= total:
            self._bar.stop()
            self._bar = None

    def _start(self, total: int) -> Bar:
        from rich.console import Console
        from rich.progress import Progress as Bar

        bar = Bar(console=Console(stderr=True), transient=True)
        bar.add_task("Reading the catalog", total=total)
        bar.start()
        return bar
