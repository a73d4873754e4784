"""Pictures to draw in tests: one like a real plan, random ones, and ones with difficult text."""

from __future__ import annotations

import random
from itertools import pairwise

from hypothesis import strategies as st

from pathways.draw.picture import ARROW_KINDS, STATUSES, Arrow, Column, Node, Picture

ODD_LABELS = (
    "R&D <b>bold</b> \"quoted\" 'single' & more",
    "line one\nline two\r\n\ttab",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
    "שלום עולם: הערכה מעצבת בקריאה (שלב 2).",
    "التقييم التكويني للقراءة",
    "教員のための形成的評価の設計と実践入門講座",
    "x" * 500,
    "word " * 100,
    "A/B-testing/evaluation-of-structured-literacy-programs",
    "\x00\x0b\ud800\ufffe control \u202e turned",
    "]]> --> ]] #quot; %% `code` {a} |b| \\n",
    "=HYPERLINK(1)",
    "",
)


def reading_plan() -> Picture:
    """Twelve steps over four terms, with corequisites, a blocked step and arrows that skip terms."""
    columns = (
        Column("Earned", "3 earned before"), Column("Fall 2026", "4 credits"), Column("Spring 2027", "4.5 credits"),
        Column("Summer 2027", "5 credits"), Column("Fall 2027", "6 credits"), Column("Goal"),
    )  # fmt: skip
    nodes = (
        Node("gestures", "Checking for Understanding Using Gestures", 0, "earned", ("Badge",)),
        Node("foundations", "Foundations of Reading", 0, "earned", ("Badge · 15 hours",)),
        Node("data", "Data Literacy", 0, "earned"),
        Node(
            "design", "Formative Assessment Design", 1, "next", ("1 credit · 45 hours", "cost not published"), "/credentials/design"
        ),
        Node("e501", "EDU 501 Foundations of Literacy", 1, "next", ("3 credits", "$1,050"), "https://example.edu/501"),
        Node("e510", "EDU 510 Structured Literacy", 2, "planned", ("3 credits",), "/credentials/e510"),
        Node("practicum", "Practicum Seminar", 2, "planned", ("1.5 credits",)),
        Node("e512", "EDU 512 Assessment of Reading", 3, "blocked", ("Needs EDU 520 in an earlier term",)),
        Node("e520", "EDU 520 Diagnosis and Correction of Reading Difficulties", 3, "planned", ("2 credits",)),
        Node("e530", "EDU 530 Adolescent Literacy", 4, "planned", ("3 credits",)),
        Node("capstone", "Capstone", 4, "planned", ("3 credits", "$900")),
        Node("goal", "Reading K-12 Endorsement", 5, "target", ("18 credits",), "/targets/reading"),
    )
    arrows = (
        Arrow("gestures", "design"), Arrow("data", "design"), Arrow("foundations", "e501"), Arrow("design", "e510"),
        Arrow("e501", "e510"), Arrow("e510", "practicum", "with"), Arrow("e510", "e512"), Arrow("e520", "e512", "with"),
        Arrow("e501", "e530"), Arrow("e512", "capstone"), Arrow("e510", "e520"), Arrow("e530", "goal", "counts"),
        Arrow("capstone", "goal", "counts"), Arrow("e520", "goal", "counts"), Arrow("data", "goal", "counts"),
    )  # fmt: skip
    return Picture("Plan 7F3K: Reading K-12", columns, nodes, arrows, "Plan 7F3K · 2026-11-22 · data version 2026.11")


def odd_picture() -> Picture:
    """Labels, details, ids and headings that break careless writers."""
    nodes = tuple(
        Node(
            f"<id & '{index}'>", label, index % 3, STATUSES[index % 5], ("3 < 4 & 5", label), "/a?b=1&c=<2>" if index % 2 else None
        )
        for index, label in enumerate(ODD_LABELS)
    )
    arrows = tuple(Arrow(a.id, b.id, ARROW_KINDS[a.column]) for a, b in pairwise(nodes))
    columns = (
        Column("One & <only>", '4 "credits"'),
        Column("A name of a column so long that it has to be wrapped"),
        Column("שלום"),
    )
    return Picture("Odd & <labels> \x01", columns, nodes, arrows, "footer & <end>")


def layered(seed: int, steps: int, columns: int, arrows: int) -> Picture:
    """Random steps spread over columns, arrows mostly to the next column."""
    choose = random.Random(seed)
    nodes = tuple(
        Node(f"n{i}", f"EDU {500 + i} Course number {i} of a long program", i * columns // steps, "planned", ("3 credits",))
        for i in range(steps)
    )
    found: dict[tuple[int, int], Arrow] = {}
    while len(found) < arrows:
        start, end = sorted(choose.sample(range(steps), 2))
        apart = nodes[end].column - nodes[start].column
        if apart == 1 or (apart > 1 and choose.random() < 0.1):
            found[start, end] = Arrow(nodes[start].id, nodes[end].id)
    return Picture("Random", tuple(Column(f"Term {i}", "9 credits") for i in range(columns)), nodes, tuple(found.values()))


@st.composite
def pictures(draw: st.DrawFn, *, most: int = 14) -> Picture:
    """Any small picture: arrows may skip columns, run backward or stay in one column."""
    columns = draw(st.integers(1, 5))
    count = draw(st.integers(1, most))
    labels = st.one_of(st.sampled_from(ODD_LABELS), st.text(max_size=40))
    nodes = tuple(
        Node(
            f"n{i}", draw(labels), draw(st.integers(0, columns - 1)), draw(st.sampled_from(STATUSES)),
            tuple(draw(st.lists(labels, max_size=2))), draw(st.sampled_from((None, "/x", "javascript:alert(1)"))),
        )
        for i in range(count)
    )  # fmt: skip
    pairs = draw(st.lists(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), max_size=20, unique=True))
    arrows = tuple(Arrow(f"n{a}", f"n{b}", draw(st.sampled_from(ARROW_KINDS))) for a, b in pairs if a != b)
    return Picture(
        draw(labels), tuple(Column(f"Term {i}", draw(st.sampled_from(("", "4 credits")))) for i in range(columns)), nodes, arrows
    )
