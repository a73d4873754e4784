"""One tiny catalog, and strategies for records and trees over it, small enough to try every way of counting."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import strategies as st

from pathways.credential import Select
from pathways.record import EarnedCredential, LearnerRecord
from pathways.requirements.rules import (
    AllOf,
    AnyOf,
    AtLeast,
    AtMostCredits,
    Conflict,
    CreditsFrom,
    Groups,
    Held,
    Manual,
    NoneOf,
    OpenAll,
    OpenAny,
    Requirement,
    Share,
    Window,
)  # fmt: skip
from pathways.units import CreditValue
from tests.builders import TODAY, catalog, course, credential

WORLD = catalog(
    course("a", 3, subject="reading", level="graduate"),
    course("b", 2, subject="reading"),
    course("c", 3, "quarter", subject="math", level="graduate"),
    course("d", 1, subject="math", level="undergraduate"),
    credential("e", subject="math"),
    course("f", 4, "CEU", subject="reading"),
    credential("any-math", generic=True, stands_for=Select(subject="math"), credits=CreditValue(Fraction(1), "semester")),
)

LAST_MONTH, LONG_AGO, YESTERDAY = TODAY - timedelta(days=20), date(2015, 1, 1), TODAY - timedelta(days=1)

ids = st.sampled_from(["a", "b", "c", "d", "e", "any-math"])
usual = st.builds(EarnedCredential, st.sampled_from(["a", "b", "c", "d", "e", "f"]))
named = st.builds(EarnedCredential, st.just("any-math"), st.sampled_from(["one", "two"]))
own = st.builds(
    EarnedCredential,
    st.sampled_from(["own:x", "own:y"]),
    subject=st.sampled_from(["reading", "math"]),
    credits=st.none() | st.just(CreditValue(Fraction(2), "semester")),
)
odd = st.builds(
    EarnedCredential,
    st.sampled_from(["a", "b", "c"]),
    area=st.sampled_from([None, "art", "music"]),
    earned_on=st.sampled_from([None, LAST_MONTH, LONG_AGO]),
    expires_on=st.sampled_from([None, YESTERDAY, TODAY]),
    grade=st.sampled_from([None, "A", "C"]),
    stage=st.sampled_from(["earned", "applied", "posted", "eligible"]),
    credits=st.sampled_from([None, None, CreditValue(Fraction(1), "semester"), CreditValue(Fraction(4), "semester")]),
)
achievements = st.one_of(usual, named, own, odd)


def records(most: int) -> st.SearchStrategy[LearnerRecord]:
    """Records of up to so many achievements."""
    return st.lists(achievements, max_size=most).map(lambda rows: LearnerRecord(achievements=tuple(rows)))


helds = st.builds(
    Held,
    ids,
    st.sampled_from([None, None, "art"]),
    st.sampled_from([None, None, "B"]),
    st.sampled_from([None, None, Window(12, "start")]),
)
selects = st.sampled_from(
    [Select(subject="reading"), Select(subject="math"), Select(type="course"), Select(subject="math", type="course")]
)
caps = st.builds(AtMostCredits, st.integers(1, 3).map(Fraction), st.lists(helds | selects, min_size=1, max_size=3).map(tuple))
credit_rules = st.builds(
    CreditsFrom,
    st.integers(1, 7).map(Fraction),
    st.lists(helds | selects | caps, min_size=1, max_size=4).map(tuple),
    st.sampled_from([None, "semester"]),
    st.sampled_from([None, None, "graduate"]),
    st.sampled_from([None, None, "B"]),
)
at_least = st.builds(AtLeast, st.integers(1, 4), st.lists(helds | selects, min_size=1, max_size=4).map(tuple), st.booleans())
leaves: st.SearchStrategy[Requirement] = st.one_of(helds, at_least, credit_rules, st.just(Manual("a person decides")))


def _monotone(children: st.SearchStrategy[Requirement]) -> st.SearchStrategy[Requirement]:
    several = st.lists(children, min_size=1, max_size=3).map(tuple)
    return st.one_of(
        st.builds(AllOf, several),
        st.builds(AnyOf, several),
        st.builds(OpenAll, several),
        st.builds(OpenAny, several),
        st.builds(Conflict, children, children),
        st.builds(AtLeast, st.integers(1, 3), several, st.booleans()),
    )


def _any(children: st.SearchStrategy[Requirement]) -> st.SearchStrategy[Requirement]:
    return _monotone(children) | st.builds(NoneOf, children)


#: Trees that earning more can never undo.
monotone_trees: st.SearchStrategy[Requirement] = st.recursive(leaves, _monotone, max_leaves=6)
#: Trees without groups.
plain_trees: st.SearchStrategy[Requirement] = st.recursive(leaves, _any, max_leaves=6)


@st.composite
def group_rules(draw: st.DrawFn) -> Groups:
    """A groups rule of two or three children, perhaps with shares."""
    small = st.recursive(leaves, _any, max_leaves=3)
    children = draw(st.lists(small, min_size=2, max_size=3))
    names = ("core", "electives", "minor")[: len(children)]
    between = st.lists(st.sampled_from(names), min_size=2, max_size=len(names), unique=True).map(tuple)
    share = st.builds(Share, st.integers(1, 3).map(Fraction), st.sampled_from(["item", "semester"]), between)
    return Groups(tuple(children), names, tuple(draw(st.lists(share, max_size=2))))


_plain = st.sampled_from([Held("a"), Held("b"), Held("c"), Held("d"), Held("any-math")])
_one_or_two = st.lists(_plain, min_size=1, max_size=2, unique=True).map(tuple)
_wants: st.SearchStrategy[Requirement] = st.one_of(
    _plain,
    st.builds(AllOf, _one_or_two),
    st.builds(AnyOf, _one_or_two),
    st.builds(lambda pair: AllOf((*pair, Manual("a person decides"))), _one_or_two),
    st.builds(lambda pair: AllOf((*pair, Held("e", min_grade="B"))), _one_or_two),
    st.builds(AtLeast, st.integers(1, 3), st.lists(_plain | selects, min_size=1, max_size=3).map(tuple), st.booleans()),
    st.builds(CreditsFrom, st.integers(2, 6).map(Fraction), st.lists(_plain | selects, min_size=1, max_size=3).map(tuple)),
)


@st.composite
def contended_groups(draw: st.DrawFn) -> Groups:
    """Groups whose children mostly want the same few items, mostly with a share."""
    children = draw(st.lists(_wants | st.builds(AnyOf, st.tuples(_wants, _wants)), min_size=2, max_size=3))
    names = ("core", "electives", "minor")[: len(children)]
    amount, unit = draw(st.sampled_from([(1, "item"), (2, "item"), (2, "semester"), (3, "semester"), (5, "semester")]))
    share = Share(Fraction(amount), unit, draw(st.sampled_from([names[:2], names[-2:]])))
    return Groups(tuple(children), names, draw(st.sampled_from([(), (share,), (share,)])))


@st.composite
def shared_groups(draw: st.DrawFn) -> Groups:
    """Groups that all want mostly the same courses, with a share between two of them."""
    some = st.lists(st.sampled_from([Held("a"), Held("b"), Held("c")]), min_size=1, max_size=3, unique=True).map(tuple)
    children = draw(st.lists(st.builds(AllOf, some), min_size=2, max_size=3))
    names = ("core", "electives", "minor")[: len(children)]
    amount, unit = draw(
        st.sampled_from([(1, "item"), (2, "item"), (2, "semester"), (4, "semester"), (5, "semester"), (7, "semester")])
    )
    between = draw(st.sampled_from([names[:2], names[-2:], names]))
    return Groups(tuple(children), names, (Share(Fraction(amount), unit, between),))


#: Records that hold most of the items.
full_records = st.tuples(
    st.lists(st.sampled_from(["a", "b", "c", "d", "e"]), min_size=2, max_size=4, unique=True), st.lists(odd, max_size=1)
).map(lambda rows: LearnerRecord(achievements=(*map(EarnedCredential, rows[0]), *rows[1])[:4]))


@st.composite
def capped_rules(draw: st.DrawFn) -> CreditsFrom:
    """Credit rules under two or three caps that mostly overlap."""
    members = st.lists(_plain | selects, min_size=1, max_size=3, unique=True).map(tuple)
    limits = draw(st.lists(st.builds(AtMostCredits, st.integers(1, 4).map(Fraction), members), min_size=2, max_size=3))
    return CreditsFrom(Fraction(draw(st.integers(3, 7))), tuple(limits), "semester")
