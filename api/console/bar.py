"""A bar that says how far something is: on stderr, on a terminal only, and gone when it is done."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress


class CountingBar:
    """Called with how many are done, of how many; starts anew after each end.

    Parameters
    ----------
    name : str
        What is counted.
    quiet : bool
        Show nothing.
    least : int
        Fewer than this many are not worth a bar.
    """

    def __init__(self, name: str, *, quiet: bool, least: int = 20) -> None:
        self.name = name
        self.least = least
        self._shown = not quiet and sys.stderr.isatty()
        self._bar: Progress | None = None

    def __call__(self, done: int, total: int) -> None:
        """So many are done."""
        if not self._shown or total < self.least:
            return
        if self._bar is None:
            self._bar = self._start(total)
        self._bar.update(self._bar.task_ids[0], completed=done)
        if done >= total:
            self.close()

    def close(self) -> None:
        """Take the bar away; an error on the way must not leave it standing."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def _start(self, total: int) -> Progress:
        from rich.console import Console
        from rich.progress import Progress as Rich

        bar = Rich(console=Console(stderr=True), transient=True)
        bar.add_task(self.name, total=total)
        bar.start()
        return bar
