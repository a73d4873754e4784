"""Which catalog credential a badge is (settled by id or its own issuer's alignment, else asked), and what it adds to a record."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.world import World
from pathways.badges.entities import Alignment, Badge, BadgeProblem, Result, Verdict
from pathways.badges.resolve import Index, earned, own_id, resolve, same_credential, same_issuer, superseded, why_not
from pathways.credential import Source
from pathways.recommendation.skills import skill_texts, with_skills
from pathways.record import EarnedCredential, LearnerRecord
from tests.builders import credential

CTID = "ce-98cb027b-95ef-4494-908d-6f7790ec6b6b"
PAGE = Source("https://www.Maker.example/coach/", "stated", "2026-11-21")
SHARED = Source("https://seller.example/list", "stated", "2026-11-21")
CATALOG = {
    item.id: item
    for item in (
        credential("coach", name="Reading Coach", issuer="Maker (now Maker+Other)", source=PAGE),
        credential("one", name="Item One", issuer="Maker", source=SHARED),
        credential("two", name="Item Two", issuer="Maker", source=SHARED),
        credential(CTID, name="Registered", issuer="Registry"),
        credential("same-a", name="Same Name", issuer="First College"),
        credential("same-b", name="Same Name", issuer="Second College"),
    )
}
INDEX = Index(CATALOG)
VALID = Verdict("valid", "valid", "verified", "none", "current")


def badge(**changes: Any) -> Badge:
    fields: dict[str, Any] = {"name": "Something Else", "issuer_name": "Maker", "issuer_id": "https://maker.example"}
    return Badge(**(fields | changes))


@pytest.mark.parametrize(
    "achievement_id",
    ["urn:pathways:credential:coach", "coach"],
)
def test_the_catalog_s_own_id_settles_it(achievement_id: str) -> None:
    found = resolve(badge(achievement_id=achievement_id, issuer_name="Anybody"), INDEX)
    assert (found.method, found.credential_id) == ("id", "coach")


def test_a_registry_s_address_is_its_id() -> None:
    address = f"https://credentialengineregistry.org/resources/{CTID}"
    assert resolve(badge(achievement_id=address), INDEX).credential_id == CTID
    assert resolve(badge(achievement_id=f"{address}-more"), INDEX).credential_id is None


@pytest.mark.parametrize(
    "alignment",
    [
        Alignment(target_code="coach"),
        Alignment(target_url="urn:pathways:credential:coach"),
        Alignment(target_url="http://maker.example/coach"),
    ],
)
def test_an_alignment_settles_it_only_where_the_issuer_is_the_catalog_s(alignment: Alignment) -> None:
    found = resolve(badge(alignments=(alignment,)), INDEX)
    assert (found.method, found.credential_id) == ("alignment", "coach")
    asked = resolve(badge(alignments=(alignment,), issuer_name="Anybody"), INDEX)
    assert (asked.method, asked.credential_id) == ("ask", None)
    assert [(one.id, one.score) for one in asked.candidates] == [("coach", 1.0)]


def test_its_own_page_settles_it_and_a_page_of_many_asks() -> None:
    assert resolve(badge(achievement_id="https://maker.example/coach"), INDEX).credential_id == "coach"
    asked = resolve(badge(achievement_id="https://seller.example/list"), INDEX)
    assert [(one.id, one.score) for one in asked.candidates] == [("one", 0.5), ("two", 0.5)]


def test_an_ambiguous_badge_asks() -> None:
    both = (Alignment(target_code="one"), Alignment(target_code="two"))
    assert resolve(badge(alignments=both), INDEX).method == "ask"
    named = resolve(badge(name="same NAME!", issuer_name="Second College"), INDEX)
    assert [(one.id, one.score) for one in named.candidates] == [("same-b", 1.0), ("same-a", 0.9)]


def test_text_comes_last_with_its_score_and_a_person_confirms() -> None:
    asked_for: list[str] = []

    def search(text: str) -> list[tuple[str, float]]:
        asked_for.append(text)
        return [("coach", 1.3), ("one", 0.5)]

    found = resolve(badge(description="Coaches."), INDEX, search)
    assert [(one.id, one.score) for one in found.candidates] == [("coach", 0.89), ("one", 0.5)]
    assert asked_for == ["Something Else. Coaches."]
    confirmed = resolve(badge(), INDEX, search, confirmed="one")
    assert (confirmed.method, confirmed.credential_id) == ("confirmed", "one")
    assert resolve(badge(), INDEX, search, confirmed="no such id").method == "ask"


def test_what_no_catalog_has_is_still_a_skill() -> None:
    held = badge(name="Robotics", description="x" * 900, achievement_type="MicroCredential", field_of_study="STEM")
    found = resolve(held, INDEX)
    assert (found.method, found.candidates) == ("none", ())
    assert resolve(badge(name=None), INDEX).method == "none"
    entry = earned(held, found, VALID)
    assert entry.id == own_id(held)
    assert entry.id.startswith("own:badge-")
    assert (entry.name, entry.type, entry.subject, entry.issuer) == ("Robotics", "micro-credential", "STEM", "Maker")
    assert len(entry.description or "") == 500
    assert skill_texts(LearnerRecord(achievements=(entry,)))[0].startswith("Robotics. xxx")


def test_a_cataloged_badge_becomes_the_credential_with_its_dates_and_grade() -> None:
    held = badge(
        achievement_id="coach", issued_on=datetime(2025, 1, 1, 23, tzinfo=UTC), expires_on=datetime(2027, 1, 1, tzinfo=UTC),
        results=(Result(value="93"), Result(type="LetterGrade", value="b+")),
    )  # fmt: skip
    entry = earned(held, resolve(held, INDEX), VALID, CATALOG["coach"].issuer)
    assert entry == EarnedCredential(
        "coach", earned_on=date(2025, 1, 1), expires_on=date(2027, 1, 1), grade="B+", verification="verified"
    )
    backward = badge(issued_on=held.expires_on, expires_on=held.issued_on)
    assert earned(backward, resolve(backward, INDEX), VALID).earned_on is None


@pytest.mark.parametrize(
    ("changes", "verdict", "expected"),
    [
        ({}, VALID, "verified"),
        ({"issuer_id": "did:key:z6Mk"}, VALID, "unverified"),
        ({"issuer_name": "Anybody"}, VALID, "unverified"),
        ({}, Verdict("valid", "valid", "unverified", "none", "current"), "unverified"),
        ({}, Verdict("unverified", "none", "unverified", "none", "current"), "unverified"),
    ],
)
def test_a_key_alone_never_makes_a_badge_verified(changes: dict[str, Any], verdict: Verdict, expected: str) -> None:
    held = badge(achievement_id="coach", **changes)
    assert earned(held, resolve(held, INDEX), verdict, CATALOG["coach"].issuer).verification == expected


SUSPENDED = BadgeProblem("suspended", "The badge is suspended.")


@pytest.mark.parametrize(
    ("held", "verdict", "expected"),
    [
        (badge(), VALID, None),
        (badge(), Verdict("unverified", "none", "unverified", "none", "current"), None),
        (badge(), Verdict("unsupported", "unsupported", "unverified", "none", "current"), None),
        (badge(), Verdict("unsupported", "unsupported", "unverified", "unknown", "current"), "its verdict is unsupported"),
        (badge(), Verdict("status_unknown", "valid", "verified", "unknown", "current"), "its verdict is status unknown"),
        (badge(), Verdict("invalid", "valid", "verified", "suspended", "current", (SUSPENDED,)), "The badge is suspended."),
        (None, VALID, "it names no achievement"),
        (badge(name=None), VALID, "it names no achievement"),
        (badge(results=(Result(status="Completed"), Result(status="Enrolled"))), VALID, "its result is Enrolled, not Completed"),
        (
            badge(results=(Result(value="D", required_value="C", allowed_values=("F", "D", "C")),)),
            VALID,
            "its result D is below the C that the achievement asks for",
        ),
        (badge(results=(Result(value="C", required_value="C", allowed_values=("F", "D", "C")),)), VALID, None),
        (badge(results=(Result(value="90", required_value="C", allowed_values=("D", "C")),)), VALID, None),
    ],
)
def test_only_a_sound_and_completed_badge_counts(held: Badge | None, verdict: Verdict, expected: str | None) -> None:
    assert why_not(held, verdict) == expected


def test_the_newer_copy_of_an_award_replaces_the_older() -> None:
    old = badge(credential_id="https://maker.example/c/%C3%A91 ".strip(), issued_on=datetime(2024, 1, 1, tzinfo=UTC))
    new = badge(credential_id="https://maker.example/c/\u00e91", issued_on=datetime(2025, 1, 1, tzinfo=UTC))
    assert same_credential(old) == same_credential(new)
    assert superseded([old, new, badge(), None]) == {0}
    assert superseded([new, old, badge(), old]) == {1, 3}
    assert superseded([new, new]) == {1}
    undated = badge(credential_id="https://maker.example/c/\u00e91")
    assert superseded([undated, new]) == {0}


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(2000, 2005)), max_size=6))
def test_of_each_award_exactly_one_copy_stays_and_it_is_the_newest(copies: list[tuple[str, int]]) -> None:
    badges = [badge(credential_id=f"urn:{name}", issued_on=datetime(year, 1, 1, tzinfo=UTC)) for name, year in copies]
    gone = superseded(badges)
    stay = [copies[place] for place in range(len(copies)) if place not in gone]
    assert sorted(name for name, _ in stay) == sorted({name for name, _ in copies})
    assert all(year == max(other for its, other in copies if its == name) for name, year in stay)


@pytest.mark.parametrize(
    ("stated", "cataloged", "expected"),
    [
        ("ISTE", "ISTE (now ISTE+ASCD)", True),
        ("The Maker of Badges, Inc.", "maker badges", True),
        ("Institute of Technology", "Institute of Reading", False),
        (None, "Maker", False),
        ("of the", "Maker", False),
    ],
)
def test_issuers_are_the_same_where_one_name_says_all_of_the_other(stated: str | None, cataloged: str, expected: bool) -> None:
    assert same_issuer(stated, cataloged) is expected


def test_skills_turn_a_goal_only_a_little(world: World) -> None:
    engine = world.engine
    goal = engine.encoder.encode(["what should I earn next"])[0]
    robotics = EarnedCredential("own:r", name="Robotics", description="Builds and programs robots with children.")
    record = LearnerRecord(achievements=(robotics, EarnedCredential("letrs-u1"), EarnedCredential("own:x"), robotics))
    turned = with_skills(goal, record, engine)
    skill = engine.encoder.encode(["Robotics. Builds and programs robots with children."])[0]
    assert float(turned @ goal) > 0.98
    assert float(turned @ skill) > float(goal @ skill)
    assert np.linalg.norm(turned) == pytest.approx(1, abs=1e-5)
    assert with_skills(goal, LearnerRecord(), engine) is goal
    assert skill_texts(LearnerRecord(achievements=(EarnedCredential("own:a", name="In progress", stage="applied"),))) == ()
