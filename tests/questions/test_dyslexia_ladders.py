"""Wilson, Orton-Gillingham or ALTA: hours to each level, and what CERI accepts until when."""

from __future__ import annotations

from datetime import date

import pytest

from api.service import credential
from api.world import World
from pathways.recommendation.answer import Recommendation
from pathways.record import DegreeHeld, EarnedCredential
from pathways.requirements.verdicts import Truth
from tests.questions.asking import Desk, ids, mentioned, sentences, step_of

GOAL = "get certified in Wilson, Orton-Gillingham or ALTA to teach students with dyslexia"
LADDERS = {"Wilson": "wilson-", "Orton-Gillingham Academy": "oga-", "ALTA": "alta-"}
ENDED = [
    ("oga-associate", "ceri-di"), ("oga-certified", "ceri-di"), ("oga-certified", "ceri-ds"), ("oga-fellow", "ceri-di"),
    ("oga-fellow", "ceri-ds"), ("alta-calp", "ceri-di"), ("alta-calt", "ceri-di"), ("alta-calt", "ceri-ds"),
]  # fmt: skip


@pytest.fixture(scope="module")
def answer(desk: Desk) -> Recommendation:
    return desk.ask(GOAL, desk.learner(place="US-OH"), k=10)


class TestHours:
    @pytest.mark.parametrize(
        ("level", "hours"),
        [("oga-classroom-educator", 80), ("oga-associate", 160), ("oga-certified", 460), ("alta-calp", 105), ("alta-calt", 900)],
    )
    def test_published_hours_are_shown(self, world: World, level: str, hours: int) -> None:
        assert credential(world, level).hours == hours

    @pytest.mark.parametrize("level", ["wilson-wrs-intro", "wilson-wrs-l1", "wilson-wrs-l2", "oga-fellow"])
    def test_hours_nobody_publishes_stay_unknown(self, world: World, level: str) -> None:
        assert credential(world, level).hours is None

    def test_wilson_level_one_says_65_lessons_and_its_price(self, world: World) -> None:
        shown = credential(world, "wilson-wrs-l1")
        assert "65 lessons" in (shown.assessment or "")
        assert shown.cost_usd == 3450

    def test_associate_says_that_course_work_is_seventy_hours_since_june_2025(self, world: World) -> None:
        assert "70 hours from 1 June 2025" in credential(world, "oga-associate").description

    def test_calt_asks_200_instructional_and_700_practicum_hours_and_a_master_s(self, world: World) -> None:
        rules = " ".join(row.rule for row in credential(world, "alta-calt").requirements)
        assert "200 instructional hours, 700 practicum hours" in rules
        assert "degree(level=master)" in rules

    def test_associate_hours_are_said_to_count_inside_certified(self, world: World) -> None:
        (inside,) = [row for row in credential(world, "oga-associate").agreements_out if row.to_id == "oga-certified"]
        assert "160 course and 300 practicum" in inside.conditions

    @pytest.mark.parametrize("level", ["oga-classroom-educator", "oga-associate", "alta-calt", "wilson-wrs-l1"])
    def test_every_level_names_its_page(self, world: World, level: str) -> None:
        assert credential(world, level).facts[0].source_url


class TestOrder:
    def test_level_one_of_wilson_waits_for_the_introduction(self, desk: Desk) -> None:
        found = desk.audit("wilson-wrs-l1", desk.learner()).requires
        assert found is not None
        assert found.truth is Truth.UNMET

    def test_an_introduction_older_than_five_years_no_longer_serves(self, desk: Desk) -> None:
        old, new = (desk.learner(EarnedCredential("wilson-wrs-intro", earned_on=date(year, 1, 15))) for year in (2020, 2024))
        verdicts = [desk.audit("wilson-wrs-l1", record).requires for record in (old, new)]
        assert [found.truth for found in verdicts if found] == [Truth.UNMET, Truth.MET]

    def test_the_last_day_the_introduction_serves_is_said(self, desk: Desk) -> None:
        record = desk.learner(EarnedCredential("wilson-wrs-intro", earned_on=date(2024, 1, 15)))
        found = desk.audit("wilson-wrs-l1", record).requires
        assert found is not None
        assert [item.last_day for item in found.expiring] == [date(2029, 1, 15)]

    def test_level_two_waits_for_level_one(self, desk: Desk) -> None:
        held = desk.audit("wilson-wrs-l2", desk.learner("wilson-wrs-l1")).requires
        assert held is not None
        assert held.truth is Truth.MET

    def test_a_therapist_needs_a_master_s_a_practitioner_a_bachelor_s(self, desk: Desk) -> None:
        bachelor = (DegreeHeld("bachelor"),)
        assert desk.audit("alta-calt", desk.learner(degrees=bachelor)).truth is Truth.UNMET
        assert desk.audit("alta-calp", desk.learner(degrees=bachelor)).truth is Truth.UNKNOWN


class TestCeri:
    @pytest.mark.parametrize(("level", "target"), ENDED)
    def test_orton_gillingham_and_alta_training_was_accepted_until_the_end_of_2023(
        self, world: World, level: str, target: str
    ) -> None:
        rows = [row for row in credential(world, level).agreements_out if row.to_id == target]
        assert [(row.effective_from, row.effective_until) for row in rows] == [("2015-01-01", "2023-12-31")]

    def test_wilson_level_two_is_accepted_until_the_end_of_2027(self, world: World) -> None:
        (row,) = [row for row in credential(world, "wilson-wrs-l2").agreements_out if row.to_id == "ceri-ds"]
        assert (row.effective_from, row.effective_until) == ("2015-01-01", "2027-12-31")

    @pytest.mark.parametrize("level", ["oga-certified", "oga-fellow", "alta-calp", "alta-calt"])
    def test_starting_one_today_counts_for_nothing_at_ceri_and_the_end_is_said(self, desk: Desk, level: str) -> None:
        found = desk.worth(level, desk.learner(place="US-OH")).degree
        assert found.answer == "no rule found"
        assert "2023-12-31" in found.note

    def test_associate_is_not_said_to_reach_ceri_by_way_of_certified(self, desk: Desk) -> None:
        found = desk.worth("oga-associate", desk.learner(place="US-OH")).degree
        onward = [words for line in found.lines for words in line.conditions if "Structured Literacy" in words]
        assert not onward, "CERI's acceptance of Certified ended on 2023-12-31"

    def test_the_worth_of_wilson_level_two_says_until_when(self, desk: Desk) -> None:
        found = desk.worth("wilson-wrs-l2", desk.learner(place="US-OH")).degree
        assert found.answer == "yes"
        said = " ".join((found.note, *found.conditions, *(words for line in found.lines for words in line.conditions)))
        assert "2027" in said

    @pytest.mark.parametrize(("day", "counts"), [(date(2022, 6, 1), True), (date(2025, 6, 1), False)])
    def test_the_date_of_one_s_own_training_decides(self, desk: Desk, day: date, *, counts: bool) -> None:
        record = desk.learner(EarnedCredential("oga-certified", earned_on=day), place="US-OH")
        reasons = {refusal.reason for refusal in desk.audit("ceri-ds", record).refused if refusal.to_id == "ceri-ds"}
        assert reasons == ({"contributes"} if counts else {"window ended"})
        assert desk.worth("oga-certified", record).degree.answer == ("yes" if counts else "no rule found")

    def test_training_without_a_date_is_neither_accepted_nor_refused(self, desk: Desk) -> None:
        found = desk.audit("ceri-ds", desk.learner("alta-calt", place="US-OH")).refused
        assert [(row.reason, row.unknown) for row in found if row.to_id == "ceri-ds"] == [("training date not stated", True)]

    def test_accepted_training_alone_never_completes_ceri(self, desk: Desk) -> None:
        record = desk.learner(EarnedCredential("wilson-wrs-l2", earned_on=date(2026, 5, 1)), place="US-OH")
        found = desk.audit("ceri-ds", record)
        assert found.truth is not Truth.MET
        assert "ceri-ds" not in {offer.to_id for offer in found.offers}

    def test_training_too_late_is_a_dead_end_in_the_answer(self, desk: Desk) -> None:
        record = desk.learner(EarnedCredential("alta-calt", earned_on=date(2025, 6, 1)), place="US-OH")
        shown = desk.ask("become a certified dyslexia specialist", record, "ceri-ds")
        ends = [end for end in shown.dead_ends if end.kind == "not counted"]
        assert any("2023-12-31" in end.text and end.source is not None for end in ends)


class TestTheAnswer:
    @pytest.mark.parametrize("ladder", sorted(LADDERS))
    def test_each_of_the_three_ladders_named_is_shown(self, answer: Recommendation, ladder: str) -> None:
        assert any(item.startswith(LADDERS[ladder]) for item in mentioned(answer)), ids(answer)

    def test_wilson_level_one_is_not_called_ready_before_the_introduction(self, desk: Desk) -> None:
        shown = desk.ask("Wilson Reading System certification", desk.learner(place="US-OH"), k=8)
        step = step_of(shown, "wilson-wrs-l1")
        assert step.ready == "no"
        assert "wilson-wrs-intro" in {missing.id for missing in step.missing}

    def test_what_ceri_accepts_and_until_when_is_in_the_answer(self, answer: Recommendation) -> None:
        said = " ".join(sentences(answer))
        assert "2027-12-31" in said
        assert "2023-12-31" in said
