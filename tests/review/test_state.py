"""What decisions do: undo leads back exactly, a dissent waits for a third person, nothing goes unexplained."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.review.errors import DecisionError
from api.review.state import REASON_CODES, Changes, Decision, Kind, Standing, after, replayed
from tests.review.makers import decision, two_credits

ALL: list[Kind] = ["approve", "approve_changed", "reject", "skip", "undo", "dissent", "uphold", "overturn"]
PLAIN: list[Kind] = ["approve", "reject", "skip"]
KINDS = st.sampled_from(ALL)


def walk(*wanted: Decision) -> tuple[Standing, tuple[Decision, ...]]:
    standing = Standing()
    history: tuple[Decision, ...] = ()
    for one in wanted:
        standing, row = after(standing, one, history)
        history = (*history, row)
    return standing, history


@st.composite
def attempts(draw: st.DrawFn) -> list[Decision]:
    found = []
    for _ in range(draw(st.integers(0, 12))):
        kind = draw(KINDS)
        changes = two_credits() if kind == "approve_changed" else Changes()
        found.append(decision(kind, by=draw(st.sampled_from("abc")), changes=changes, settles=draw(st.integers(1, 12))))
    return found


def possible(wanted: list[Decision]) -> tuple[Standing, tuple[Decision, ...]]:
    standing = Standing()
    history: tuple[Decision, ...] = ()
    for one in wanted:
        try:
            standing, row = after(standing, one, history)
        except DecisionError:
            continue
        history = (*history, row)
    return standing, history


@given(attempts(), st.sampled_from(PLAIN))
def test_undo_of_a_decision_leads_back_to_exactly_where_the_match_stood(wanted: list[Decision], kind: Kind) -> None:
    standing, history = possible(wanted)
    try:
        decided, row = after(standing, decision(kind), history)
    except DecisionError:
        return
    undone, _ = after(decided, decision("undo"), (*history, row))
    assert (undone.state, undone.current, undone.disputed) == (standing.state, standing.current, standing.disputed)


@given(attempts())
def test_every_decision_is_numbered_in_order_and_the_one_in_force_made_the_state(wanted: list[Decision]) -> None:
    standing, history = possible(wanted)
    assert replayed(history) == standing
    assert [one.number for one in history] == list(range(1, standing.count + 1))
    if standing.state in {"approved", "rejected"}:
        made = history[standing.current - 1].kind
        assert made in {"approve", "approve_changed", "reject", "overturn"}
    else:
        assert standing.current == 0 or history[standing.current - 1].kind == "skip"


def test_undoing_everything_one_by_one_opens_the_match_again() -> None:
    standing, history = walk(
        decision("skip"), decision("approve"), decision("undo"), decision("reject"), decision("undo"), decision("undo")
    )
    assert (standing.state, standing.current) == ("open", 0)
    assert len(history) == 6
    with pytest.raises(DecisionError, match="nothing to undo"):
        after(standing, decision("undo"), history)


@pytest.mark.parametrize("kind", ["approve_changed", "reject", "dissent"])
def test_a_decision_without_a_reason_in_words_is_refused(kind: str) -> None:
    changes = two_credits() if kind == "approve_changed" else Changes()
    with pytest.raises(DecisionError, match="Say why") as refused:
        walk(decision("approve", by="bob"), decision(kind, reason=" ", changes=changes))  # type: ignore[arg-type]
    assert refused.value.field == "reason"


def test_a_reason_code_must_be_one_of_the_list() -> None:
    with pytest.raises(DecisionError, match=REASON_CODES[0]):
        walk(decision("approve", code="because"))  # type: ignore[arg-type]


def test_what_is_decided_is_not_decided_again_in_passing() -> None:
    with pytest.raises(DecisionError, match="approved already"):
        walk(decision("approve"), decision("reject", by="bob"))


def test_approving_with_changes_names_a_change_and_plain_approval_none() -> None:
    with pytest.raises(DecisionError, match="at least one change"):
        walk(decision("approve_changed"))
    with pytest.raises(DecisionError, match="approve with changes"):
        walk(decision("approve", changes=two_credits()))


def test_a_dissent_changes_nothing_until_a_third_person_settles_it() -> None:
    disputed, history = walk(decision("approve", by="ann"), decision("dissent", by="bob"))
    assert (disputed.state, disputed.current, disputed.disputed) == ("approved", 1, (2,))
    upheld, _ = after(disputed, decision("uphold", by="cem", settles=2), history)
    assert (upheld.state, upheld.current, upheld.disputed) == ("approved", 1, ())
    overturned, _ = after(disputed, decision("overturn", by="cem", settles=2), history)
    assert (overturned.state, overturned.current, overturned.disputed) == ("rejected", 3, ())


@pytest.mark.parametrize("by", ["ann", "bob"])
def test_neither_side_settles_its_own_dispute(by: str) -> None:
    with pytest.raises(DecisionError, match="neither decided nor dissented"):
        walk(decision("approve", by="ann"), decision("dissent", by="bob"), decision("uphold", by=by, settles=2))


def test_who_decided_undoes_instead_of_dissenting_and_an_open_match_has_nothing_to_dispute() -> None:
    with pytest.raises(DecisionError, match="undo it instead"):
        walk(decision("approve", by="ann"), decision("dissent", by="ann"))
    with pytest.raises(DecisionError, match="nothing to disagree"):
        walk(decision("dissent", by="bob"))


def test_only_an_open_dissent_is_settled() -> None:
    with pytest.raises(DecisionError, match="still open"):
        walk(decision("approve", by="ann"), decision("uphold", by="cem", settles=1))


def test_a_changed_text_starts_afresh() -> None:
    standing, _ = walk(decision("approve", by="ann"), decision("dissent", by="bob"), decision("reopen", code="text_changed"))
    assert (standing.state, standing.current, standing.disputed, standing.count) == ("open", 0, (), 3)
