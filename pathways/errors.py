"""Every error the domain raises, in one tree.

An error keeps its facts as attributes and renders them in ``__str__``: where, what was found, what was expected, what to do.
A target that cannot be reached is not an error: it is a value (see :mod:`pathways.requirements.audit`).
"""

from __future__ import annotations

import difflib
from collections.abc import Collection
from dataclasses import dataclass, field

#: What to do about a name that resembles nothing known, whoever asks: each face adds its own way to do it.
SEARCH_HINT = "Search the catalog, or name a target."


class PathwaysError(Exception):
    """Base of all errors of this project that a person can act on."""


class UnitError(PathwaysError):
    """Two amounts whose units no rule converts, or an amount that is not one."""


@dataclass
class RequirementSyntaxError(PathwaysError):
    """A requirement text that does not parse.

    Parameters
    ----------
    text : str
        The whole expression.
    column : int
        Where it went wrong, counted from 1.
    found, expected : str
        What stands there, and what may stand there.
    """

    text: str
    column: int
    found: str
    expected: str

    def __str__(self) -> str:
        """Name the column, what was expected and what was found."""
        return f"column {self.column}: expected {self.expected}, found {self.found}"


@dataclass(frozen=True)
class DataProblem:
    """One thing wrong in one place of a data file.

    ``row`` counts lines of the file from 1 (the header is line 1); ``suggestion`` is empty where none helps.
    """

    file: str
    row: int
    column: str
    found: str
    expected: str
    suggestion: str = ""

    def __str__(self) -> str:
        """Render as ``file:row: column "x": found ..., expected ...``."""
        text = f'{self.file}:{self.row}: column "{self.column}": found {self.found}; expected {self.expected}.'
        return f"{text} {self.suggestion}" if self.suggestion else text


@dataclass
class DataError(PathwaysError):
    """A data or record file with problems; all of them, not only the first."""

    problems: tuple[DataProblem, ...]

    def __str__(self) -> str:
        """One line per problem."""
        return "\n".join(str(problem) for problem in self.problems)


@dataclass
class UnknownIdError(PathwaysError):
    """An id that this catalog does not define; ``where`` says what to do where none is near."""

    id: str
    kind: str
    nearest: tuple[str, ...] = field(default=())
    where: str = SEARCH_HINT

    def __str__(self) -> str:
        """Name the id and the nearest known ones."""
        hint = f" Did you mean {', '.join(self.nearest)}?" if self.nearest else f" {self.where}"
        return f'There is no {self.kind} "{self.id}" in this catalog.{hint}'


class QuestionError(PathwaysError):
    """A question that cannot be answered as asked: an empty goal, a limit that is not a number, an unknown place."""


def nearest_ids(wrong: str, known: Collection[str], *, count: int = 3) -> tuple[str, ...]:
    """Ids that are spelled most like a wrong one.

    Parameters
    ----------
    wrong : str
        The id that is not known.
    known : collection of str
        The ids that are.
    count : int
        At most this many.

    Returns
    -------
    tuple of str
        Closest first; empty when nothing comes near.

    Examples
    --------
    >>> nearest_ids("letrs-unit1", ["letrs-u1", "letrs-u2", "cda"], count=1)
    ('letrs-u1',)
    """
    by_lower = {name.casefold(): name for name in known}
    found = difflib.get_close_matches(wrong[:100].casefold(), by_lower, n=count, cutoff=0.6)
    return tuple(by_lower[name] for name in found)
