"""What can go wrong with the plans that are kept."""

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
    """The file of plans cannot be read or written: a matter of this machine, not of the question."""

    path: Path
    why: str

    def __str__(self) -> str:
        """Name the file and the setting that moves it."""
        return f"{self.path}: plans cannot be kept ({self.why}). PATHWAYS_DATA names another folder."
