"""What a recommendation promises, on a small world with the real encoder."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from pathways.errors import QuestionError, UnknownIdError
from pathways.places import Place
from pathways.recommendation.answer import Question
from pathways.recommendation.pipeline import LONGEST_GOAL, recommend
from pathways.record import EarnedCredential, LearnerRecord, Limits
from pathways.requirements.parse import parse
from tests.builders import TODAY, agreement, catalog, course, credential, dollars, row
from tests.recommendation.worlds import ask, engine_of, phonics_world

GOAL = "teach children to decode words with phonics"


def ids(answer: object) -> list[str]:
    return [step.credential.id for step in answer.steps]  # type: ignore[attr-defined]


def test_steps_match_the_goal_and_come_with_reasons_and_sources() -> None:
    answer = ask(phonics_world(), GOAL)
    assert set(ids(answer)[:3]) <= {"phonics-1", "phonics-2", "phonics-3", "phonics-stack"}
    assert "welding" not in ids(answer)
    for step in answer.steps:
        assert step.reasons
        assert all(0 <= share <= 1 for _, share in step.score.parts)
        assert any(fact.source is not None for reason in step.reasons for fact in reason.facts)


def test_ranks_count_from_one_and_fit_never_rises_down_the_list() -> None:
    answer = ask(phonics_world(), GOAL, k=10)
    assert [step.rank for step in answer.steps] == list(range(1, len(answer.steps) + 1))
    fits = [step.score.fit for step in answer.steps]
    assert fits == sorted(fits, reverse=True)


def test_what_is_held_is_not_recommended_again() -> None:
    assert "phonics-1" not in ids(ask(phonics_world(), GOAL, "phonics-1", k=10))


def test_an_expired_item_is_offered_for_renewal() -> None:
    held = EarnedCredential("phonics-1", expires_on=TODAY - timedelta(days=1))
    step = next(step for step in ask(phonics_world(), GOAL, held, k=10).steps if step.credential.id == "phonics-1")
    assert step.action == "renew"


def test_an_item_that_expires_soon_is_offered_for_renewal_and_one_that_lasts_is_not() -> None:
    soon = EarnedCredential("phonics-1", expires_on=TODAY + timedelta(days=60))
    lasting = EarnedCredential("phonics-1", expires_on=TODAY + timedelta(days=900))
    assert "phonics-1" in ids(ask(phonics_world(), GOAL, soon, k=10))
    assert "phonics-1" not in ids(ask(phonics_world(), GOAL, lasting, k=10))


def test_an_excluded_item_leaves_the_list() -> None:
    assert "phonics-2" not in ids(ask(phonics_world(), GOAL, excluded=("phonics-2",), k=10))


def test_a_target_asked_for_shows_what_remains_before_and_after_each_step() -> None:
    answer = ask(phonics_world(), GOAL, "phonics-1", targets=("phonics-stack",))
    effect = next(step for step in answer.steps if step.credential.id == "phonics-2").targets[0]
    assert (effect.id, effect.remaining_before, effect.remaining_after, effect.proof) == ("phonics-stack", 3, 2, "proven")


def test_a_stack_whose_parts_are_missing_never_claims_to_complete_itself() -> None:
    answer = ask(phonics_world(), GOAL, targets=("phonics-stack",), k=10)
    stack = [step for step in answer.steps if step.credential.id == "phonics-stack"]
    assert all(step.ready == "no" and not step.targets for step in stack)


def test_a_stack_whose_last_part_is_done_can_be_claimed() -> None:
    answer = ask(phonics_world(), GOAL, "phonics-1", "phonics-2", "phonics-3")
    assert [offer.to_id for offer in answer.claims] == ["phonics-stack"]
    step = next(step for step in answer.steps if step.credential.id == "phonics-stack")
    assert (step.action, step.ready) == ("claim", "yes")


def test_a_stack_begun_is_near_without_being_asked_for() -> None:
    answer = ask(phonics_world(), "coach teachers of reading", "phonics-1", "phonics-2", targets=("coach",))
    near = {entry.credential.id: entry.remaining for entry in answer.near}
    assert near == {"phonics-stack": 2}


def test_a_closed_stack_is_a_dead_end_and_never_a_step() -> None:
    answer = ask(phonics_world(), GOAL, "phonics-1", k=10)
    assert "old-stack" not in ids(answer)
    assert [end.kind for end in answer.dead_ends if end.id == "old-stack"] == ["closed"]


def test_what_another_must_come_first_for_is_shown_as_missing_it() -> None:
    step = next(step for step in ask(phonics_world(), "coach teachers of reading", k=10).steps if step.credential.id == "coach")
    assert step.ready == "no"
    assert [entry.id for entry in step.missing] == ["phonics-stack"]


def test_a_goal_nothing_answers_gets_no_steps_and_says_so() -> None:
    answer = ask(phonics_world(), "become a commercial airline pilot")
    assert answer.steps == ()
    assert answer.message


@pytest.mark.parametrize("goal", ["", "   ", "\x00\x07\x1b", "?!..."])
def test_a_goal_without_words_is_refused_unless_a_target_is_named(goal: str) -> None:
    with pytest.raises(QuestionError):
        ask(phonics_world(), goal)
    assert ids(ask(phonics_world(), goal, targets=("phonics-stack",)))


def test_an_overlong_goal_and_a_wrong_count_are_refused() -> None:
    with pytest.raises(QuestionError, match=f"{LONGEST_GOAL:,}"):
        ask(phonics_world(), "a" * (LONGEST_GOAL + 1))
    with pytest.raises(QuestionError, match="between 1 and"):
        ask(phonics_world(), GOAL, k=0)


def test_an_unknown_target_is_refused_with_the_nearest_ids() -> None:
    with pytest.raises(UnknownIdError, match="phonics-stack"):
        ask(phonics_world(), GOAL, targets=("phonics-stak",))


def test_the_same_question_gets_the_same_answer() -> None:
    question = Question(GOAL, LearnerRecord(), TODAY, targets=("phonics-stack",))
    assert recommend(question, phonics_world()) == recommend(question, phonics_world())


def test_an_unknown_place_never_gets_a_yes_for_renewal_or_pay() -> None:
    for step in ask(phonics_world(), GOAL, k=10).steps:
        assert step.value.renewal.answer == step.value.pay.answer == "no rule found"


def test_an_agreement_makes_the_course_a_claim_with_its_fee() -> None:
    world = engine_of(
        catalog(
            credential("badge", name="Phonics badge", subject="reading"),
            course("edu500", name="Phonics course", subject="reading"),
            agreements=(agreement("badge", "edu500", fee_usd=dollars("50"), fee_per="item"),),
        )
    )
    answer = ask(world, "phonics course", "badge")
    step = next(step for step in answer.steps if step.credential.id == "edu500")
    assert step.action == "claim"
    assert step.offer is not None
    assert step.offer.fee_usd == Decimal(50)
    assert any("50" in ask_.question for ask_ in answer.ask)


def test_an_item_whose_only_use_is_there_already_is_not_recommended() -> None:
    world = engine_of(
        catalog(
            credential("badge", name="Phonics badge", subject="reading"),
            course("edu500", name="Phonics course", subject="reading"),
            agreements=(agreement("badge", "edu500"),),
        )
    )
    assert "badge" in ids(ask(world, "phonics badge"))
    posted = EarnedCredential("edu500", stage="posted")
    assert "badge" not in ids(ask(world, "phonics badge", posted))


def test_an_endorsement_of_another_state_is_held_back_and_marked() -> None:
    ohio, texas = (
        credential(
            f"end-{state}", name="Reading endorsement", type="endorsement", subject="reading", place=Place("US", f"US-{state}"),
            issuer=state,
        )
        for state in ("OH", "TX")
    )  # fmt: skip
    answer = ask(engine_of(catalog(texas, ohio)), "reading endorsement", place=Place("US", "US-OH"))
    assert ids(answer)[0] == "end-OH"
    for step in answer.steps:
        assert ("another place" in {warning.kind for warning in step.warnings}) == (step.credential.id == "end-TX")


def test_pages_that_disagree_are_both_shown_and_asked_about() -> None:
    world = engine_of(
        catalog(
            course("a", name="Course A"), course("b", name="Course B"),
            credential("end", name="Reading endorsement", type="endorsement"),
            rows=(row("end", parse("conflict(a, b)")),),
        )
    )  # fmt: skip
    answer = ask(world, "reading endorsement", targets=("end",))
    shown = [fact.text for fact in answer.notes]
    assert any("Course A" in text and "Course B" in text for text in shown)
    assert any("Course A" in entry.question and "Course B" in entry.question for entry in answer.ask)


def test_over_budget_is_said_and_unknown_prices_stay_unknown() -> None:
    world = engine_of(
        catalog(credential("dear", name="Phonics", cost_usd=dollars("900")), credential("blank", name="Phonics course"))
    )
    answer = ask(world, "phonics", limits=Limits(budget_usd=dollars("100")), k=5)
    kinds = {step.credential.id: {warning.kind for warning in step.warnings} for step in answer.steps}
    assert "over budget" in kinds["dear"]
    assert "price unknown" in kinds["blank"]
    assert "over budget" not in kinds["blank"]


def test_a_generic_item_may_be_earned_again() -> None:
    world = engine_of(catalog(credential("any", name="Any phonics badge", generic=True)))
    assert ids(ask(world, "phonics badge", EarnedCredential("any", name="first"))) == ["any"]


def test_reordering_the_catalog_changes_no_fit() -> None:
    engine = phonics_world()
    turned = replace(engine.catalog, credentials=dict(reversed(engine.catalog.credentials.items())))
    fits = {step.credential.id: step.score.fit for step in ask(engine, GOAL, k=10).steps}
    again = {step.credential.id: step.score.fit for step in ask(engine_of(turned), GOAL, k=10).steps}
    assert fits == again
