"""What can go wrong with matches and decisions."""

from __future__ import annotations

from dataclasses import dataclass

from pathways.errors import PathwaysError


@dataclass
class DecisionError(PathwaysError):
    """A decision that cannot be made as asked."""

    field: str
    detail: str

    def __str__(self) -> str:
        """What to do."""
        return self.detail


@dataclass
class UnknownMatchError(PathwaysError):
    """A match id that is not in this institution's queue."""

    id: str

    def __str__(self) -> str:
        """Name it."""
        return f'There is no match "{self.id[:60]}" here. pathways review list shows those there are.'


@dataclass
class StaleMatchError(PathwaysError):
    """A decision for a state of the match that is no longer the last one."""

    id: str
    seen: str
    now: str

    def __str__(self) -> str:
        """Name both states and what to do."""
        return f"Match {self.id} is at {self.now}; the decision was made for {self.seen}. Look at it again, then decide."
