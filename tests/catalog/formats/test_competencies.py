"""CASE packages and rich skill descriptors come in as competencies."""

from __future__ import annotations

from typing import Any

from pathways.catalog.formats.read import read_json
from tests.catalog.formats.graphs import codes


def _link(kind: str, origin: str, destination: str, **more: Any) -> dict[str, Any]:
    ends = {"originNodeURI": {"identifier": origin}, "destinationNodeURI": {"identifier": destination, "title": "T", **more}}
    return {"identifier": f"{origin}-{destination}", "associationType": kind, **ends}


PACKAGE: dict[str, Any] = {
    "CFDocument": {"identifier": "d", "title": "Framework", "caseVersion": "1.1", "frameworkType": "x"},
    "CFItems": [
        {"identifier": "a", "fullStatement": "Reads", "humanCodingScheme": "R.1", "listEnumeration": "1"},
        {"sourcedId": "b", "fullStatement": "Reads aloud", "abbreviatedStatement": "Aloud"},
    ],
    "CFAssociations": [
        _link("isChildOf", "b", "a"), _link("isChildOf", "a", "d"), _link("exactMatchOf", "a", "x", targetType="CFItem"),
        _link("ext:like", "a", "y"), _link("precedes", "z", "a"),
    ],
}  # fmt: skip


def test_a_case_package_gives_its_items_with_parents_codes_and_alignments() -> None:
    """CASE 1.0 and 1.1: the child is the origin; the framework itself is no parent; links keep their kind and target type."""
    for whole in (PACKAGE, {"CFPackages": [PACKAGE]}, {"CFPackages": PACKAGE}, [PACKAGE]):
        imported = read_json(whole)
        assert imported.format == "case"
        first, second = imported.competencies
        assert (first.id, first.name, first.statement, first.framework, first.codes) == (
            "a",
            "R.1",
            "Reads",
            "Framework",
            ("R.1", "1"),
        )
        assert [(one.kind, one.target, one.name) for one in first.alignments] == [
            ("exact", "x", "T (CFItem)"),
            ("ext:like", "y", "T"),
        ]
        assert (second.id, second.name, second.parents, first.parents) == ("b", "Aloud", ("a",), ())
        assert codes(imported) == {"unread-property", "target-elsewhere"}


def test_skills_come_with_their_occupations_alignments_and_collection() -> None:
    """A descriptor, a list of them, a collection; a skill that is not published is flagged."""
    skill = {
        "@context": "https://rsd.openskillsnetwork.org/context-v1.json", "type": "RichSkillDescriptor", "id": "https://s.example/1",
        "skillName": "Feedback", "skillStatement": "Gives feedback.", "status": "draft", "occupations": [{"code": "25-1000"}],
        "alignments": [{"id": "https://f.example/1", "skillName": "F"}], "standards": ["InTASC 6", ""],
        "collections": [{"name": "Teaching"}],
    }  # fmt: skip
    imported = read_json(skill)
    (one,) = imported.competencies
    assert (one.id, one.name, one.statement, one.framework, one.codes) == (
        "https://s.example/1", "Feedback", "Gives feedback.", "Teaching", ("25-1000",),
    )  # fmt: skip
    assert [(link.kind, link.target) for link in one.alignments] == [("related", "https://f.example/1"), ("standard", "InTASC 6")]
    assert codes(imported) == {"not-current"}
    collection = {"name": "Ours", "skills": [{"uuid": "u1", "skillStatement": "Listens."}, {"skillName": "Asks"}]}
    found = read_json([skill, collection]).competencies
    assert [(item.id, item.name, item.framework) for item in found[1:]] == [
        ("u1", "Listens.", "Ours"),
        ("$[1].skills[1]", "Asks", "Ours"),
    ]
