"""What a number from the graph leaves out or assumes, as bits on nodes and as words in results."""

from __future__ import annotations

from enum import IntFlag


class Flag(IntFlag):
    """One bit for each thing a reader of a step count must be told."""

    UNLISTED_REQUIREMENTS = 1  #: an authority's credential without any component row: "requirements not in this catalog"
    OPEN_ALL = 2  #: "listed parts only; the full list is not published"
    OPEN_ANY = 4  #: "another way, not listed here, may exist"
    CONFLICT = 8  #: two pages of one authority disagree; both are counted
    EXACT_NEEDED = 16  #: none, caps or groups: the array form leaves them out, so it gives a lower bound only
    CREDITS_UNKNOWN = 32  #: items without published credits are counted one by one, so the number of items is a guess
    OPEN_SELECTION = 64  #: courses outside this catalog count too


def words(bits: int) -> tuple[str, ...]:
    """Names of the set bits, lowest first.

    Examples
    --------
    >>> words(Flag.OPEN_ALL | Flag.CONFLICT)
    ('open_all', 'conflict')
    """
    return tuple(str(flag.name).lower() for flag in Flag if bits & flag)
