"""What is wrong with a planning problem as asked."""

from __future__ import annotations

from dataclasses import dataclass

from pathways.errors import PathwaysError


@dataclass
class ProblemError(PathwaysError):
    """A problem nobody can plan, because it contradicts itself; not to be mistaken for one without a plan.

    Parameters
    ----------
    where : str
        The term, item, pin or rule it is about.
    found, expected : str
        What stands there, and what may stand there.
    """

    where: str
    found: str
    expected: str

    def __str__(self) -> str:
        """Name the place, what was found and what was expected."""
        return f"{self.where}: found {self.found}; expected {self.expected}."
