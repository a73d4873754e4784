"""What may pass from a document into a badge: clean text, exact amounts, times in UTC, and nothing of the person."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways.badges.allow import MAX_CREDITS, Found, address, credit, listed, look, moment, name, parse_moment, words
from pathways.badges.read import read
from tests.badges.makers import assertion, badge, encoded, record_of
from tests.badges.samples import SAMPLES, needs_samples

#: Facts of a person that the formats have fields for, each with a mark that must never come out.
PERSONAL = {
    "givenName": "PLANTED-given", "familyName": "PLANTED-family", "familyNamePrefix": "PLANTED-prefix",
    "additionalName": "PLANTED-additional", "patronymicName": "PLANTED-patronymic", "honorificPrefix": "PLANTED-dr",
    "honorificSuffix": "PLANTED-jr", "dateOfBirth": "PLANTED-1990-01-01", "birthDate": "PLANTED-1990-01-02",
    "email": "PLANTED@school.example", "phone": "PLANTED-555-0100", "telephone": "PLANTED-555-0101",
    "address": {"streetAddress": "PLANTED 1 Main Street", "postalCode": "PLANTED-45387", "addressLocality": "PLANTED-town"},
    "gender": "PLANTED-gender", "ssn": "PLANTED-000-00-0000", "sourcedId": "PLANTED-sis-7", "studentId": "PLANTED-student-7",
    "licenseNumber": "PLANTED-license", "role": "PLANTED-role", "term": "PLANTED-term", "narrative": "PLANTED-narrative",
    "official": "PLANTED-official", "image": {"id": "https://x.example/PLANTED.png", "type": "Image", "caption": "PLANTED"},
    "identifier": [{"type": "IdentityObject", "identityHash": "PLANTED-hash", "identityType": "emailAddress", "hashed": False}],
    "otherIdentifier": [{"type": "IdentifierEntry", "identifier": "PLANTED-national", "identifierType": "nationalIdentityNumber"}],
    "source": {"id": "https://x.example/PLANTED", "type": ["Profile"], "name": "PLANTED-source"},
    "parentOrg": {"id": "https://x.example/PLANTED", "type": ["Profile"], "name": "PLANTED-parent"},
    "evidence": [{"id": "https://x.example/PLANTED", "type": ["Evidence"], "name": "PLANTED-evidence"}],
    "activityStartDate": "2010-01-01T00:00:00Z", "recipient": {"identity": "PLANTED-recipient", "type": "email"},
    "endorsement": [{"name": "PLANTED-endorsement"}], "creator": {"id": "https://x.example", "name": "PLANTED-creator"},
}  # fmt: skip
#: Fields of the published samples that name a person; what stands in them must never come out.
NAMING = {
    "email", "phone", "telephone", "givenName", "familyName", "familyNamePrefix", "additionalName", "patronymicName",
    "honorificPrefix",
    "honorificSuffix", "dateOfBirth", "birthDate", "streetAddress", "postOfficeBoxNumber", "identityHash", "identity", "salt",
    "licenseNumber", "official", "endorsementComment", "proofValue",
}  # fmt: skip


def kept_of(document: Any) -> str:
    [reading] = read(encoded(document), name="badge.json")
    return repr((reading.badge, [member.badge for member in reading.inner], reading.problems))


def planted_everywhere() -> Iterator[dict[str, Any]]:
    person = {**PERSONAL, "name": "PLANTED-person"}
    yield {**PERSONAL, **badge(subject=person), "name": "Degree for PLANTED-person", "description": "PLANTED-description"}
    yield badge(
        issuer={"id": "https://issuer.example", "type": ["Profile"], **PERSONAL, "name": "Issuer", "description": "PLANTED"}
    )
    yield badge(achievement=PERSONAL)
    yield badge(subject={"result": [{"type": ["Result"], **PERSONAL, "value": "A"}]})
    yield record_of(badge(subject=person), name="Transcript of PLANTED-person", **PERSONAL)
    yield {**assertion(), **PERSONAL, "narrative": "PLANTED-narrative"}
    issuer = {"type": "Issuer", "id": "https://issuer.example/i", "name": "Club", **PERSONAL}
    yield assertion(badge={**assertion()["badge"], "issuer": issuer, **PERSONAL})
    yield badge(achievement={"description": "Ask PLANTED@school.example or mailto:PLANTED", "criteria": "mailto:PLANTED@x.example"})
    yield badge(id="mailto:PLANTED@x.example", issuer={"id": "mailto:PLANTED@x.example", "name": "Issuer PLANTED@x.example"})
    yield badge(id="https://PLANTED@user.example/", achievement={"tag": ["PLANTED@x.example"], "humanCode": "PLANTED@x.example"})


@pytest.mark.parametrize("document", list(planted_everywhere()))
def test_nothing_of_a_person_leaves_the_file(document: dict[str, Any]) -> None:
    assert "PLANTED" in json.dumps(document)
    assert "PLANTED" not in kept_of(document)


def personal_values(value: Any, field: str = "") -> Iterator[str]:
    match value:
        case dict():
            for key, inner in value.items():
                yield from personal_values(inner, key)
        case list():
            for inner in value:
                yield from personal_values(inner, field)
        case str() if field in NAMING and len(value) > 2:
            yield value


@needs_samples
def test_nothing_of_a_person_leaves_the_published_samples() -> None:
    seen = 0
    for path in sorted(SAMPLES.rglob("*")):
        if path.suffix not in {".json", ".jwt", ".png", ".svg", ".1ob"} or "schema" in str(path):
            continue
        for reading in read(path.read_bytes(), name=path.name):
            for one in (reading, *reading.inner):
                kept = repr(one.badge)
                for value in personal_values(one.document):
                    seen += 1
                    assert value not in kept, (path.name, value)
    assert seen > 200


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Reading\u202e \u200bcoach\x07", "Reading coach"),
        ("e\u0301cole", "\u00e9cole"),
        (" two\n lines ", "two lines"),
        ({"en": "Coach", "es": "Asesora"}, "Coach"),
        ({"es": "Asesora"}, "Asesora"),
        ([{"@value": "Coach", "@language": "en"}, "Other"], "Coach"),
        ({"id": "https://x.example", "type": "Image"}, None),
        ([], None), ({}, None), (7, None), (None, None), ("", None), ("\u200b", None), ([[[["deep"]]]], None),
        ("call tel:+1-555-0100", "call [address removed]"),
    ],
)  # fmt: skip
def test_text_is_kept_clean(value: Any, expected: str | None) -> None:
    assert words(value) == expected
    assert len(name("x" * 10_000) or "") == 500


@given(st.text())
def test_kept_text_is_seen_on_one_line_in_one_form(text: str) -> None:
    kept = words(text) or ""
    assert kept == unicodedata.normalize("NFC", kept)
    assert not any(unicodedata.category(mark) in {"Cc", "Cf", "Cs"} for mark in kept)
    assert kept == " ".join(kept.split())
    assert words(kept) == (kept or None)


def test_look_alikes_are_flagged_and_stay_apart() -> None:
    found = Found()
    look("P\u0430ypal Coach", "name", found)
    look("Reading\u200b", "name", found)
    look("\u0427\u0442\u0435\u043d\u0438\u0435 Reading", "name", found)
    assert [(problem.code, problem.blocking) for problem in found.all()] == [
        ("mixed_alphabets", False), ("hidden_characters", False),
    ]  # fmt: skip
    assert words("P\u0430ypal") != words("Paypal")
    [reading] = read(encoded(badge(achievement={"name": "P\u0430ypal Coach"})), name="badge.json")
    assert [problem.code for problem in reading.problems] == ["mixed_alphabets"]


def test_amounts_are_exact() -> None:
    found = Found()
    tenth, fifth = credit(0.1, "credits", found), credit(0.2, "credits", found)
    assert tenth is not None
    assert fifth is not None
    assert tenth + fifth == Fraction(3, 10)
    assert credit("4.5", "credits", found) == Fraction(9, 2)
    assert credit(0, "credits", found) == 0
    assert found.all() == ()


@pytest.mark.parametrize("value", [1e308, "1e308", "1e999", -3, "-0.5", MAX_CREDITS + 1, True, "three", [3], {}, "1e-999999"])
def test_an_amount_out_of_range_is_flagged_and_left_out(value: Any) -> None:
    found = Found()
    assert credit(value, "creditsEarned", found) is None
    assert [(problem.code, problem.blocking) for problem in found.all()] == [("credits_out_of_range", False)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-02-29T23:59:59Z", datetime(2024, 2, 29, 23, 59, 59, tzinfo=UTC)),
        ("2024-02-29T23:59:59-05:00", datetime(2024, 3, 1, 4, 59, 59, tzinfo=UTC)),
        ("2024-03-01T05:45:00+05:45", datetime(2024, 3, 1, tzinfo=UTC)),
        ("2024-03-01T00:00:00.123456789Z", datetime(2024, 3, 1, 0, 0, 0, 123456, tzinfo=UTC)),
        ("2024-03-01t00:00:00z", datetime(2024, 3, 1, tzinfo=UTC)),
        ("2024-03-01", datetime(2024, 3, 1, tzinfo=UTC)),
        ("2023-02-29T00:00:00Z", None), ("2024-03-01T24:00:00Z", None), ("2024-03-01T00:00:60Z", None), ("20240301", None),
        ("2024-03-01T00:00:00+25:00", None), ("2024-03-01T00:00:00+05:99", None), ("0001-01-01T00:00:00+05:00", None),
        ("2024-W09-5", None), ("", None), (7, None), (None, None), ("2024-03-01T00:00:00 Z", None),
    ],
)  # fmt: skip
def test_a_time_is_read_exactly_or_not_at_all(text: Any, expected: datetime | None) -> None:
    assert parse_moment(text) == expected
    found = Found()
    assert moment(text, "validFrom", found) == expected
    assert (len(found.all()) == 1) == (expected is None and text is not None)


def test_addresses_and_lists() -> None:
    assert address({"@id": "urn:uuid:1"}) == "urn:uuid:1"
    assert address("https://x.example/" + "a" * 5000) is None
    assert listed(list(range(1000))) == list(range(500))
    assert (listed(None), listed(7)) == ([], [7])
