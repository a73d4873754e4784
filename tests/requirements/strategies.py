"""Hypothesis strategies: every form of the requirement language, as trees."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st

from pathways.credential import Select
from pathways.requirements.rules import (
    ANCHORS,
    Admitted,
    AllOf,
    AnyOf,
    Approved,
    AtLeast,
    AtMostCredits,
    Conflict,
    CreditsFrom,
    Degree,
    Employed,
    Exam,
    Experience,
    Groups,
    Held,
    License,
    Manual,
    Member,
    NoneOf,
    OpenAll,
    OpenAny,
    Requirement,
    Share,
    Window,
)  # fmt: skip
from pathways.units import DEGREE_LEVELS, GRADES, LEVELS

words = st.text(min_size=1, max_size=12).filter(str.strip)
ids = st.sampled_from(["a", "b-2", "own:math.101", "distinct", "all", "open", "7", "nea_mc"]) | words
amounts = st.sampled_from([Fraction(1), Fraction(9), Fraction(1, 3), Fraction(5, 2), Fraction(120)])
units = st.sampled_from(["semester", "quarter", "CEU", "Act 48 hour", "USBE credit", "semester credit", "graduate", "from x"])
windows = st.builds(Window, st.integers(1, 120), st.sampled_from(ANCHORS))
grades = st.sampled_from([*GRADES, "3.5", "85"])

held = st.builds(Held, ids, st.none() | words, st.none() | grades, st.none() | windows)
selections = st.builds(Select, st.none() | words, st.none() | words, st.none() | words, st.booleans()).filter(
    lambda item: (item.issuer, item.subject, item.type) != (None, None, None)
)
suppliers = held | selections
caps = st.builds(AtMostCredits, amounts, st.lists(suppliers, min_size=1, max_size=3).map(tuple))
credit_rules = st.builds(
    CreditsFrom,
    amounts,
    st.lists(suppliers | caps, min_size=1, max_size=4).map(tuple),
    st.none() | units,
    st.none() | st.sampled_from(LEVELS),
    st.none() | grades,
)
years_or_hours = st.tuples(st.none(), amounts) | st.tuples(amounts, st.none())
conditions: st.SearchStrategy[Requirement] = st.one_of(
    st.builds(License, words, st.none() | words, st.none() | words, st.none() | words),
    st.builds(Degree, st.sampled_from(DEGREE_LEVELS), st.none() | words),
    st.builds(Exam, words, st.none() | amounts),
    st.builds(lambda role, pair, window: Experience(role, pair[0], pair[1], window), words, years_or_hours, st.none() | windows),
    st.builds(Employed, words, st.none() | words),
    st.builds(Member, words),
    st.builds(Approved, words, st.none() | st.sampled_from(ANCHORS)),
    st.builds(Admitted, words),
    st.builds(Manual, words),
)


@st.composite
def groups_of(draw: st.DrawFn, children: st.SearchStrategy[Requirement]) -> Groups:
    """A groups rule with default or own names, and perhaps shares."""
    members = draw(st.lists(children, min_size=1, max_size=3))
    default = [str(place + 1) for place in range(len(members))]
    names = draw(st.just(default) | st.lists(words, min_size=len(members), max_size=len(members), unique=True))
    shares: list[Share] = []
    if len(names) > 1:
        between = st.lists(st.sampled_from(names), min_size=2, max_size=len(names), unique=True).map(tuple)
        by_item = st.builds(Share, st.sampled_from([Fraction(1), Fraction(2)]), st.just("item"), between)
        by_credit = st.builds(Share, amounts, units, between)
        shares = draw(st.lists(by_item | by_credit, max_size=2))
    return Groups(tuple(members), tuple(names), tuple(shares))


def _extend(children: st.SearchStrategy[Requirement]) -> st.SearchStrategy[Requirement]:
    several = st.lists(children, max_size=3).map(tuple)
    some = st.lists(children, min_size=1, max_size=3).map(tuple)
    listed = st.lists(children | selections, min_size=1, max_size=4).map(tuple)
    return st.one_of(
        st.builds(AllOf, several),
        st.builds(AnyOf, some),
        st.builds(OpenAll, several),
        st.builds(OpenAny, several),
        st.builds(NoneOf, children),
        st.builds(Conflict, children, children),
        st.builds(AtLeast, st.integers(1, 5), listed, st.booleans()),
        groups_of(children),
    )


#: Any tree of the language, with every kind of node and awkward words.
trees: st.SearchStrategy[Requirement] = st.recursive(held | credit_rules | conditions, _extend, max_leaves=8)
