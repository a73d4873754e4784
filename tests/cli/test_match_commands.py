"""`pathways match` and `pathways models` as an evaluator types them."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli import app
from tests.matching.worlds import COURSES

RUNNER = CliRunner()


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATHWAYS_HOME", str(tmp_path / "home"))


@pytest.fixture
def courses(tmp_path: Path) -> Path:
    path = tmp_path / "courses.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "institution", "title", "description", "credits"])
        rows.writerows([one.id, one.institution, one.title, "", "3"] for one in COURSES)
    return path


@pytest.fixture
def badges(tmp_path: Path) -> Path:
    path = tmp_path / "badges.csv"
    rows = ["1,ASE A5 Brakes,ASE,,,", "2,Trauma-Informed Educator micro-credential,X,,,15", '3,"=HYPERLINK(""x"")",,,,', "4,,,,,"]
    path.write_text("\n".join(["id,title,issuer,description,outcomes,hours", *rows]), "utf-8")
    return path


def test_a_file_of_badges_gives_one_line_of_json_each(tmp_path: Path, badges: Path, courses: Path) -> None:
    out = tmp_path / "matches.jsonl"
    done = RUNNER.invoke(app, ["match", "--badges", str(badges), "--courses", str(courses), "-k", "3", "--out", str(out)])
    assert done.exit_code == 0, done.output
    lines = [json.loads(text) for text in out.read_text("utf-8").splitlines()]
    assert [one["badge"] for one in lines] == ["1", "2", "3", "4"]
    assert lines[0]["candidates"][0]["course"] == "c0"
    assert len(lines[0]["candidates"]) == 3
    assert lines[1]["abstained"]
    assert {one["probability"] for one in lines[1]["candidates"]} == {None}
    assert (lines[3]["abstained"], lines[3]["candidates"]) == (True, [])


def test_one_badge_is_explained_and_says_that_a_person_decides(courses: Path) -> None:
    done = RUNNER.invoke(app, ["match", "CompTIA Security+", "--courses", str(courses), "-k", "1"])
    assert done.exit_code == 0, done.output
    assert "Network Security Fundamentals (c3)" in done.stdout
    assert "no precedents: texts alone" in " ".join(done.stdout.split())
    assert "a person decides" in " ".join(done.stdout.split())
    assert "does not state: hours, level, outcomes, description" in " ".join(done.stdout.split())


def test_a_badge_of_the_catalog_gets_proposals_without_a_probability(courses: Path) -> None:
    done = RUNNER.invoke(app, ["match", "letrs-v1", "--courses", str(courses), "--json"])
    assert done.exit_code == 0, done.output
    (result,) = json.loads(done.stdout)["results"]
    assert (result["reason"], result["none_fits"]) == ("kind_not_in_training", None)
    assert {one["probability"] for one in result["proposals"]} == {None}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["match"], "one of the two"),
        (["match", "A", "--kind", "wish"], "--kind"),
        (["match", "A"], "No courses are kept here"),
        (["models", "train", "match"], "--data FOLDER"),
        (["models", "train", "horoscope", "--data", "."], "expected"),
        (["models", "report"], "--data FOLDER"),
    ],
)
def test_what_is_missing_is_named(arguments: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATHWAYS_DATA", str(tmp_path))
    done = RUNNER.invoke(app, arguments)
    assert done.exit_code == 2
    assert said in " ".join(done.output.split())


def test_a_folder_without_the_recorded_matches_is_bad_data(tmp_path: Path, courses: Path) -> None:
    for command in (
        ["models", "report", "--data", str(tmp_path)],
        ["match", "A", "--courses", str(courses), "--precedents", str(tmp_path)],
    ):
        done = RUNNER.invoke(app, command)
        assert done.exit_code == 3
        assert "found no" in done.output


def test_a_model_file_of_another_kind_is_refused(tmp_path: Path, courses: Path) -> None:
    other = tmp_path / "other.model"
    other.write_bytes(b"not a model")
    done = RUNNER.invoke(app, ["match", "A", "--courses", str(courses), "--model", str(other)])
    assert done.exit_code == 3
    assert "other.model" in done.output


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "an empty file"),
        (b"id,title\n", "no row"),
        ("id,title\n1,Caf\u00e9\n".encode("latin-1"), "UTF-8"),
        (b"id,titel\n1,A\n", 'a column "title"'),
        (b"id,title\n1,A\n1,B\n", 'badges.csv:3: column "id": found "1" for the second time'),
        (b"id,title,hours\n1,A,many\n", 'badges.csv:2: column "hours": found "many"'),
        (b"id,title\n1,A,B\n", "3 cells"),
        (b"id,title\n\x1b[2J,A\n", "characters that can be seen"),
    ],
)
def test_a_bad_file_of_badges_is_named_with_row_and_column(tmp_path: Path, courses: Path, content: bytes, said: str) -> None:
    path = tmp_path / "badges.csv"
    path.write_bytes(content)
    out = tmp_path / "matches.jsonl"
    done = RUNNER.invoke(app, ["match", "--badges", str(path), "--courses", str(courses), "--out", str(out)])
    assert done.exit_code == 3, done.output
    assert "badges.csv" in done.output
    assert said in done.output
    assert not out.exists()


def test_ids_come_back_as_they_stand_in_the_file(tmp_path: Path, courses: Path) -> None:
    path, out = tmp_path / "badges.csv", tmp_path / "matches.jsonl"
    path.write_text('id,title\n" 7 ",CompTIA A+\n=1+1,Welding\n', "utf-8")
    done = RUNNER.invoke(app, ["match", "--badges", str(path), "--courses", str(courses), "--out", str(out), "-k", "10"])
    assert done.exit_code == 0, done.output
    lines = [json.loads(text) for text in out.read_text("utf-8").splitlines()]
    assert [one["badge"] for one in lines] == [" 7 ", "=1+1"]
    assert [len(one["candidates"]) for one in lines] == [10, 10]
    assert "no precedents: texts alone" in done.output


def test_precedents_of_a_setting_are_used_unasked_and_named(tmp_path: Path, courses: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.matching.test_training import made_up

    monkeypatch.setenv("PATHWAYS_PRECEDENTS", str(made_up(tmp_path / "elsewhere")))
    done = RUNNER.invoke(app, ["match", "CompTIA A+", "--courses", str(courses), "--json"])
    assert done.exit_code == 0, done.output
    (result,) = json.loads(done.stdout)["results"]
    assert (result["precedents"], result["precedents_used"]) == ("48 precedents of ca-cpl-credit", 48)
