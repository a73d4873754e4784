"""What can go wrong with what is kept: plans, rules, decisions. Nothing here needs a database library."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pathways.errors import PathwaysError


@dataclass
class UnknownPlanError(PathwaysError):
    """A plan id that is not in the store."""

    id: str

    def __str__(self) -> str:
        """Name the id and where plans come from."""
        return f'No plan "{self.id[:100]}" is kept here. A plan gets its id when it is made: pathways plan TARGET.'


@dataclass
class StalePlanError(PathwaysError):
    """A change of a version that is no longer the last one."""

    id: str
    seen: str
    now: int

    def __str__(self) -> str:
        """Name both versions and what to do."""
        return f"Plan {self.id} is at version {self.now}; the change was made for {self.seen}. Read it again, then change it."


@dataclass
class StoreError(PathwaysError):
    """The store cannot be read or written: a matter of this machine or the database server, not of the question.

    Parameters
    ----------
    path : Path or str
        The file, or the database server without its password.
    why : str
        What the database says.
    """

    path: Path | str
    why: str

    def __str__(self) -> str:
        """Name the file and the settings that move it."""
        return f"{self.path}: nothing can be kept or read there ({self.why}). {self.advice}"

    @property
    def advice(self) -> str:
        """What to do about it."""
        if isinstance(self.path, Path):
            return "PATHWAYS_DATA names another folder."
        return "PATHWAYS_DATABASE names another database."


@dataclass
class StoreBusyError(StoreError):
    """Somebody else was writing for longer than a writer waits. Nothing of this write was kept."""

    @property
    def advice(self) -> str:
        """What to do about it."""
        return "Another program is writing to it; nothing was changed here. Try again in a few seconds."


@dataclass
class StoreFullError(StoreError):
    """There is no room left. Nothing of this write was kept, what was kept before is whole."""

    @property
    def advice(self) -> str:
        """What to do about it."""
        return "Nothing was changed. Make room on that disk, then try again."


@dataclass
class ConstraintError(PathwaysError):
    """A write that the tables refuse: an id that is taken, or a row that belongs to nothing. Nothing of it was kept."""

    why: str

    def __str__(self) -> str:
        """What the database says."""
        return f"This cannot be kept beside what is there already ({self.why})."


@dataclass
class StaleOverlayError(PathwaysError):
    """What lies on the catalog changed while a change of it was checked. Nothing of the change was kept."""

    seen: int
    now: int

    def __str__(self) -> str:
        """Say what to do."""
        return f"The catalog was changed meanwhile (from version {self.seen} to {self.now}). Try again."
