"""A list of courses made ready for matching: equal texts once, their vectors, weighted words, codes and institutions.

Built once for a list, read-only after, and shared by every badge matched against it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csr_array

from models.lexical import BM25
from pathways.matching.proposal import BadgeText, CourseText
from pathways.matching.text import Code, content, course_code, is_laboratory, level_word, spelled_out, step_numbers
from pathways.matching.views import Encode, Lexicon, full_text, vectors

if TYPE_CHECKING:
    from models.base import Float32Array, Float64Array, IntArray

_CODE_AS_ID = re.compile(r"(?:^|[\s|:/])([A-Za-z][A-Za-z &]{0,9}[\s-]?\d{1,4}[A-Za-z]{0,3})$")


@dataclass(frozen=True)
class Group:
    """Courses with the very same title and description: one text, offered in one place or many."""

    title: str
    description: str
    courses: tuple[CourseText, ...]
    codes: tuple[tuple[str, Code], ...]
    """Institution and code of each course that has one."""

    @property
    def institutions(self) -> frozenset[str]:
        """Where it is offered."""
        return frozenset(course.institution for course in self.courses if course.institution)


@dataclass(frozen=True)
class CourseIndex:
    """What is computed from a list of courses; all arrays have one row a group."""

    groups: tuple[Group, ...]
    lexicon: Lexicon
    title: Float32Array
    description: Float32Array
    text: Float32Array
    words: Any
    words_text: Any
    characters: Any
    bm25: BM25
    bm25_text: BM25
    bags: Any
    bag_columns: dict[str, int]
    bag_weights: Float64Array
    bag_totals: Float64Array
    joined: IntArray
    joined_names: dict[str, int]
    steps: tuple[frozenset[str], ...]
    level: IntArray
    laboratory: IntArray
    has_description: IntArray
    offered: Float64Array
    places: dict[tuple[str, str], tuple[int, ...]]
    """Groups with a course of that institution and subject code."""

    @classmethod
    def build(cls, courses: Sequence[CourseText], encode: Encode, known: Sequence[BadgeText] = ()) -> CourseIndex:
        """Make a list ready.

        Parameters
        ----------
        courses : sequence of CourseText
            Not empty.
        encode : callable
        known : sequence of BadgeText
            Credentials of precedents: their words count when words are weighted.

        Returns
        -------
        CourseIndex
        """
        groups = _grouped(courses)
        titles = [group.title for group in groups]
        texts = [full_text(group.title, group.description) for group in groups]
        lexicon = Lexicon.learn(texts + [spelled_out(f"{badge.title} {badge.issuer}") for badge in known])
        names = [str(row) for row in range(len(groups))]
        tokens = [content(title) for title in titles]
        bags, columns, weights = _bags(tokens)
        joined_names: dict[str, int] = {}
        joined = [joined_names.setdefault(" ".join(found), len(joined_names)) for found in tokens]
        described = [bool(group.description) for group in groups]
        bm25 = BM25().fit(names, titles)
        return cls(
            groups=groups,
            lexicon=lexicon,
            title=vectors(encode, titles),
            description=vectors(encode, [group.description for group in groups]),
            text=vectors(encode, texts),
            words=lexicon.words.transform(titles),
            words_text=lexicon.words.transform(texts),
            characters=lexicon.characters.transform(titles),
            bm25=bm25,
            bm25_text=BM25().fit(names, texts) if any(described) else bm25,
            bags=bags,
            bag_columns=columns,
            bag_weights=weights,
            bag_totals=np.asarray(bags @ weights),
            joined=np.array(joined, dtype=np.int64),
            joined_names=joined_names,
            steps=tuple(step_numbers(title) for title in titles),
            level=np.array([level_word(title) for title in titles], dtype=np.int64),
            laboratory=np.array([is_laboratory(title) for title in titles], dtype=np.int64),
            has_description=np.array(described, dtype=np.int64),
            offered=np.log1p([len(group.institutions) for group in groups]),
            places=_places(groups),
        )


def code_of(course: CourseText) -> Code | None:
    """Code of a course: its own, or its id where that has the form of one."""
    if course.code:
        return course_code(course.code)
    found = _CODE_AS_ID.search(course.id)
    return course_code(found.group(1)) if found else None


def _grouped(courses: Sequence[CourseText]) -> tuple[Group, ...]:
    together: dict[tuple[str, str], list[CourseText]] = {}
    for course in courses:
        together.setdefault((course.title.strip(), course.description.strip()), []).append(course)
    return tuple(
        Group(title, description, tuple(members), tuple((one.institution, code) for one in members if (code := code_of(one))))
        for (title, description), members in together.items()
    )


def _places(groups: Sequence[Group]) -> dict[tuple[str, str], tuple[int, ...]]:
    found: dict[tuple[str, str], list[int]] = {}
    for row, group in enumerate(groups):
        for place in {(institution, code.subject) for institution, code in group.codes}:
            found.setdefault(place, []).append(row)
    return {place: tuple(rows) for place, rows in found.items()}


def _bags(tokens: Sequence[Sequence[str]]) -> tuple[Any, dict[str, int], Float64Array]:
    """Which words each title holds, and how rare each is."""
    columns: dict[str, int] = {}
    rows = [sorted({columns.setdefault(word, len(columns)) for word in found}) for found in tokens]
    ends = np.cumsum([0, *map(len, rows)])
    flat = np.array([column for row in rows for column in row], dtype=np.int64)
    bags = csr_array((np.ones(len(flat)), flat, ends), shape=(len(tokens), max(len(columns), 1)))
    frequency = np.bincount(flat, minlength=max(len(columns), 1))
    return bags, columns, np.log((len(tokens) + 1) / (frequency + 0.5))
