"""The mapping of condition profiles and connections to requirements and agreements, line by line."""

from __future__ import annotations

from typing import Any

import pytest

from pathways.requirements.render import render
from tests.catalog.formats.graphs import (
    THINGS,
    codes,
    credit_value,
    ctid,
    only_rule,
    profile,
    read,
    resource,
    short,
    uri,
)


def required(*profiles: dict[str, Any], term: str = "requires", kind: str = "Certificate") -> str:
    """Text of what thing 1 requires by these profiles, beside things 2, 3, 4 and course 5."""
    return only_rule(
        read(resource(1, kind, **{term: list(profiles)}), *THINGS, resource(5, "Course", creditValue=[credit_value(3)]))
    )


PROFILES = [
    ("all that is listed is needed", profile(2, 3), "all(c2, c3)"),
    ("an alternative is another way", profile(2, alternativeCondition=[profile(3), profile(4)]), "any(c2, c3, c4)"),
    ("an alternative may have its own", profile(2, alternativeCondition=[profile(3, alternativeCondition=profile(4))]),
     "any(c2, any(c3, c4))"),
    ("credits from anywhere", profile(2, creditValue=credit_value(12)),
     "all(c2, credits(12 semester, select(type=course, open)))"),
    ("credits as a least value", profile(creditValue=[{"schema:minValue": "7.5", "schema:unitText": "QuarterHour"}]),
     "credits(7.5 quarter, select(type=course, open))"),
    ("credits from the listed courses", profile(targetLearningOpportunity=uri(5), creditValue=credit_value(3)),
     "all(c5, credits(3 semester, c5))"),
    ("credits at a level", profile(creditValue=credit_value(9, terms={"ceterms:creditLevelType":
     {"ceterms:targetNode": "audLevel:GraduateLevel"}})),
     "credits(9 semester graduate, select(type=course, open))"),
    ("the same demand in two units", profile(creditValue=[credit_value(10), credit_value(15, "QuarterHour")]),
     "any(credits(10 semester, select(type=course, open)), credits(15 quarter, select(type=course, open)))"),
    ("at most so many is for a person", profile(creditValue={"schema:maxValue": 6, "schema:unitText": "SemesterHour"}),
     'manual("at most 6 semester credits")'),
    ("older spelling of credits", profile(creditUnitValue=30, creditHourType={"en": "Semester Hours"}),
     "credits(30 semester, select(type=course, open))"),
    ("text conditions", profile(2, condition={"en": ["Be kind", "Be fair"]}), 'all(c2, manual("Be kind"), manual("Be fair"))'),
    ("years of experience", profile(yearsOfExperience=1), 'manual("1 year of experience")'),
    ("years and words", profile(yearsOfExperience="2.5", experience="teaching"), 'manual("2.5 years of experience: teaching")'),
    ("experience in words", profile(experience="some teaching"), 'manual("some teaching")'),
    ("an age", profile(minimumAge=21), 'manual("at least 21 years old")'),
    ("a residence", profile(residentOf=[{"@type": "ceterms:JurisdictionProfile", "ceterms:mainJurisdiction": {
        "@type": "ceterms:Place", "ceterms:addressRegion": "Ohio", "ceterms:addressCountry": "US"}}]),
        'manual("lives in Ohio, US")'),
    ("a residence as an address", profile(residentOf="place:1"), 'manual("lives in place:1")'),
    ("a residence without a name", profile(residentOf={"@type": "ceterms:JurisdictionProfile"}), 'manual("lives in a place")'),
    ("something handed in", profile(submissionOf="a portfolio"), 'manual("hands in: a portfolio")'),
    ("only prose", profile(description={"en-US": "Ask the dean"}), 'manual("Ask the dean")'),
    ("a competency by its alignment", profile(targetCompetency=[{"@type": "ceterms:CredentialAlignmentObject",
     "ceterms:targetNodeName": {"en": "Reads"}}]), 'manual("Reads")'),
    ("an object with an address", profile(targetCredential={"@id": uri(2), "@type": "ceterms:Badge"}), "c2"),
    ("an alignment that points at a thing of the file", profile(targetCompetency=[{"ceterms:targetNode": uri(3)}]), "c3"),
    ("the same thing twice", profile(2, targetAssessment=[uri(2)]), "c2"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "given", "text"), PROFILES, ids=[one[0] for one in PROFILES])
def test_a_condition_profile_becomes_a_requirement(said: str, given: dict[str, Any], text: str) -> None:
    """Each line of the mapping of profiles."""
    assert said
    assert required(given) == text


def test_what_a_condition_of_a_course_says_must_come_first() -> None:
    """A credential's requires completes it; a course's must be so before it starts, and so is every entry condition."""
    kinds = {}
    for kind, term in (("Certificate", "requires"), ("Course", "requires"), ("Badge", "entryCondition"), ("Badge", "corequisite")):
        (row,) = read(resource(1, kind, **{term: [profile(2)]}), *THINGS).requirements
        kinds[kind, term] = row.kind
    assert list(kinds.values()) == ["component", "prerequisite", "prerequisite", "corequisite"]


def test_several_profiles_are_all_needed_and_flagged_where_their_audiences_differ() -> None:
    """Publishers use profiles as alternatives too; where they name different audiences a person should look."""
    one, two = (profile(number, audienceType={"ceterms:targetNodeName": name}) for number, name in ((2, "New"), (3, "Returning")))
    imported = read(resource(1, requires=[one, two]), *THINGS)
    assert [render(row.rule) for row in imported.requirements] == [ctid(2), ctid(3)]
    assert "different-audiences" in codes(imported)
    assert "different-audiences" not in codes(read(resource(1, requires=[profile(2), profile(3)]), *THINGS))


def test_a_shared_manifest_is_needed_too() -> None:
    """Common conditions join the credential's own; their alternatives stay alternatives."""
    manifest = {
        "@type": "ceterms:ConditionManifest", "@id": uri(50), "ceterms:requires": [profile(3,
        alternativeCondition=[profile(4)])],
    }  # fmt: skip
    imported = read(resource(1, requires=[profile(2)], commonConditions=[uri(50)]), *THINGS, manifest)
    assert [short(render(row.rule)) for row in imported.requirements] == ["c2", "any(c3, c4)"]


def test_blank_nodes_are_followed() -> None:
    """Profiles, parts and organizations may stand elsewhere in the graph under names of the file's own."""
    blank = {"@type": "ceterms:ConditionProfile", "@id": "_:p", "ceterms:targetCredential": ["_:c"]}
    course = {"@type": "ceterms:Course", "@id": "_:c", "ceterms:name": "A course", "ceterms:ownedBy": "_:o"}
    owner = {"@type": "ceterms:Organization", "@id": "_:o", "ceterms:name": "Owner"}
    imported = read(resource(1, requires=["_:p"]), blank, course, owner)
    (row,) = imported.requirements
    (blank_course,) = [item for item in imported.credentials if item.type == "course"]
    assert render(row.rule) == blank_course.id
    assert blank_course.id.startswith("blank-")
    assert blank_course.issuer == "Owner"


CONNECTIONS = [
    ("recommends", "recommends", (2, 1)), ("isRecommendedFor", "recommends", (1, 2)), ("preparationFrom", "prepares_for", (2,
    1)),
    ("isPreparationFor", "prepares_for", (1, 2)), ("advancedStandingFrom", "applies_inside", (2, 1)),
    ("isAdvancedStandingFor", "applies_inside", (1, 2)), ("advancedStandingFor", "applies_inside", (1, 2)), ("renewal",
    "renewal", (2, 1)),
]  # fmt: skip


@pytest.mark.parametrize(("term", "kind", "ends"), CONNECTIONS)
def test_a_connection_is_an_agreement_that_never_blocks(term: str, kind: str, ends: tuple[int, int]) -> None:
    """Recommended, preparing, advanced standing, renewal: from one thing to another, with its words and credit."""
    connected = profile(2, condition="if done", creditValue=credit_value(3))
    imported = read({**resource(1), f"ceterms:{term}": [connected]}, *THINGS)
    (one,) = imported.agreements
    assert (one.kind, one.from_ids, one.to_id) == (kind, (ctid(ends[0]),), ctid(ends[1]))
    assert (one.conditions, str(one.credits)) == ("if done", "3 semester credits")
    assert not imported.requirements


def test_a_connection_may_be_an_address_or_lead_nowhere() -> None:
    """Plain addresses and referenced profiles connect too; one without a target is named."""
    blank = {"@type": "ceterms:ConditionProfile", "@id": "_:p", "ceterms:targetCredential": [uri(2), uri(1)]}
    imported = read(resource(1, recommends=[uri(3), {"@id": "_:p"}, profile(description="Nothing"), 7]), *THINGS, blank)
    assert [one.from_ids for one in imported.agreements] == [(ctid(3),), (ctid(2),)]
    assert "not-machine-checkable" in codes(imported)


def test_what_a_thing_is_required_for_requires_it() -> None:
    """The other way around: a badge required for a degree completes it, a course required for a course comes before it."""
    rows = read(resource(1, isRequiredFor=[profile(2), profile(targetLearningOpportunity=uri(5))]), *THINGS, resource(5, "Course"))
    assert [(row.credential_id, row.kind, render(row.rule)) for row in rows.requirements] == [
        (ctid(2), "component", ctid(1)),
        (ctid(5), "prerequisite", ctid(1)),
    ]
