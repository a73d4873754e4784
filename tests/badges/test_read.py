"""What is read of a badge file, whatever it came in; and what is refused with a reason instead of a crash."""

from __future__ import annotations

import hashlib
from dataclasses import fields
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

import pytest

from pathways.badges.entities import Alignment, Association, Badge, Reading, Result
from pathways.badges.read import MAX_ARRAY, MAX_DOCUMENT, MAX_DRAWING, MAX_PICTURE, read
from tests.badges.makers import V2, assertion, badge, baked, encoded, in_svg, png, record_of, svg, text_chunk, token
from tests.badges.samples import SAMPLES, needs_samples


def one(data: bytes) -> Reading:
    [reading] = read(data, name="folder/file")
    return reading


def codes(reading: Reading) -> list[str]:
    return [problem.code for problem in reading.problems]


def test_a_badge_says_the_same_in_every_form_it_comes_in() -> None:
    """As JSON, in an array, as a token in both shapes, and baked into PNG and SVG: one badge, and each form is named."""
    document = badge()
    claims = {"iss": document["issuer"]["id"], "sub": "did:example:learner", "jti": document["id"]}
    forms = {
        ("ob3-json", "json"): encoded(document),
        ("ob3-json", "json-array member"): encoded([document]),
        ("ob3-jwt", "jwt"): token({"vc": document, **claims}).encode(),
        ("ob3-json", "png"): baked(document),
        ("ob3-jwt", "png"): baked(token({**document, **claims})),
        ("ob3-json", "svg"): svg(in_svg(document)),
        ("ob3-jwt", "svg"): svg(f'<openbadges:credential verify="{token({**document, **claims})}"/>'),
    }
    for (form, carrier), data in forms.items():
        reading = one(data)
        assert (reading.format, reading.carrier, codes(reading)) == (form, carrier, [])
        assert reading.badge == one(encoded(document)).badge
        assert reading.document == document
        assert (reading.token is None) == (form == "ob3-json")


def test_everything_a_pathway_needs_is_kept() -> None:
    document = badge(
        validUntil="2027-03-01T00:00:00+01:00",
        achievement={
            "achievementType": "MicroCredential", "creditsAvailable": 0.1, "humanCode": "RC-1", "fieldOfStudy": "Reading",
            "inLanguage": "en", "version": "2", "tag": ["coach", "coach", "reading"],
            "alignment": [
                {"type": ["Alignment"], "targetUrl": "https://a.example/c1", "targetName": "C1", "targetCode": "1",
                 "targetFramework": "F", "targetType": "CFItem"},
                {"targetUrl": "no address"},
            ],
            "resultDescription": [
                {"id": "urn:r:1", "type": ["ResultDescription"], "name": "Grade", "resultType": "LetterGrade",
                 "allowedValue": ["F", "B", "A"], "requiredValue": "B"},
                {"id": "urn:r:2", "resultType": "RubricCriterionLevel", "requiredLevel": "urn:l:1",
                 "rubricCriterionLevel": [{"id": "urn:l:1", "name": "Proficient"}]},
            ],
        },
        subject={
            "creditsEarned": "0.2",
            "result": [
                {"type": ["Result"], "resultDescription": "urn:r:1", "value": "A", "status": "Completed"},
                {"type": ["Result"], "resultDescription": "urn:r:2", "achievedLevel": "urn:l:1", "value": 3},
                {"type": ["Result"], "achievedLevel": "https://a.example/level/9", "value": True},
            ],
        },
    )  # fmt: skip
    kept = one(encoded(document)).badge
    assert kept == Badge(
        achievement_id="https://issuer.example/achievements/1", name="Reading Coach", description="Coaches teachers of reading.",
        criteria="Coach for a year.", achievement_type="MicroCredential", issuer_id="https://issuer.example/profile",
        issuer_name="Issuer", alignments=(Alignment("https://a.example/c1", "C1", "1", "F", "CFItem"),), tags=("coach", "reading"),
        credits_available=Fraction(1, 10), credits_earned=Fraction(1, 5), human_code="RC-1", field_of_study="Reading",
        language="en", version="2",
        results=(
            Result("LetterGrade", "Grade", "A", None, "Completed", "B", ("F", "B", "A")),
            Result("RubricCriterionLevel", None, "3", "Proficient", None, "Proficient"),
            Result(achieved_level="https://a.example/level/9"),
        ),
        issued_on=datetime(2025, 3, 1, tzinfo=UTC), expires_on=datetime(2027, 2, 28, 23, tzinfo=UTC),
        credential_id="https://issuer.example/credentials/1",
    )  # fmt: skip


def test_the_fields_of_a_badge_are_these_and_no_other() -> None:
    """The list is the promise of what a badge file can leave behind. A new field is a decision, seen here."""
    assert [field.name for field in fields(Badge)] == [
        "achievement_id", "name", "description", "criteria", "achievement_type", "issuer_id", "issuer_name", "alignments", "tags",
        "credits_available", "credits_earned", "human_code", "field_of_study", "language", "version", "results", "issued_on",
        "expires_on", "credential_id", "associations",
    ]  # fmt: skip


def test_an_older_badge_reads_like_a_newer_one() -> None:
    kept = one(encoded(assertion(expires="2024-02-29"))).badge
    assert kept is not None
    assert (kept.name, kept.criteria, kept.tags, kept.issuer_name) == ("Robotics", "Build one.", ("robots",), "Club")
    assert (kept.credential_id, kept.achievement_id) == ("https://issuer.example/a/1", "https://issuer.example/b/1")
    assert (kept.issued_on, kept.expires_on) == (datetime(2020, 1, 1, tzinfo=UTC), datetime(2024, 2, 29, tzinfo=UTC))
    assert one(token(assertion(id="urn:uuid:1")).encode()).format == "ob2-signed"
    by_page = one(encoded(assertion(badge={**assertion()["badge"], "criteria": "https://issuer.example/how"})))
    assert by_page.badge is not None
    assert by_page.badge.criteria == "https://issuer.example/how"


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (assertion(recipient=...), "recipient_missing"),
        (assertion(badge=...), "badge_missing"),
        (assertion(verification=...), "verification_missing"),
        (assertion(issuedOn=...), "issued_on_missing"),
        (assertion(issuedOn="yesterday"), "date_unreadable"),
        (assertion(id=7), "id"),
        (assertion(type="Award"), "type"),
        (assertion(type=[]), "type"),
        (assertion(recipient=[{"type": "email"}, {"type": "email"}]), "recipient_missing"),
        ({"uid": "1", "verify": {"type": "hosted"}, "recipient": {}, "badge": "https://b.example"}, "open_badges_1"),
        ({"hello": "world"}, "unknown_document"),
    ],
)
def test_an_older_badge_without_its_parts_says_which(document: dict[str, Any], code: str) -> None:
    assert code in codes(one(encoded(document)))


def test_a_badge_class_or_an_issuer_alone_is_no_award() -> None:
    reading = one(encoded(assertion()["badge"]))
    assert [(problem.code, problem.blocking) for problem in reading.problems] == [("not_an_award", False)]
    assert reading.badge is not None
    assert (reading.badge.name, reading.badge.issued_on, reading.badge.credential_id) == ("Robotics", None, None)


def test_each_member_of_an_array_stands_for_itself() -> None:
    members = read(encoded([badge(), token(badge()), 7, "no token", badge(issuer=...)]), name="list.json")
    assert [(member.format, codes(member)) for member in members] == [
        ("ob3-json", []), ("ob3-jwt", []), ("unknown", ["member"]), ("unknown", ["token_parts"]), ("ob3-json", ["issuer_missing"]),
    ]  # fmt: skip
    assert len({member.sha256 for member in members}) == 5


def test_a_learner_record_with_members_of_every_kind() -> None:
    envelope = {"id": f"data:application/vc+jwt,{token(badge())}", "type": "EnvelopedVerifiableCredential"}
    document = record_of(badge(), token(badge()), envelope, 7)
    document["credentialSubject"]["association"] = [
        {"associationType": "isParentOf", "sourceId": "urn:a", "targetId": "urn:b"},
        {"associationType": "ext:mentors", "sourceId": "urn:b", "targetId": "urn:c"},
        {"associationType": "isParentOf", "sourceId": "urn:a"},
    ]
    reading = one(encoded(document))
    assert [(member.format, member.carrier) for member in reading.inner] == [
        ("ob3-json", "json"), ("ob3-jwt", "jwt"), ("ob3-jwt", "jwt"),
    ]  # fmt: skip
    assert codes(reading) == ["member"]
    assert reading.badge is not None
    assert reading.badge.name is None
    assert reading.badge.associations == (Association("isParentOf", "urn:a", "urn:b"), Association("isRelatedTo", "urn:b", "urn:c"))
    assert one(token(record_of(badge())).encode()).format == "clr2-jwt"


def test_learner_records_end() -> None:
    """Empty, inside one another without end, or with more members than anybody earned."""
    assert codes(one(encoded(record_of()))) == ["empty_record"]
    many = one(encoded(record_of(*range(501))))
    assert (codes(many)[0], len(many.inner)) == ("too_many", 0)
    nested: dict[str, Any] = badge()
    for _ in range(4):
        nested = record_of(nested)
    reading = one(encoded(nested))
    depth = 0
    while reading.inner:
        reading, depth = reading.inner[0], depth + 1
    assert (depth, codes(reading)) == (2, ["too_deep"])


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"[]", "empty"),
        (b"Dear registrar", "unknown_form"),
        (b"a.b", "unknown_form"),
        (b"\xff\xfe{\x00}\x00", "unknown_form"),
        (b'{"a": "\xff"}', "not_utf8"),
        ('{"id": 1}'.encode("utf-16-le"), "not_json"),
        (b'{"a": 1', "not_json"),
        (b'{"a": 1, "a": 2}', "repeated_field"),
        (b'{"a": NaN}', "number"),
        (b'{"a": -Infinity}', "number"),
        (b'{"a": 1e999}', "number"),
        (b'{"a": ' + b"9" * 5000 + b"}", "number"),
        (b'{"a": 0.' + b"1" * 200 + b"}", "number"),
        (b'{"a": "\\ud800"}', "surrogate"),
        (b'{"\\udfff": 1}', "surrogate"),
        (b'{"a":' * 20_000 + b"1" + b"}" * 20_000, "too_deep"),
        (b"[" * 20_000 + b"]" * 20_000, "too_deep"),
        (b'{"a":' * 101 + b"1" + b"}" * 101, "too_deep"),
        (b'{"a": "' + b"x" * MAX_DOCUMENT + b'"}', "too_large"),
        (b"[" + b" " * MAX_ARRAY + b"]", "too_large"),
        (encoded([0] * 501), "too_many"),
        (png() + b"x" * MAX_PICTURE, "too_large"),
        (svg("") + b" " * MAX_DRAWING, "too_large"),
        (baked("not a badge"), "unknown_form"),
        (baked("{}"), "unknown_document"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_why(data: bytes, code: str) -> None:
    reading = one(data)
    assert codes(reading) == [code]
    assert (reading.format, reading.badge) == ("unknown", None)
    assert all(problem.blocking and problem.text.endswith(".") for problem in reading.problems)


def test_a_member_that_is_too_long_is_named_and_the_others_are_read() -> None:
    long = badge(achievement={"description": "x" * MAX_DOCUMENT})
    assert [codes(member) for member in read(encoded([long, badge()]), name="list.json")] == [["too_large"], []]


def test_a_badge_is_known_by_the_hash_of_its_own_text() -> None:
    """A file and the same text baked into a picture are one credential; white space around it is the file's."""
    data = encoded(badge())
    assert one(data).sha256 == one(baked(badge())).sha256 == hashlib.sha256(data).hexdigest()
    assert one(b"\xef\xbb\xbf" + data).document == badge()


def test_a_verifiable_credential_that_is_no_badge_is_named_as_such() -> None:
    document = {**badge(), "@context": [V2], "type": ["VerifiableCredential"], "credentialSubject": {"alumniOf": "A school"}}
    reading = one(encoded(document))
    assert (reading.format, reading.badge, codes(reading)) == ("vc-json", None, ["not_a_badge"])
    assert one(token(document).encode()).format == "vc-jwt"


def test_an_endorsement_is_no_achievement_of_the_endorsed() -> None:
    subject = {
        "id": "https://issuer.example/profile",
        "type": ["EndorsementSubject"],
        "endorsementComment": "Good",
        "achievement": {},
    }
    document = badge(type=["VerifiableCredential", "EndorsementCredential"], credentialSubject=subject)
    reading = one(encoded(document))
    assert (reading.format, codes(reading)) == ("ob3-json", [])
    assert reading.badge is not None
    assert reading.badge.name is None


@needs_samples
def test_the_published_samples_read_as_their_folders_say() -> None:
    formats = {"ob3-dcc": "ob3-json", "made/ob3": "ob3-", "clr2": "clr2-", "made/clr2": "clr2-"}
    for folder, form in formats.items():
        for path in sorted((SAMPLES / folder).iterdir()):
            if path.suffix in {".json", ".jwt"} and path.name != "manifest.json":
                reading = one(path.read_bytes())
                assert reading.format.startswith(form), path.name
                assert not any(problem.blocking for problem in reading.problems), path.name


def test_a_text_chunk_of_another_program_is_no_badge() -> None:
    assert codes(one(png(text_chunk(b"{}", b"comment")))) == ["nothing_baked"]
