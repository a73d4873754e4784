"""What a person at a terminal can count on: eighty columns, no need for color, numbered sources, nothing that moves the cursor."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.console.audits import write_audit
from api.console.paper import Paper
from api.console.recommendation import write_recommendation
from api.console.words import clean
from api.schemas import FactOut, MissingOut, ReasonOut, WarningOut
from pathways.recommendation.answer import AUTHORITY_WARNING
from tests.cli import answers

WIDTH = 80


def written(write: Callable[[Paper, Any], None], answer: Any) -> str:
    paper = Paper(None)
    write(paper, answer)
    return paper.text()


def lines_over(text: str, width: int = WIDTH) -> list[str]:
    """Lines longer than a terminal is wide, addresses of pages aside: those are never broken, so that they can be copied."""
    return [line for line in text.splitlines() if len(line) > width and "https://" not in line]


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize(("write", "answer"), [(write_recommendation, answers.recommendation()), (write_audit, answers.audit())])
def test_an_answer_fits_eighty_columns_and_has_no_color(write: Callable[[Paper, Any], None], answer: Any) -> None:
    text = written(write, answer)
    assert lines_over(text) == []
    assert "\x1b" not in text


def test_a_step_says_fit_effect_reason_needs_price_and_value_here() -> None:
    text = flat(written(write_recommendation, answers.recommendation()))
    for fact in (
        "86 of 100 fit", "leaves 3 of 5 steps", "Closes two of the five parts.", "a teaching license of Ohio (to confirm)",
        "Reading Zero (reading-0)", "price not published", "hours not published", "renewal yes: 6 PDP (Ohio)", "pay no rule found",
        "degree yes, with prior approval", "No outcome study found.", "Ask your district",
    ):  # fmt: skip
        assert fact in text
    assert "not a chance of acceptance" in text


def test_an_answer_ends_with_near_routes_dead_ends_questions_and_sources_in_that_order() -> None:
    text = written(write_recommendation, answers.recommendation())
    headings = ["You are close to", "Routes to Reading Endorsement", "Dead ends", "Who to ask", "Sources"]
    places = [text.index(f"\n{heading}\n") for heading in headings]
    assert places == sorted(places)


def test_each_source_is_listed_once_with_address_confidence_and_date() -> None:
    text = written(write_recommendation, answers.recommendation())
    listed = text[text.index("\nSources\n") :]
    assert listed.count(answers.PAGE) == 1
    assert listed.count(answers.OTHER_PAGE) == 1
    assert re.search(r"\[1\]\s+https://\S+\n\s+stated, 2026-11-21", listed)
    cited = {int(mark) for mark in re.findall(r"\[(\d+)\]", text[: text.index("\nSources\n")])}
    assert cited == {int(mark) for mark in re.findall(r"^\[(\d+)\]", listed, re.MULTILINE)}


def test_a_computed_fact_has_no_footnote() -> None:
    computed = FactOut(text="3 steps", confidence="computed", date="2026-11-21")
    assert Paper(None).cite([computed]) == ""


@pytest.mark.parametrize(("price", "told"), [(50, 1), (None, 1), (0, 0)])
def test_what_may_cost_money_is_never_shown_without_approval_first(price: int | None, told: int) -> None:
    text = flat(written(write_recommendation, answers.recommendation(steps=[answers.step(cost_usd=price)])))
    assert text.count(AUTHORITY_WARNING) == told


def test_approval_first_is_said_once_where_the_engine_says_it_too() -> None:
    warned = answers.step(cost_usd=50, warnings=[WarningOut(kind="approval first", text=AUTHORITY_WARNING)])
    assert flat(written(write_recommendation, answers.recommendation(steps=[warned]))).count(AUTHORITY_WARNING) == 1


def test_the_words_of_this_program_never_promise_that_anything_qualifies_or_transfers() -> None:
    for text in (written(write_recommendation, answers.recommendation()), written(write_audit, answers.audit())):
        assert not re.search(r"\b(qualif|transfer)", text, re.IGNORECASE)


def test_an_answer_without_steps_gives_its_message_and_no_fit() -> None:
    empty = answers.recommendation(
        steps=[], message="Nothing in this catalog matches.", near=[], routes=[], dead_ends=[], ask=[], claims=[]
    )
    text = written(write_recommendation, empty)
    assert "Nothing in this catalog matches." in text
    assert "of 100 fit" not in text


def test_a_long_list_of_missing_things_says_how_many_it_leaves_out() -> None:
    missing = [MissingOut(text=f"thing {count}", truth="unmet") for count in range(20)]
    text = flat(written(write_recommendation, answers.recommendation(steps=[answers.step(missing=missing)])))
    assert "thing 0" in text
    assert "14 more" in text


def test_an_audit_marks_each_requirement_in_words_or_marks_and_shows_what_is_spare() -> None:
    text = written(write_audit, answers.audit())
    assert re.search(r"\[x\] Reading Zero", text)
    assert re.search(r"\[\?\] 9 semester credits \(6 of 9 semester credits\)", text)
    assert "Old Course: too old" in text
    assert "Two pages disagree." in text


def test_an_audit_without_requirements_says_so_instead_of_calling_it_ready() -> None:
    text = flat(written(write_audit, answers.audit(composed_of=None)))
    assert "requirements are not in this catalog" in text


HOSTILE = st.text(alphabet=st.characters(codec="utf-8"), max_size=300)


@given(HOSTILE)
def test_no_text_of_data_or_goal_can_reach_the_terminal_with_control_characters(text: str) -> None:
    reason = ReasonOut(kind="goal", text=text)
    made = answers.recommendation(goal=text, steps=[answers.step(reasons=[reason], credential=answers.item(name=text))])
    shown = written(write_recommendation, made)
    assert not [mark for mark in shown if mark != "\n" and not mark.isprintable() and not mark.isspace()]


@given(HOSTILE)
def test_cleaning_a_clean_text_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)
