"""The university's job from end to end at the command line: a badge gets its course, a person decides, a learner's plan uses it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli import app
from pathways.catalog.formats.read import read_json

COURSES = (
    "id,institution,title,description,credits\n"
    'EDU-101,Ohio State,Foundations of Reading,"Phonology, phonics, fluency and the science of reading for teachers",3\n'
    "WELD-7,Ohio State,Arc Welding,Shielded metal arc welding of steel plate,3\n"
    "ART-3,Ohio State,Ceramics,Wheel throwing and glazing,3\n"
)


def run(*words: str) -> str:
    done = CliRunner().invoke(app, list(words))
    assert done.exit_code == 0, (words, done.output, done.exception)
    return done.stdout


def test_a_badge_gets_its_course_a_person_decides_and_a_plan_uses_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATHWAYS_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("PATHWAYS_TODAY", "2026-11-21")
    (tmp_path / "courses.csv").write_text(COURSES, encoding="utf-8")
    assert "3 new" in run("courses", "import", str(tmp_path / "courses.csv"))
    assert "put on the queue" in run("match", "letrs-v1", "--institution", "local", "--queue", "-k", "1")
    (match,) = json.loads(run("review", "list", "--json"))["items"]
    assert [course["id"] for course in match["courses"]] == ["EDU-101"]
    assert match["proposal"]["evidence"]["fields"]
    asked = ("--code", "outcomes_covered", "--version", match["tag"], "--as", "ann", "--json")
    decided = run("review", "decide", match["id"], "approve", *asked)
    assert json.loads(decided)["decided"]["person"] == "ann"
    found = read_json(json.loads(run("review", "export", "--format", "jsonld")))
    assert [(one.from_ids, one.to_id, one.institution) for one in found.agreements] == [
        (("letrs-v1",), "ohio-state-edu-101", "Ohio State")
    ]
    rule = ("--rule", "all(ohio-state-edu-101)", "--place", "US-OH", "--source", "letter of the board")
    run("rules", "add", "oh-reading-endorsement", *rule)
    plan = json.loads(run("plan", "oh-reading-endorsement", "--have", "letrs-v1", "--place", "US-OH", "--json"))
    claims = [item["id"] for term in plan["terms"] for item in term["items"] if item["kind"] == "claim"]
    assert claims == [f"claim:match-{match['id'].lower()}-1"]
