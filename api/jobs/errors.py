"""What can go wrong with caseloads."""

from __future__ import annotations

from dataclasses import dataclass

from pathways.errors import PathwaysError


@dataclass
class UnknownJobError(PathwaysError):
    """A job id that is not in this institution's store."""

    id: str

    def __str__(self) -> str:
        """Name it."""
        return f'There is no caseload "{self.id[:60]}" here. /caseload lists those there are.'
