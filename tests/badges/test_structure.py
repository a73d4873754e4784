"""A credential that lacks a part it must have says which, whatever its signature says."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pathways.badges.allow import Found
from pathways.badges.read import read
from pathways.badges.read_structure import check_credential
from tests.badges.makers import OB3, V2, badge, encoded
from tests.badges.samples import SAMPLES, needs_samples

V1 = "https://www.w3.org/2018/credentials/v1"


def codes(document: Any) -> list[str]:
    [reading] = read(encoded(document), name="badge.json")
    return [problem.code for problem in reading.problems]


def subject(**changes: Any) -> dict[str, Any]:
    whole: dict[str, Any] = badge()["credentialSubject"]
    return whole | changes


def achievement(**changes: Any) -> dict[str, Any]:
    whole = subject()["achievement"] | changes
    return subject(achievement={key: value for key, value in whole.items() if value is not ...})


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"@context": [V1, OB3]}, ["old_context"]),
        ({"@context": ...}, ["context"]),
        ({"@context": [OB3, V2]}, ["context"]),
        ({"@context": [V2, OB3, 7]}, ["context"]),
        ({"type": ["OpenBadgeCredential"]}, ["type"]),
        ({"type": ["VerifiableCredential", "OpenBadgeCredential", 7]}, ["type"]),
        ({"type": ["VerifiableCredential", "OtherCredential"]}, ["type"]),
        ({"id": ...}, []),
        ({"id": ["https://a.example", "https://b.example"]}, ["id"]),
        ({"id": "https ://a.example"}, ["id"]),
        ({"id": "_:b0"}, ["id"]),
        ({"issuer": ...}, ["issuer_missing"]),
        ({"issuer": None}, ["issuer_missing"]),
        ({"issuer": "https://issuer.example"}, []),
        ({"issuer": "fake issuer"}, ["issuer"]),
        ({"issuer": {"name": "Nobody"}}, ["issuer"]),
        ({"issuer": {"id": "https://i.example", "name": {"@value": "I", "url": "https://i.example"}}}, ["language_value"]),
        ({"credentialSubject": ...}, ["subject_missing"]),
        ({"credentialSubject": {}}, ["subject_missing", "subject_type", "no_achievement"]),
        ({"credentialSubject": [subject(), 7]}, ["subject_missing"]),
        ({"credentialSubject": [subject(), subject()]}, ["several_subjects"]),
        ({"credentialSubject": subject(id=["did:example:1"])}, ["subject"]),
        ({"credentialSubject": subject(type=["Learner"])}, ["subject_type"]),
        ({"credentialSubject": subject(achievement=None)}, ["no_achievement"]),
        ({"credentialSubject": achievement(id="robotics")}, ["achievement_id"]),
        ({"credentialSubject": achievement(name=" ")}, ["achievement_name"]),
        ({"credentialSubject": achievement(name=...)}, ["achievement_name"]),
        ({"credentialSubject": achievement(type="Badge")}, ["achievement_type"]),
        ({"credentialSubject": subject(achievement=[subject()["achievement"]] * 2)}, ["several_achievements"]),
        ({"proof": {}}, ["part_type"]),
        ({"proof": "signed"}, ["part_type"]),
        ({"evidence": [{"type": "Evidence"}, {"type": ""}]}, ["part_type"]),
        ({"evidence": {"type": "Evidence", "id": "page 7"}}, []),
        ({"credentialStatus": {"type": 2, "id": "https://s.example"}}, ["part_type"]),
        ({"credentialStatus": {"type": "T", "id": ["https://s.example"]}}, ["part_id"]),
        ({"validFrom": "21 November"}, ["date_unreadable"]),
        ({"validUntil": "2025-02-28T23:59:59Z"}, ["dates"]),
        ({"validUntil": "2025-03-01T00:00:00Z"}, []),
        ({"name": {"@value": "Coach", "@language": "en", "@direction": "ltr"}}, []),
        ({"description": [{"@value": "Coach"}, {"@language": "en"}]}, ["language_value"]),
    ],
)
def test_a_part_that_is_missing_or_wrong_is_named(changes: dict[str, Any], expected: list[str]) -> None:
    assert codes(badge(**changes)) == expected


@needs_samples
def test_the_inputs_of_the_data_model_suite_are_told_apart() -> None:
    """Inputs named -ok pass and -fail do not, once an issuer is put in as that suite does before it sends them."""
    by_context = {"credential-redef-type2-fail", "credential-type-mapped-nonurl-fail", "credential-type-unmapped-fail"}
    seen = set()
    for path in sorted((SAMPLES / "w3c-vcdm2").glob("*.json")):
        name = path.stem
        if not name.endswith(("-ok", "-fail")) or name in by_context:  # the verifier refuses contexts written into a document
            continue
        document = json.loads(path.read_text(encoding="utf-8"))
        issuer = document.get("issuer", "https://issuer.example")
        if name.endswith("-ok") and isinstance(issuer, dict):
            issuer.setdefault("id", "https://issuer.example")
        if name != "credential-no-issuer-fail":
            document["issuer"] = issuer
        found = Found()
        check_credential(document, found)
        assert any(problem.blocking for problem in found.all()) == name.endswith("-fail"), name
        seen.add(name.rpartition("-")[2])
    assert seen == {"ok", "fail"}
