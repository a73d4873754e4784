"""A file of the field's formats comes in, is planned right, and goes out meaning the same; a local rule holds where it is local."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from api.cli import app
from pathways.catalog.formats.read import read_json
from pathways.recommendation.audits import audit_target
from pathways.requirements.verdicts import Truth
from tests.builders import record

RESOURCES = "https://credentialengineregistry.org/resources/"
STACK, COURSES = "ce-aaaaaaaa-0000-4000-8000-000000000001", [f"ce-aaaaaaaa-0000-4000-8000-00000000001{n}" for n in range(3)]


def course(number: int, hours: int) -> dict[str, Any]:
    key = COURSES[number]
    return {
        "@id": RESOURCES + key,
        "@type": "ceterms:Course",
        "ceterms:ctid": key,
        "ceterms:name": {"en-US": f"Course {number}"},
        "ceterms:ownedBy": [f"{RESOURCES}ce-aaaaaaaa-0000-4000-8000-000000000099"],
        "ceterms:creditValue": [
            {"@type": "schema:QuantitativeValue", "schema:value": hours, "schema:unitText": "creditUnit:SemesterHour"}
        ],
    }


def two_of_three() -> dict[str, Any]:
    """A pathway as a registry publishes it: a certificate for any two of three courses."""
    parts = [f"{RESOURCES}ce-bbbbbbbb-0000-4000-8000-00000000000{n}" for n in range(4)]
    components = [
        {
            "@id": parts[n],
            "@type": "ceterms:CourseComponent",
            "ceterms:name": {"en-US": f"Course {n}"},
            "ceterms:proxyFor": RESOURCES + key,
        }
        for n, key in enumerate(COURSES)
    ]
    condition = {
        "@type": "ceterms:ComponentCondition",
        "ceterms:name": {"en-US": "Two of three"},
        "ceterms:requiredNumber": 2,
        "ceterms:targetComponent": parts[:3],
    }
    goal = {
        "@id": parts[3],
        "@type": "ceterms:CredentialComponent",
        "ceterms:name": {"en-US": "Certificate"},
        "ceterms:proxyFor": RESOURCES + STACK,
        "ceterms:hasCondition": [condition],
    }
    certificate = {
        "@id": RESOURCES + STACK,
        "@type": "ceterms:Certificate",
        "ceterms:ctid": STACK,
        "ceterms:name": {"en-US": "Certificate of two"},
    }
    pathway = {
        "@id": f"{RESOURCES}ce-cccccccc-0000-4000-8000-000000000001",
        "@type": "ceterms:Pathway",
        "ceterms:ctid": "ce-cccccccc-0000-4000-8000-000000000001",
        "ceterms:name": {"en-US": "Two of three"},
        "ceterms:hasDestinationComponent": [parts[3]],
        "ceterms:hasPart": parts,
    }
    owner = {
        "@id": f"{RESOURCES}ce-aaaaaaaa-0000-4000-8000-000000000099",
        "@type": "ceterms:CredentialOrganization",
        "ceterms:name": {"en-US": "Sample College"},
    }
    graph = [pathway, goal, *components, certificate, *(course(n, 3) for n in range(3)), owner]
    return {"@context": "https://credreg.net/ctdl/schema/context/json", "@graph": graph}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PATHWAYS_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("PATHWAYS_TODAY", "2026-11-21")
    return tmp_path


@pytest.fixture
def file(home: Path) -> Path:
    path = home / "pathway.json"
    path.write_text(json.dumps(two_of_three()), encoding="utf-8")
    return path


def run(*words: str, code: int = 0) -> str:
    done = CliRunner().invoke(app, list(words))
    assert done.exit_code == code, done.stderr + done.stdout
    return done.stdout


def answer(*words: str, code: int = 0) -> Any:
    return json.loads(run(*words, "--json", code=code))


def meaning(text: str) -> list[bool]:
    """Whether each choice of courses completes the certificate, as the exported file says."""
    catalog = read_json(json.loads(text)).as_catalog()
    choices = [[key for n, key in enumerate(COURSES) if bits >> n & 1] for bits in range(8)]
    audits = [audit_target(STACK, record(*chosen), catalog, date(2026, 11, 21)) for chosen in choices]
    return [found.composed_of is not None and found.composed_of.truth is Truth.MET for found in audits]


def test_two_of_three_comes_in_is_planned_right_and_goes_out_meaning_the_same(file: Path) -> None:
    done = answer("catalog", "import", str(file))
    assert (done["outcome"], done["applied"], done["problems"]) == ("import_ok", True, [])
    assert done["requirements"] == {STACK: f"at_least(2, {', '.join(COURSES)})"}
    assert done["changes"] == {"credentials_added": 4, "requirements_added": 1}

    plan = answer("plan", STACK, "--terms", "Spring 2027..Fall 2028", "--load", "0..3")
    steps = [[item["id"] for item in term["items"]] for term in plan["terms"]]
    taken = [key for term in steps for key in term if key in COURSES]
    assert plan["outcome"] == "plan"
    assert len(taken) == len(set(taken)) == 2, "two of the three, one a term"
    assert answer("audit", STACK, "--have", COURSES[0], "--have", COURSES[2])["verdict"] == "met"
    assert answer("audit", STACK, "--have", COURSES[0])["verdict"] == "unmet"

    out = run("catalog", "export", STACK, *COURSES)
    assert meaning(out) == meaning(json.dumps(two_of_three())) == [n.bit_count() >= 2 for n in range(8)]


def test_a_dry_run_says_the_same_and_leaves_nothing(file: Path, home: Path) -> None:
    dry = answer("catalog", "import", str(file), "--dry-run")
    assert not (home / "data").exists()
    done = answer("catalog", "import", str(file))
    assert dry == {**done, "applied": False, "dry_run": True, "data_version": dry["data_version"]}


def test_the_same_file_again_changes_nothing(file: Path) -> None:
    answer("catalog", "import", str(file))
    again = answer("catalog", "import", str(file))
    assert (again["outcome"], again["applied"], again["changes"]) == ("import_ok", False, {})
    assert len(answer("catalog", "imports")) == 1


def test_a_file_taken_off_leaves_the_published_catalog(file: Path) -> None:
    version = answer("catalog", "diff")["published_version"]
    answer("catalog", "import", str(file))
    assert answer("catalog", "diff")["data_version"] != version
    answer("catalog", "remove", "1")
    assert answer("catalog", "diff") == {"changes": {}, "diff": [], "published_version": version, "data_version": version}
    run("credential", STACK, code=3)
    run("catalog", "remove", "1", code=3)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", "$"),
        ("[]", "$"),
        ('{"a": 1}', "neither CTDL"),
        ("\xff", "not one JSON document"),
    ],
)
def test_a_file_that_cannot_be_taken_over_is_rejected_with_the_reason(home: Path, content: str, says: str) -> None:
    path = home / "broken.json"
    path.write_bytes(content.encode("latin-1"))
    done = answer("catalog", "import", str(path), code=3)
    assert done["outcome"] == "import_rejected"
    assert any(says in f"{item['place']} {item['text']}" for item in done["problems"])
    assert not (home / "data").exists()


def test_a_file_that_makes_a_ring_is_rejected_and_nothing_of_it_is_kept(file: Path, home: Path) -> None:
    graph = two_of_three()
    for node in graph["@graph"]:
        if node["@id"] == RESOURCES + COURSES[0]:
            node["ceterms:requires"] = [{"@type": "ceterms:ConditionProfile", "ceterms:targetCredential": [RESOURCES + STACK]}]
        if node["@id"] == RESOURCES + STACK:
            node["ceterms:requires"] = [
                {"@type": "ceterms:ConditionProfile", "ceterms:targetLearningOpportunity": [RESOURCES + COURSES[0]]}
            ]
    file.write_text(json.dumps(graph), encoding="utf-8")
    done = answer("catalog", "import", str(file), code=3)
    assert done["outcome"] == "import_rejected"
    assert any("ring" in item["text"] or "itself" in item["text"] or COURSES[0] in item["text"] for item in done["problems"])
    run("catalog", "imports", code=4)


def test_the_catalog_goes_out_as_a_table_without_formulas(file: Path) -> None:
    graph = two_of_three()
    graph["@graph"][5]["ceterms:name"] = {"en-US": '=HYPERLINK("x")'}
    file.write_text(json.dumps(graph), encoding="utf-8")
    answer("catalog", "import", str(file))
    rows = list(csv.DictReader(io.StringIO(run("catalog", "export", STACK, "--format", "csv"))))
    assert [row["id"] for row in rows] == [STACK]
    assert rows[0]["name"] == '\'=HYPERLINK("x")'
    assert rows[0]["component"] == f"at_least(2, {', '.join(COURSES)})"


def test_an_export_of_something_unknown_names_what_is_near() -> None:
    done = CliRunner().invoke(app, ["catalog", "export", "letrs-unit1"])
    assert done.exit_code == 3
    assert "Did you mean" in done.stderr
    assert CliRunner().invoke(app, ["catalog", "export", "--format", "xml"]).exit_code == 2


RULE = ("oh-reading-endorsement", "--rule", "all(letrs-v1, letrs-v2)", "--source", "e-mail from the registrar, 2026-11-20")


def list_of(target: str, place: str, *have: str) -> str:
    """The verdict on what completes a target."""
    verdict: str = answer("audit", target, *have, "--place", place)["composed_of"]["root"]["truth"]
    return verdict


def test_a_local_rule_holds_in_its_place_and_says_whose_word_it_is(home: Path) -> None:
    have = ("--have", "letrs-v1", "--have", "letrs-v2")
    before = list_of(RULE[0], "US-OH", *have)
    added = answer("rules", "add", *RULE, "--place", "US-OH", "--until", "2027-06-30")
    assert added["rule"]["binds"] == "Ohio"
    assert [(item["id"], item["part"], item["how"]) for item in added["diff"]] == [(RULE[0], "component", "changed")]
    assert (before, list_of(RULE[0], "US-OH", *have), list_of(RULE[0], "US-PA", *have)) == ("unmet", "met", "unmet")
    there = answer("audit", RULE[0], *have, "--place", "US-OH")
    assert "local: e-mail from the registrar, 2026-11-20" in {fact["source_url"] for fact in there["sources"]}

    [rule] = answer("rules", "list")
    assert (rule["id"], rule["in_force"], rule["valid_until"]) == (added["rule"]["id"], True, "2027-06-30")
    run("rules", "remove", rule["id"])
    assert list_of(RULE[0], "US-OH", *have) == "unmet"
    run("rules", "list", code=4)
    assert "See: pathways rules list" in CliRunner().invoke(app, ["rules", "remove", rule["id"]]).stderr
    assert "See: pathways catalog imports" in CliRunner().invoke(app, ["catalog", "remove", "99"]).stderr


@pytest.mark.parametrize(
    ("options", "code", "says"),
    [
        (["--place", "US-ZZ"], 3, "not a US state"),
        ([], 3, "whose rule"),
        (["--place", "US-OH", "--institution", "X"], 3, "whose rule"),
        (["--district", "Columbus"], 3, "state"),
        (["--institution", "Nobody"], 3, "binds nobody else"),
        (["--place", "US-OH", "--rule", "all(letrs-v1"], 3, "column 13"),
        (["--place", "US-OH", "--rule", "all(letrs-v1, nosuch)"], 3, "nosuch"),
        (["--place", "US-OH", "--rule", "oh-reading-endorsement"], 3, "oh-reading-endorsement"),
        (["--place", "US-OH", "--from", "2027-01-02", "--until", "2027-01-01"], 3, "before it begins"),
        (["--place", "US-OH", "--from", "soon"], 2, "--from: expected a day"),
        (["--place", "US-OH", "--kind", "wish"], 2, "--kind"),
        (["--place", "US-OH", "--source", ""], 2, "--source"),
    ],
)
def test_a_rule_that_cannot_be_one_says_what_to_do(home: Path, options: list[str], code: int, says: str) -> None:
    done = CliRunner().invoke(app, ["rules", "add", *RULE, *options])
    assert done.exit_code == code, done.stderr
    assert says in done.stderr
    assert not (home / "data").exists()
