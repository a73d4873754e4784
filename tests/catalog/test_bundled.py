"""The catalog that comes with the product: whole, sourced, and structured as its README says."""

import csv
import hashlib
import re
from collections import Counter
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from pathways.articulation.agreements import CLOSING_KINDS
from pathways.articulation.policies import Policy
from pathways.catalog.check import check, summary
from pathways.catalog.entities import Catalog
from pathways.catalog.folder import bundled_folder
from pathways.catalog.load import COLUMNS, load
from pathways.credential import Select
from pathways.requirements.rules import Held, walk
from pathways.units import CreditValue


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load()


def rules(catalog: Catalog, state: str, kind: str) -> list[Policy]:
    here = [policy for policy in catalog.policies if policy.place.state == state and policy.place.institution is None]
    return [policy for policy in here if policy.kind == kind]


def test_it_has_no_problems(catalog: Catalog) -> None:
    assert check(catalog) == []


def test_every_fact_of_the_source_is_there(catalog: Catalog) -> None:
    counts = (len(catalog.credentials), len(catalog.requirements), len(catalog.agreements), len(catalog.findings))
    assert counts == (920, 259, 170, 62)


def test_every_policy_row_of_the_source_is_accounted_for() -> None:
    with (bundled_folder() / "policies.csv").open(encoding="utf-8", newline="") as file:
        rows = [int(line["source_row"]) for line in csv.DictReader(file)]
    assert sorted(set(rows)) == list(range(1, 258))
    assert rows == sorted(rows)


def test_what_is_not_known_is_counted_and_not_guessed(catalog: Catalog) -> None:
    found = summary(catalog)
    assert (found.without_requirements_by_type["endorsement"], found.without_requirements_by_type["degree"]) == (63, 47)
    assert (found.unknown_cost, found.unknown_hours) == (814, 784)
    assert found.generic == 25
    assert found.findings_of_effect == 27


def test_every_fact_has_an_address_a_date_and_a_row(catalog: Catalog) -> None:
    tables = (catalog.credentials.values(), catalog.requirements, catalog.agreements, catalog.policies, catalog.findings)
    sources = [row.source for table in tables for row in table]
    assert len(sources) == 920 + 259 + 170 + 279 + 62
    assert all(source.url.startswith("http") and source.date and source.row > 1 and source.file for source in sources)


def test_copies_of_pages_are_marked(catalog: Catalog) -> None:
    notes = {finding.source.note for finding in catalog.findings if "jioinstitute" in finding.source.url}
    assert notes == {"catalog record of a RAND report, not the report"}
    assert catalog.credentials["nea-mc-generic"].source.note == ""


def test_american_spelling_throughout() -> None:
    british = re.compile(r"\b(?:licence|programme|catalogue|behaviour|centre|enrolment|artefact)s?\b", re.IGNORECASE)
    for file in COLUMNS:
        text = re.sub(r"https?://\S+", "", (bundled_folder() / file).read_text(encoding="utf-8"))
        assert british.findall(text) == []


def test_generic_ids_stand_for_the_items_of_their_issuer(catalog: Catalog) -> None:
    assert "nea-mc-generic" in catalog.generics_of("nea-mc-trauma-1")
    assert catalog.generics_of("nea-stack-trauma") == ("nea-stack-generic",)
    assert catalog.generics_of("ut-mc-cccs") == ("ut-mc-generic",)
    assert catalog.credentials["mo-mlds-mc"].stands_for is None


def test_a_state_that_takes_any_college_says_so(catalog: Catalog) -> None:
    selections = {
        (row.credential_id, node.subject): node.open
        for row in catalog.requirements
        for node in walk(row.rule)
        if isinstance(node, Select) and node.type == "course"
    }
    assert len(selections) == 12
    assert all(selections.values())


def test_agreements_say_how_they_count(catalog: Catalog) -> None:
    by_pair = {(item.from_ids, item.to_id): item for item in catalog.agreements if item.to_id}
    posting = by_pair[("nea-mc-generic",), "augie-nea-credit"]
    assert (posting.mode, posting.fee_usd, posting.fee_per) == ("alternative", Decimal(50), "item")
    assert posting.credits == CreditValue(Fraction(1), "semester", "graduate")
    inside = by_pair[("augie-nea-credit",), "augie-med"]
    assert (inside.mode, inside.maximum, inside.credits) == ("contributes", True, CreditValue(Fraction(9), "semester", "graduate"))
    letrs = by_pair[("letrs-u1", "letrs-u2"), "walsh-edt650"]
    assert (letrs.approval_first, letrs.credits) == (True, None)
    wilson = by_pair[("wilson-wrs-l2",), "ceri-ds"]
    assert (wilson.effective_from, wilson.effective_until) == (date(2015, 1, 1), date(2027, 12, 31))
    assert by_pair[("mo-mlds-15",), "mo-career-admin"].mode == "contributes"


def test_only_agreements_that_close_something_have_a_mode(catalog: Catalog) -> None:
    for item in catalog.agreements:
        assert (item.mode is not None) == (item.kind in CLOSING_KINDS and item.to_id is not None)


def test_tennessee_can_be_computed(catalog: Catalog) -> None:
    load_rows = [policy for policy in rules(catalog, "US-TN", "renewal_load") if policy.computable]
    assert [(policy.load, policy.load_unit) for policy in load_rows] == [(Fraction(60), "PDP")]
    ways = [policy for policy in rules(catalog, "US-TN", "renewal_conversion") if policy.standing == "current"]
    factors = {policy.from_unit: policy.factor for policy in ways}
    assert factors == {"item": Fraction(6), "hour": Fraction(1), "semester": Fraction(10)}
    old = [policy for policy in catalog.policies if policy.standing == "superseded" and policy.place.state == "US-TN"]
    assert [policy.factor for policy in old] == [Fraction(5)]


def test_one_badge_alone_gives_no_points_in_massachusetts(catalog: Catalog) -> None:
    (row,) = rules(catalog, "US-MA", "renewal_conversion")
    assert (row.computable, row.factor, row.value) == (False, None, "2 badges = 10")


def test_pennsylvania_gives_hours_for_an_attained_badge(catalog: Catalog) -> None:
    ways = [policy for policy in rules(catalog, "US-PA", "renewal_conversion") if policy.computable and policy.from_unit == "item"]
    assert [(policy.factor, policy.category) for policy in ways] == [(Fraction(20), "attained")]
    assert [policy.load for policy in rules(catalog, "US-PA", "renewal_load")] == [Fraction(180)]


def test_rules_that_disagree_or_come_from_a_secondary_table_are_not_settled(catalog: Catalog) -> None:
    secondary = [policy for policy in catalog.policies if "secondary table" in policy.rule]
    assert {policy.standing for policy in secondary} == {"unverified", "superseded"}
    ten_years = [policy for policy in catalog.policies if policy.place.state == "US-VA" and policy.period_months == 120]
    assert sorted((policy.load or 0, policy.standing) for policy in ten_years) == [(270, "unverified"), (360, "unverified")]


def test_two_values_in_one_cell_became_rows_of_their_own(catalog: Catalog) -> None:
    florida = {policy.load_unit: policy.load for policy in rules(catalog, "US-FL", "renewal_load") if policy.category is None
               and policy.standing == "current"}  # fmt: skip
    assert florida == {"semester": Fraction(6), "in-service point": Fraction(120)}
    georgia = [policy for policy in rules(catalog, "US-GA", "renewal_load") if policy.standing == "current"]
    assert Counter(policy.load_unit for policy in georgia) == Counter(["semester", "PLU", "CEU", "clock hour"])


def test_a_district_binds_by_its_own_name(catalog: Catalog) -> None:
    (aurora,) = [policy for policy in catalog.policies if policy.place.district == "Aurora Public Schools"]
    assert (aurora.place.state, aurora.factor, aurora.to_unit) == ("US-CO", Fraction(10), "salary advancement hour")


def test_lipscomb_leaves_the_hours_of_its_research_course_unknown(catalog: Catalog) -> None:
    assert catalog.credentials["lipscomb-eg5083"].credits is None
    assert any(Held("lipscomb-eg5083") in walk(row.rule) for row in catalog.rows_by_credential["lipscomb-med-stackable"])


def test_the_readme_states_the_checksum_of_every_file() -> None:
    readme = (bundled_folder().parent / "README.md").read_text(encoding="utf-8")
    for file in COLUMNS:
        digest = hashlib.sha256((bundled_folder() / file).read_bytes()).hexdigest()
        assert f"| `{file}` |" in readme
        assert digest in readme


def test_counts_of_reach_are_no_effect(catalog: Catalog) -> None:
    reach = {"platform count", "program report", "survey and interviews", "press interview", "randomized trial (planned)"}
    assert not any(finding.shows_effect for finding in catalog.findings if finding.study_type in reach)
    trials = [finding for finding in catalog.findings if finding.study_type == "randomized controlled trial"]
    assert trials
    assert all(finding.shows_effect for finding in trials)
