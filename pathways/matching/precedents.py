"""What similar credentials earned elsewhere: the rows, and what they say about a badge and a list of courses.

A credential never counts as its own precedent where a mask leaves it out: training and measuring depend on that. Leaves out where
the rows come from (:mod:`pathways.matching.datasets`, or an institution's own agreements).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy.sparse import csr_array, vstack

from pathways.matching.courses import CourseIndex
from pathways.matching.proposal import BadgeText
from pathways.matching.series import Series
from pathways.matching.text import Code, content, course_code
from pathways.matching.views import BadgeViews, Encode, vectors

if TYPE_CHECKING:
    from models.base import BoolArray, Float32Array, Float64Array, IntArray

_NEAR = 0.55
"""Cosine under which two course titles are not taken for neighbors. Chosen once, not tuned."""

_BLOCK = 2_048


@dataclass(frozen=True, slots=True)
class PrecedentRow:
    """A credential earned credit for a course at an institution.

    ``code`` is the code of the course; ``elective`` says that the course stands for elective credit; ``own`` that the asking
    institution decided so itself; ``rejected`` that it decided against.
    """

    credential: BadgeText
    course_title: str
    institution: str
    source: str
    code: str = ""
    elective: bool = False
    own: bool = False
    rejected: bool = False


NO_PRECEDENTS: Final = (
    "no precedents: texts alone; to use some: --precedents FOLDER, PATHWAYS_PRECEDENTS=FOLDER, or "
    "pathways models train match --data FOLDER"
)


def told(rows: Sequence[PrecedentRow]) -> str:
    """Which precedents there are, in words.

    Examples
    --------
    >>> row = PrecedentRow(BadgeText("b", "CompTIA A+"), "Hardware", "Hill College", "ca-cpl-credit")
    >>> told([row, row]), told([row, PrecedentRow(row.credential, "Hardware", "Dale College", "decision 3", own=True)])
    ('2 precedents of ca-cpl-credit', '1 precedent of ca-cpl-credit, 1 decision of your own')
    """
    counts = Counter("" if row.own else row.source for row in rows)
    own = counts.pop("", 0)
    parts = [f"{count:,} {'precedent' if count == 1 else 'precedents'} of {source}" for source, count in counts.items()]
    if own:
        parts.append(f"{own:,} {'decision' if own == 1 else 'decisions'} of your own")
    return ", ".join(parts) or NO_PRECEDENTS


@dataclass(frozen=True)
class Precedents:
    """Precedent rows made ready for one list of courses.

    Attributes
    ----------
    views : BadgeViews
        The different credentials.
    rows : tuple of tuples of PrecedentRow
        Rows of each credential.
    given, rejected : sparse matrices, shape (n_credentials, n_titles)
        1 where a credential earned credit for a course of that title, and where people decided against it.
    same, near : sparse matrices, shape (n_groups, n_titles)
        Which course of the list has the title, and how close each is to it, from 0 to 1.
    series : Series
        Numbered series of credentials and the course numbers they led to.
    """

    views: BadgeViews
    rows: tuple[tuple[PrecedentRow, ...], ...]
    given: Any
    rejected: Any
    same: Any
    near: Any
    series: Series
    issuers: dict[str, list[int]]
    subjects: dict[str, list[int]]
    course_subjects: tuple[frozenset[str], ...]
    elective: BoolArray
    columns: tuple[tuple[int, ...], ...]
    """Title column of each row of each credential."""

    def of_the_same(self, title: str, active: BoolArray, *, rejected: bool = False) -> IntArray:
        """Groups of the list that were given credit for (or refused) by a credential of this very title."""
        wanted = " ".join(content(title))
        own = [place for place, badge in enumerate(self.views.badges) if active[place] and " ".join(content(badge.title)) == wanted]
        if not wanted or not own:
            return np.empty(0, dtype=np.int64)
        titles = np.asarray((self.rejected if rejected else self.given)[own].sum(axis=0)).ravel()
        return np.flatnonzero(np.asarray(self.same @ titles) > 0)

    @property
    def count(self) -> int:
        """Number of rows."""
        return sum(map(len, self.rows))

    @classmethod
    def build(cls, rows: Sequence[PrecedentRow], index: CourseIndex, encode: Encode) -> Precedents | None:
        """Make rows ready; None where there are none."""
        if not rows:
            return None
        together: dict[str, list[PrecedentRow]] = {}
        for row in rows:
            together.setdefault(row.credential.id, []).append(row)
        credentials = [found[0].credential for found in together.values()]
        titles: dict[str, int] = {}
        kept = tuple(tuple(found) for found in together.values())
        columns = tuple(tuple(titles.setdefault(row.course_title.strip(), len(titles)) for row in found) for found in kept)
        given = tuple(tuple(row for row in found if not row.rejected) for found in kept)
        issuers: dict[str, list[int]] = defaultdict(list)
        subjects: dict[str, list[int]] = defaultdict(list)
        for place, badge in enumerate(credentials):
            issuers[badge.issuer.casefold()].append(place)
            subjects[badge.subject.casefold()].append(place)
        return cls(
            views=BadgeViews.of(credentials, encode, index.lexicon),
            rows=kept,
            given=_indicator(_pairs(kept, columns, rejected=False), len(titles)),
            rejected=_indicator(_pairs(kept, columns, rejected=True), len(titles)),
            same=_same(index, titles),
            near=_near(index, list(titles), encode),
            series=Series.learn([_codes(found) for found in given], credentials),
            issuers=dict(issuers),
            subjects=dict(subjects),
            course_subjects=tuple(frozenset(code.subject for _, code in _codes(found) if code.subject) for found in given),
            elective=np.array([bool(found) and all(row.elective for row in found) for found in given]),
            columns=columns,
        )


@dataclass(frozen=True)
class Popularity:
    """How often the courses of a list were given credit for, by all precedents in force."""

    exact: Float64Array
    near: Float64Array

    @classmethod
    def of(cls, precedents: Precedents, active: BoolArray) -> Popularity:
        """Count over the credentials that a mask leaves in."""
        counts = np.asarray(precedents.given.T @ active.astype(np.float64))
        return cls(np.asarray(precedents.same @ counts), np.asarray(precedents.near @ counts))


def _pairs(rows: Sequence[Sequence[PrecedentRow]], columns: Sequence[Sequence[int]], *, rejected: bool) -> list[list[int]]:
    return [
        sorted({column for row, column in zip(found, places, strict=True) if row.rejected is rejected})
        for found, places in zip(rows, columns, strict=True)
    ]


@dataclass(frozen=True)
class InForce:
    """Precedents, which credentials of them count for a badge, and what is counted over these."""

    precedents: Precedents
    active: BoolArray
    popularity: Popularity
    credentials: int
    """How many of the active ones earned credit anywhere."""

    @classmethod
    def of(cls, precedents: Precedents, active: BoolArray) -> InForce:
        """Count over the active credentials."""
        earned = np.diff(precedents.given.indptr) > 0
        return cls(precedents, active, Popularity.of(precedents, active), int((earned & active).sum()))

    @classmethod
    def by_kind(cls, precedents: Precedents) -> dict[bool, InForce]:
        """For badges that are college courses, everything; for others, what is not a course: measured, courses mislead there."""
        everything = np.ones(len(precedents.rows), dtype=np.bool_)
        others = np.array([badge.kind != "course" for badge in precedents.views.badges])
        return {True: cls.of(precedents, everything), False: cls.of(precedents, others)}


def _codes(rows: Sequence[PrecedentRow]) -> list[tuple[str, Code]]:
    return [(row.institution, code) for row in rows if (code := _code(row)) is not None]


def _code(row: PrecedentRow) -> Code | None:
    return course_code(row.code) if row.code else None


def _indicator(pairs: Sequence[Sequence[int]], width: int) -> Any:
    ends = np.cumsum([0, *map(len, pairs)])
    flat = np.array([column for row in pairs for column in row], dtype=np.int64)
    return csr_array((np.ones(len(flat), dtype=np.float32), flat, ends), shape=(len(pairs), width))


def _same(index: CourseIndex, titles: dict[str, int]) -> Any:
    return _indicator([[titles[group.title]] if group.title in titles else [] for group in index.groups], len(titles))


def _near(index: CourseIndex, titles: Sequence[str], encode: Encode) -> Any:
    """Closeness of course titles: the fourth power of the cosine of meanings, or the square of that of words if larger."""
    encoded: Float32Array = vectors(encode, titles)
    words = index.lexicon.words.transform(titles)
    blocks = []
    for start in range(0, len(index.groups), _BLOCK):
        part = slice(start, start + _BLOCK)
        meaning = index.title[part] @ encoded.T if index.title.shape[1] == encoded.shape[1] else np.zeros((1, 1), np.float32)
        close = np.where(meaning > _NEAR, meaning, 0) ** 4
        shared = np.asarray((index.words[part] @ words.T).toarray()) ** 2
        blocks.append(csr_array(np.where(np.maximum(close, shared) > 0.05, np.maximum(close, shared), 0).astype(np.float32)))
    return csr_array(vstack(blocks))
