"""What else a CTDL file says: records, competencies, texts, spellings; what is not read is named."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from pathways.catalog.formats.imported import ImportRejectedError
from pathways.catalog.formats.read import read_json
from pathways.catalog.formats.terms import CONTEXT, local
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


def test_old_and_bare_spellings_and_other_schemes_are_read_alike() -> None:
    """Unprefixed terms, full addresses, http contexts, single values and texts for lists: one meaning."""
    old = {
        "@context": "http://credreg.net/ctdl/schema/context/json",
        "@graph": {"@type": "CredentialComponent", "@id": uri(1), "name": "Goal", "ceasn:hasCondition": {
            "@type": "ComponentCondition", "requiredNumber": "1",
            "https://purl.org/ctdl/terms/targetComponent": {"@list": [uri(2).replace("https", "http"), uri(3)]}}},
    }  # fmt: skip
    parts = [{"@type": "CourseComponent", "@id": uri(number), "ceterms:name": f"Part {number}"} for number in (2, 3)]
    whole = [
        old,
        *parts,
        {"decoded_resource": {"@type": "ceterms:Badge", "@id": uri(4), "name": "B"}, "envelope_type": "resource_data"},
    ]
    imported = read_json(whole)
    assert only_rule(imported) == "any(c2, c3)"
    assert {short(item.id) for item in imported.credentials} == {"c1", "c2", "c3", "c4"}
    assert local("https://purl.org/other/terms/x") == "https://purl.org/other/terms/x"
    assert local("https://purl.org/ctdl/terms/") == "https://purl.org/ctdl/terms/"


def test_competencies_come_with_framework_parents_codes_and_alignments() -> None:
    """CTDL-ASN in: what a learner may show."""
    framework = {
        "@type": "ceasn:CompetencyFramework",
        "@id": "urn:f",
        "ceasn:name": {"en": "Standards"},
        "ceasn:hasTopChild": ["urn:a"],
    }
    one = {
        "@type": "ceasn:Competency", "@id": "urn:a", "ceasn:competencyText": {"en": "Reads aloud"},
        "ceasn:codedNotation": "R.1",
        "ceasn:isPartOf": ["urn:f"], "ceasn:isChildOf": ["urn:p"], "ceasn:exactAlignment": ["urn:x"],
        "ceasn:broadAlignment": "urn:y",
    }  # fmt: skip
    badge = resource(1, "Badge", teaches=[{"ceterms:targetNode": "urn:a", "ceterms:targetNodeName": "Reads",
        "ceterms:weight": 0.5}],
                     assesses=["urn:a", 5], requires=[profile(targetCompetency=["urn:a"])], hasPart=[uri(2),
                     uri(9)])  # fmt: skip
    imported = read(
        framework, one, badge, resource(2), {"@type": "ceasn:Competency", "ceterms:ctid": "ce-1"}, {"@type": "Competency"}
    )
    first = imported.competencies[0]
    assert (first.id, first.name, first.framework, first.codes, first.parents) == (
        "urn:a",
        "Reads aloud",
        "Standards",
        ("R.1",),
        ("urn:p",),
    )
    assert [(link.kind, link.target) for link in first.alignments] == [("exact", "urn:x"), ("broad", "urn:y")]
    assert imported.credentials[0].competencies == ("Reads", "Reads aloud")
    kinds = {(link.kind, link.target, link.weight) for link in imported.links}
    assert {("teaches", "urn:a", "0.5"), ("requires", "urn:a", ""), ("assesses", "urn:a", "")} <= kinds
    assert any(link.kind == "part_of" for link in imported.links)
    assert 'manual("shows the competency \\"Reads aloud\\"")' in [render(row.rule) for row in imported.requirements]


def test_a_credential_keeps_what_its_record_says() -> None:
    """Status, level, price, hours, renewal and dates, each only where the file states it plainly."""
    full = resource(
        1, "OpenBadge", description="A badge", subjectWebpage="https://example.org/b", ownedBy=["_:x", "_:y"],
        credentialStatusType={"ceterms:targetNode": "credentialStat:Active"},
        audienceLevelType=[{"ceterms:targetNode": "audLevel:Masters"}],
        subject=[{"ceterms:targetNodeName": "Reading"}, "Writing"], estimatedCost=[{"ceterms:price": 12.5,
        "ceterms:currency": "USD"}],
        estimatedDuration=[{"ceterms:exactDuration": "PT40H"}], renewalFrequency="P2Y6M", dateEffective="2024-01-01",
        expirationDate="2030-12-31", dateModified="2024-05-05T10:00:00", creditValue=[credit_value("1.5"), credit_value(2)],
    )  # fmt: skip
    owners = [{"@type": "ceterms:Organization", "@id": f"_:{one}", "ceterms:name": one.upper()} for one in "xy"]
    imported = read(full, *owners)
    (item,) = imported.credentials
    assert (item.type, item.status, item.level, item.issuer, item.subject) == (
        "badge",
        "active",
        "graduate",
        "X",
        "Reading; Writing",
    )
    assert (item.cost_usd, item.hours, item.validity_months) == (Decimal("12.5"), Fraction(40), 30)
    assert (str(item.offer_from), str(item.offer_until), item.source.date) == ("2024-01-01", "2030-12-31", "2024-05-05")
    assert str(item.credits) == "1.5 graduate semester credits"
    assert "only-first-kept" in codes(imported)


def test_what_a_record_says_unclearly_stays_unknown() -> None:
    """Two prices, a duration in weeks, an impossible day or level: named, never guessed."""
    vague = resource(
        1, estimatedCost=[{"ceterms:price": 1, "ceterms:currency": "EUR"}, "free"], estimatedDuration=["P2W"],
        renewalFrequency="P1W",
        dateEffective="2024-13-01", expirationDate="soon", audienceLevelType=["audLevel:GraduateLevel",
        "audLevel:BachelorsDegreeLevel"],
        credentialStatusType="credentialStat:Ceased", creditValue=["three", {"schema:description": "some"},
        {"schema:value": 2}],
        ownedBy=[7], teaches=[{"ceterms:targetNodeName": "T"}], offeredBy=[{"@type": "ceterms:Organization",
        "@id": "https://e.org/1"}],
    )  # fmt: skip
    imported = read(vague)
    (item,) = imported.credentials
    assert (item.cost_usd, item.hours, item.validity_months, item.offer_from, item.level) == (None, None, None, None, None)
    assert (item.status, item.issuer, str(item.credits)) == ("retired", "https://e.org/1", "2 credits")
    assert {"not-a-day", "not-an-amount", "unit-unknown", "unread-property"} <= codes(imported)
    later = read(
        resource(1, dateEffective="2025-01-01", expirationDate="2024-01-01", audienceLevelType="audLevel:ProfessionalLevel")
    )
    assert (later.credentials[0].offer_until, later.credentials[0].level) == (None, "professional-development")
    assert read(resource(1, audienceLevelType="audLevel:Advanced")).credentials[0].level is None


def test_texts_are_read_in_english_or_in_the_first_language() -> None:
    """Language maps, plain texts, values with a language, numbers; what is left out is named."""
    texts: list[tuple[Any, str]] = [
        ({"de": "Eins", "en": "One"}, "One"), ({"de": "Eins"}, "Eins"), ("Plain", "Plain"), ({"@value": "V",
        "@language": "en"}, "V"),
        (["First", "Second"], "First"), (7, "7"), ({"en": ["A", "B"]}, "A"),
    ]  # fmt: skip
    for given, text in texts:
        node = resource(1)
        node["ceterms:name"] = given
        assert read(node).credentials[0].name == text
    for strange in ({"en": 5}, {}, True, [[["deep"]]]):
        node = resource(1)
        node["ceterms:name"] = strange
        assert read(node).credentials[0].name in (ctid(1), "deep")


def test_everything_that_is_not_read_is_named_with_its_place() -> None:
    """A property, a class, a wrapping: nothing is dropped in silence."""
    odd = resource(1, image="https://example.org/i.png", empty=[], requires=[profile(2, weight=0.5, jurisdiction=[{}])])
    wrapped = {
        "@context": CONTEXT,
        "@graph": [odd, *THINGS, {"@type": "ceterms:Place"}, {"x": 1}],
        "extra": 1,
        "envelope_version": "1",
    }
    found = {(one.code, one.place) for one in read_json(wrapped).warnings}
    assert found == {
        ("unread-property", "$['@graph'][0]['ceterms:image']"), ("unread-property",
        "$['@graph'][0]['ceterms:requires'][0]['ceterms:weight']"),
        ("unread-property", "$['@graph'][0]['ceterms:requires'][0]['ceterms:jurisdiction']"), ("unread-class",
        "$['@graph'][4]"),
        ("unread-class", "$['@graph'][5]"), ("unread-property", "$.extra"),
    }  # fmt: skip


def test_many_warnings_of_one_kind_are_counted() -> None:
    """A registry's export would fill pages with the same word: fifty places, then a number."""
    many = read(*(resource(number, image="x") for number in range(1, 91)))
    assert len(many.warnings) == 51
    assert str(many.warnings[-1]) == "$: Certificate ceterms:image is not read: 40 more places"


def test_other_resources_are_known_and_twice_described_ones_named() -> None:
    """Organizations, sets of pathways and intermediaries are no credentials; the first description counts."""
    imported = read(
        resource(1), {**resource(1), "ceterms:name": "Again"}, resource(3, "CredentialOrganization"), resource(4, "PathwaySet"),
        resource(5, "TransferIntermediary"), resource(6, "Pathway"), resource(7, requires=[profile(3)]),
        resource(8, "Badge", requires=[profile(targetCredential=[{"@type": "ceterms:Badge"}, 5,
        {"ceterms:name": "Named only"}])]),
    )  # fmt: skip
    assert [item.name for item in imported.credentials] == ["Thing 1", "Thing 7", "Thing 8"]
    assert {"same-resource-twice", "no-destination", "not-a-reference"} <= codes(imported)
    assert [render(row.rule) for row in imported.requirements] == ['manual("Thing 3")', 'manual("Named only")']


def test_things_elsewhere_get_a_stand_in_with_what_the_file_says_of_them() -> None:
    """A target outside the file may be in the catalog already: it is named, typed where the file says so, and marked."""
    targets = [{"@id": "https://example.org/courses/Intro 1", "@type": "ceterms:Course", "ceterms:name": "Intro"}, "urn:x", "urn:x"]
    imported = read(resource(1, requires=[profile(targetCredential=targets)]))
    intro, other = (item for item in imported.credentials if item.id in imported.elsewhere)
    assert (intro.name, intro.type, intro.source.confidence, intro.status) == ("Intro", "course", "unknown", "unknown")
    assert intro.id.startswith("Intro-1-")
    assert (other.id, other.source.url) == ("urn:x", "")
    assert "condition-elsewhere" in codes(read(resource(1, requires=["https://example.org/condition"])))


def test_references_to_what_is_no_thing_are_named_and_harmless() -> None:
    """An organization before a course, a number for an address, a part that is empty: a word for each, no requirement."""
    odd = resource(
        1, "CourseComponent", prerequisite=[uri(3), 5], precededBy=uri(3), precedes=[uri(3)], hasChild=[uri(2), uri(3)],
        proxyFor=[5], isPartOf=[uri(2)], credentialType="ceterms:Unheard", hasPart=[{"@id": ""}, {}], hasCondition=[uri(2)],
        isRequiredFor=[uri(3)], subject=[5],
    )  # fmt: skip
    organization = resource(3, "CredentialOrganization")
    with pytest.raises(ImportRejectedError, match="is not a condition of this file"):
        read(odd, resource(2), organization)
    del odd["ceterms:hasCondition"]
    imported = read(odd, resource(2), organization)
    assert [render(row.rule) for row in imported.requirements] == ['manual("Thing 3")']
    assert [(link.kind, link.source) for link in imported.links] == [("part_of", ctid(2))]
    assert "not-a-reference" in codes(imported)


def test_units_of_the_field_without_a_conversion_keep_their_name() -> None:
    """A certificate credit is no degree credit: it is named, and never converted."""
    imported = read(resource(1, creditValue=[credit_value(3, "CertificateCredit")]))
    assert str(imported.credentials[0].credits) == "3 certificate credits"
    assert "unit-unknown" in codes(imported)


def test_a_condition_that_nothing_refers_to_is_named() -> None:
    """A profile that stands alone in the graph belongs to nobody; one that is referred to does not need a word."""
    blank = {"@type": "ceterms:ConditionProfile", "@id": "_:p", "ceterms:targetCredential": [uri(2)]}
    alone = read(resource(1), resource(2), blank)
    assert [(one.code, one.place) for one in alone.warnings] == [("unread-class", "$['@graph'][2]")]
    for term in ("requires", "recommends"):
        assert not read({**resource(1), f"ceterms:{term}": ["_:p"]}, resource(2), blank).warnings
