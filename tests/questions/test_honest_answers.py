"""What every answer keeps to: no guess, nothing held, no rule where none is known, no superlative without prices."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from pathways.articulation.agreements import CLOSING_KINDS
from pathways.catalog.entities import Catalog
from pathways.catalog.evidence import effects_on
from pathways.recommendation.answer import AUTHORITY_WARNING, Recommendation
from pathways.record import EarnedCredential
from tests.questions.asking import ON, Desk, ids, sentences

GOALS = Path(__file__).parents[2] / "data" / "goals"


def rows_of(name: str) -> list[dict[str, str]]:
    with (GOALS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


NO_MATCH = [row["goal"] for row in rows_of("no_match.csv")]
ANSWERED = rows_of("goals.csv")[::5]
#: Any row of the catalog, by number.
PICK = st.integers(0, 10_000)
#: A draw asks two whole questions; shrinking would ask thousands, and a draw already names what is wrong.
NO_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)


class TestNoMatch:
    @pytest.mark.parametrize("goal", NO_MATCH)
    def test_a_goal_nothing_here_serves_says_so_instead_of_guessing(self, desk: Desk, goal: str) -> None:
        shown = desk.ask(goal)
        assert shown.steps == ()
        assert shown.message
        assert (shown.near, shown.routes, shown.claims) == ((), (), ())

    @pytest.mark.parametrize("goal", NO_MATCH)
    @pytest.mark.parametrize("place", ["US-OH", "US-GA"])
    def test_not_even_where_the_state_is_known(self, desk: Desk, goal: str, place: str) -> None:
        assert desk.ask(goal, desk.learner(place=place)).steps == ()

    @pytest.mark.parametrize("row", ANSWERED, ids=lambda row: row["goal_id"])
    def test_a_goal_that_is_served_gets_steps(self, desk: Desk, row: dict[str, str]) -> None:
        assert desk.ask(row["goal"], desk.learner(place=row["place"] or None)).steps


@pytest.fixture(scope="module", params=[None, "IS", "US"])
def placeless(desk: Desk, request: pytest.FixtureRequest) -> list[Recommendation]:
    """Answers for a learner who names no place, one nobody knows, or only the nation."""
    return [desk.ask(row["goal"], desk.learner(place=request.param), k=10) for row in ANSWERED]


@pytest.fixture(scope="module")
def routed(desk: Desk, bundled: Catalog) -> list[Recommendation]:
    """Routes to thirty-two targets."""
    return [desk.ask("", desk.learner(), target, k=1) for target in _targets(bundled, 32)]


@pytest.fixture(scope="module")
def everyday(desk: Desk) -> list[Recommendation]:
    """Answers to every fifth goal of the collection, each with its own place."""
    return [desk.ask(row["goal"], desk.learner(place=row["place"] or None), k=8) for row in ANSWERED]


class TestUnknownPlace:
    def test_renewal_and_pay_have_no_rule(self, placeless: list[Recommendation]) -> None:
        found = {(step.value.renewal.answer, step.value.pay.answer) for answer in placeless for step in answer.steps}
        assert found == {("no rule found", "no rule found")}

    def test_degree_is_no_rule_or_a_sourced_no(self, placeless: list[Recommendation]) -> None:
        ledgers = [step.value.degree for answer in placeless for step in answer.steps]
        assert {ledger.answer for ledger in ledgers} <= {"no rule found", "no"}
        assert all(ledger.sources for ledger in ledgers if ledger.answer == "no")

    def test_no_amount_is_promised(self, placeless: list[Recommendation]) -> None:
        ledgers = [
            ledger
            for answer in placeless
            for step in answer.steps
            for ledger in (step.value.renewal, step.value.pay, step.value.degree)
        ]
        assert {ledger.amount for ledger in ledgers} == {None}

    @pytest.mark.parametrize("place", ["IS", "US-GU"])
    def test_renewal_of_a_place_without_a_load_has_no_rule(self, desk: Desk, place: str) -> None:
        (renewal,) = desk.ask("", desk.learner(place=place), f"renewal:{place}").renewals
        assert renewal.load == "no rule found"
        assert renewal.ways == ()


def _targets(catalog: Catalog, count: int) -> list[str]:
    """Composed credentials of all kinds, evenly over the catalog, with the known choices between routes first."""
    first = [
        "mo-career-admin",
        "ga-cs-end",
        "ga-cs-micro",
        "va-cs-addon",
        "augie-med",
        "lipscomb-med-stackable",
        "oh-reading-endorsement",
    ]
    composed = [item for item in catalog.parts if item not in first and catalog.credentials[item].status == "active"]
    return [*first, *composed[:: max(len(composed) // (count - len(first)), 1)]][:count]


class TestCheapest:
    def test_enough_targets_have_routes_to_compare(self, routed: list[Recommendation]) -> None:
        assert sum(len(ways.routes) > 1 for answer in routed for ways in answer.routes) >= 8

    def test_cheapest_is_never_said_where_a_price_that_matters_is_unknown(
        self, routed: list[Recommendation], bundled: Catalog
    ) -> None:
        for ways in (ways for answer in routed for ways in answer.routes):
            at = None if ways.comparison is None else ways.comparison.cheapest
            if at is None:
                continue
            for other in ways.routes:
                shared = {step.node for step in other.steps}
                alone = [step for step in ways.routes[at].steps if step.node not in shared and step.kind == "item"]
                assert not [step.name for step in alone if step.id is None or bundled.credentials[step.id].cost_usd is None]

    def test_fastest_is_never_said_where_hours_that_matter_are_unknown(
        self, routed: list[Recommendation], bundled: Catalog
    ) -> None:
        for ways in (ways for answer in routed for ways in answer.routes):
            at = None if ways.comparison is None else ways.comparison.fastest
            if at is None:
                continue
            for other in ways.routes:
                shared = {step.node for step in other.steps}
                alone = [step for step in ways.routes[at].steps if step.node not in shared and step.kind == "item"]
                assert not [step.name for step in alone if step.id is None or bundled.credentials[step.id].hours is None]

    def test_the_words_are_not_used_either(self, routed: list[Recommendation]) -> None:
        for answer in routed:
            comparisons = [ways.comparison for ways in answer.routes if ways.comparison is not None]
            text = " ".join(sentences(answer)).casefold()
            if all(found.cheapest is None for found in comparisons):
                assert "cheapest" not in text
            if all(found.fastest is None for found in comparisons):
                assert "fastest" not in text

    def test_an_unknown_price_is_counted_and_never_added_as_zero(self, routed: list[Recommendation]) -> None:
        for ways in (ways for answer in routed for ways in answer.routes):
            for route in ways.routes:
                assert len(route.unpriced) <= route.usd.unknown_items <= route.usd.items
                assert route.usd.unknown_items == 0 or route.unpriced


class TestHeld:
    GOALS = ("become a reading specialist", "computer science endorsement", "", "instructional coaching", "renew my license")

    @settings(max_examples=25, phases=NO_SHRINKING)
    @given(
        have=st.sets(PICK, max_size=25),
        not_wanted=st.sets(PICK, max_size=8),
        aim=PICK,
        goal=st.sampled_from(GOALS),
        place=st.sampled_from([None, "US-TN", "US-PA", "US-GA", "US-OH"]),
    )
    def test_nothing_held_retired_or_unwanted_is_recommended(
        self, desk: Desk, have: set[int], not_wanted: set[int], aim: int, goal: str, place: str | None
    ) -> None:
        catalog = desk.engine.catalog
        known, composed = sorted(catalog.credentials), sorted(catalog.parts)
        target = f"renewal:{place}" if place else composed[aim % len(composed)]
        # Half are drawn from what is shown to a person with nothing, so that many of them would come up.
        offered = ids(desk.ask(goal, desk.learner(place=place), target, k=50)) or known
        held = sorted({(offered, known)[pick % 2][pick % len((offered, known)[pick % 2])] for pick in have})
        unwanted = {offered[pick % len(offered)] for pick in not_wanted}
        record = desk.learner(*(EarnedCredential(item) for item in held), place=place)
        shown = desk.ask(goal, record, target, k=50, excluded=unwanted)
        for step in shown.steps:
            item = step.credential
            assert item.id not in held or item.generic or step.action in {"renew", "post", "claim"}
            assert item.id not in unwanted
            assert item.status != "retired"

    @settings(max_examples=25, phases=NO_SHRINKING)
    @given(pick=PICK)
    def test_an_equivalent_of_what_is_held_is_not_recommended(self, desk: Desk, pick: int) -> None:
        catalog = desk.engine.catalog
        posting = [row for row in catalog.agreements if row.kind in CLOSING_KINDS and row.mode == "alternative" and row.to_id]
        agreement = posting[pick % len(posting)]
        assert agreement.to_id is not None
        # Everything any of the pieces could still serve is held, so a piece has nothing left to give.
        uses = {row.to_id for piece in agreement.from_ids for row in catalog.agreements_from[piece] if row.to_id}
        uses |= {parent for piece in agreement.from_ids for parent in catalog.named_by.get(piece, ())}
        generic = any(catalog.credentials[piece].generic for piece in agreement.from_ids)
        record = desk.learner(*(EarnedCredential(item) for item in sorted(uses - set(agreement.from_ids))), place="US-OH")
        goal = catalog.credentials[agreement.from_ids[0]].name
        shown = desk.ask(goal, record, k=50)
        assert generic or set(agreement.from_ids).isdisjoint(ids(shown))

    def test_what_can_be_claimed_is_claimed_and_not_earned_again(self, desk: Desk) -> None:
        units = [f"letrs-u{number}" for number in range(1, 9)]
        shown = desk.ask("reading and phonics", desk.learner(*units, place="US-OH"), "oh-reading-endorsement", k=50)
        claimable = {claim.to_id for claim in shown.claims if not claim.via}
        assert {step.action for step in shown.steps if step.credential.id in claimable} == {"claim"}

    def test_what_has_expired_may_be_recommended_to_renew(self, desk: Desk) -> None:
        lapsed = EarnedCredential("wa-para-ell", earned_on=ON.replace(year=2020), expires_on=ON.replace(year=2025))
        shown = desk.ask("support English learners as a paraeducator", desk.learner(lapsed, place="US-WA"), k=10)
        assert [step.action for step in shown.steps if step.credential.id == "wa-para-ell"] == ["renew"]


class TestEveryAnswer:
    def test_every_answer_warns_to_wait_for_written_approval(self, everyday: list[Recommendation]) -> None:
        assert all(AUTHORITY_WARNING in {fact.text for fact in answer.notes} for answer in everyday)

    def test_every_step_names_its_page_its_confidence_and_a_date(self, everyday: list[Recommendation]) -> None:
        for step in (step for answer in everyday for step in answer.steps):
            source = step.credential.source
            assert source.url.startswith("http")
            assert source.confidence in {"stated", "inferred"}
            assert source.date

    def test_every_step_has_a_reason(self, everyday: list[Recommendation]) -> None:
        assert all(step.reasons for answer in everyday for step in answer.steps)

    def test_a_step_without_a_study_of_effect_says_so(self, everyday: list[Recommendation], bundled: Catalog) -> None:
        for step in (step for answer in everyday for step in answer.steps):
            says_none = any(warning.kind == "no outcome study" for warning in step.warnings)
            assert says_none == (not effects_on(bundled, step.credential.id))

    def test_what_was_found_for_a_whole_or_an_approach_is_never_said_of_the_part(self, bundled: Catalog) -> None:
        unit = effects_on(bundled, "letrs-u1")
        assert any(finding.direction == "null" for finding in unit)
        assert all("of which this is a part" in finding.finding for finding in unit)
        assert any("in general" in finding.finding for finding in effects_on(bundled, "oga-associate"))

    def test_what_has_no_published_requirements_is_never_called_ready(
        self, everyday: list[Recommendation], bundled: Catalog
    ) -> None:
        granted = {"endorsement", "license", "degree", "certification"}
        for step in (step for answer in everyday for step in answer.steps):
            if step.credential.type in granted and not bundled.has_requirements(step.credential.id):
                assert step.ready != "yes"

    def test_an_authority_s_award_is_ready_only_when_its_list_is_met(self, desk: Desk, everyday: list[Recommendation]) -> None:
        for answer in everyday:
            for step in answer.steps:
                if step.credential.type in {"endorsement", "license"} and step.ready == "yes":
                    found = desk.audit(step.credential.id, answer.question.record)
                    assert found.composed_of is not None
                    assert found.composed_of.truth.name == "MET"
