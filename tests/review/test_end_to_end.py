"""The university's job from end to end at the command line: a badge gets its course, a person decides, a learner's plan uses it."""

from __future__ import annotations

import csv
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


CPL = Path(__file__).parents[3] / "shared" / "data" / "ca-cpl-credit"
COLLEGE = "Cabrillo College"
RECORDED = {"CIS 75", "CNT 69"}
"""What that college recorded for CompTIA Security+ (SOURCE.md of the data set)."""


def certification() -> str:
    resource = "https://credentialengineregistry.org/resources/ce-7c1d2b34-4c0a-4b0e-9a51-3f6f2f3c9d20"
    node = {
        "@id": resource,
        "@type": "ceterms:Certification",
        "ceterms:ctid": "ce-7c1d2b34-4c0a-4b0e-9a51-3f6f2f3c9d20",
        "ceterms:name": {"en-US": "CompTIA Security+"},
        "ceterms:description": {"en-US": "Baseline skills to secure networks, applications and devices."},
    }
    return json.dumps({"@context": "https://credreg.net/ctdl/schema/context/json", "@id": resource, "@graph": [node]})


@pytest.mark.skipif(not CPL.is_dir(), reason="real data set ca-cpl-credit is not here")
def test_a_real_certification_gets_the_course_that_a_real_college_recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATHWAYS_DATA", str(tmp_path / "data"))
    with (CPL / "local_courses.csv").open(encoding="utf-8", newline="") as opened:
        found = [row for row in csv.DictReader(opened) if row["college"] == COLLEGE]
    with (tmp_path / "courses.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["id", "institution", "title", "credits"])
        ids = {f"{row['local_subject']} {row['local_number']}": row["local_title"] for row in found if row["local_title"]}
        writer.writerows([key, COLLEGE, title, 3] for key, title in ids.items())
    assert set(ids) >= RECORDED
    (tmp_path / "certification.jsonld").write_text(certification(), encoding="utf-8")
    run("catalog", "import", str(tmp_path / "certification.jsonld"))
    run("courses", "import", str(tmp_path / "courses.csv"))
    badge = "ce-7c1d2b34-4c0a-4b0e-9a51-3f6f2f3c9d20"
    run("match", badge, "--institution", "local", "--queue", "-k", "3")
    items = json.loads(run("review", "list", "--json"))["items"]
    recorded = [one for one in items if one["courses"][0]["id"] in RECORDED]
    assert recorded, [one["courses"][0]["title"] for one in items]
    assert recorded[0]["proposal"]["evidence"]["fields"]
    run("review", "decide", recorded[0]["id"], "approve", "--code", "precedent", "--as", "ann")
    (agreement,) = read_json(json.loads(run("review", "export", "--format", "jsonld"))).agreements
    assert (agreement.from_ids, agreement.institution) == ((badge,), COLLEGE)
    target = agreement.to_id
    assert target is not None
    run("rules", "add", "oh-reading-endorsement", "--rule", f"all({target})", "--place", "US-OH", "--source", "letter of the board")
    plan = json.loads(run("plan", "oh-reading-endorsement", "--have", badge, "--place", "US-OH", "--json"))
    assert [item["kind"] for term in plan["terms"] for item in term["items"]].count("claim") == 1
