"""Commands on the bundled catalog: they answer what the API answers, and the text says what the JSON says."""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner, Result

from api.app import create_app
from api.cli import app
from api.console.deliver import Delivery, deliver
from api.console.opening import open_world
from api.report import audit_report
from api.settings import Settings
from pathways.recommendation.answer import AUTHORITY_WARNING
from tests.cli import answers

GOAL = "become a reading specialist"
TARGET = "oh-reading-endorsement"
CURRICULA = Path(__file__).resolve().parents[3] / "shared" / "data" / "curriculum-metrics"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
LETRS = [part for unit in range(1, 9) for part in ("--have", f"letrs-u{unit}")]


@pytest.fixture(scope="module")
def client(warm_home: Path) -> Iterator[TestClient]:
    """The API around the very world the commands use."""
    with TestClient(create_app(Settings(home=warm_home), world=open_world(quiet=True))) as client:
        yield client


def run(*arguments: str, code: int = 0) -> Result:
    done = CliRunner().invoke(app, ["--quiet", *arguments])
    assert done.exit_code == code, done.output
    return done


def answer(*arguments: str, code: int = 0) -> Any:
    return json.loads(run(*arguments, "--json", code=code).stdout)


QUESTIONS: list[tuple[Sequence[str], dict[str, Any]]] = [
    (
        ["next", GOAL, "--place", "US-OH", *LETRS],
        {"goal": GOAL, "place": "US-OH", "have": [f"letrs-u{unit}" for unit in range(1, 9)]},
    ),
    (
        ["next", "--target", "renewal:US-TN", "--place", "US-TN", "--progress", "48 PDP"],
        {"targets": ["renewal:US-TN"], "place": "US-TN", "progress": ["48 PDP"]},
    ),
    (
        ["next", GOAL, "--budget", "300", "--hours-per-week", "3", "--by", "2027-06", "-k", "3", "--exclude", "letrs-u1"],
        {"goal": GOAL, "budget_usd": 300, "hours_per_week": 3, "by": "2027-06", "k": 3, "exclude": ["letrs-u1"]},
    ),
    (
        ["next", GOAL, "--place", "US-OR", "--district", "Beaverton", "--license", "teaching", "--have", "nea-mc-generic*10"],
        {"goal": GOAL, "place": "US-OR", "district": "Beaverton", "license": "teaching", "have": ["nea-mc-generic*10"]},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("options", "body"), QUESTIONS)
def test_next_answers_what_the_api_answers(options: Sequence[str], body: dict[str, Any], client: TestClient) -> None:
    replied = client.post("/v1/recommendations", json=body)
    assert replied.status_code == 200, replied.text
    assert json.loads(CliRunner().invoke(app, ["--quiet", *options, "--json"]).stdout) == replied.json()


def test_audit_and_credential_and_targets_answer_what_the_api_answers(client: TestClient) -> None:
    asked = {"target": TARGET, "have": ["letrs-u1", "letrs-u2"], "place": "US-OH"}
    audited = answer("audit", TARGET, "--have", "letrs-u1", "--have", "letrs-u2", "--place", "US-OH")
    assert audited == client.post("/v1/audits", json=asked).json()
    assert answer("credential", "letrs-u1") == client.get("/v1/credentials/letrs-u1").json()
    assert answer("targets", "reading", "--place", "US-OH") == client.get("/v1/targets?q=reading&place=US-OH").json()["items"]


def test_words_need_no_quotes() -> None:
    assert answer("targets", "computer", "science") == answer("targets", "computer science")
    assert answer("next", "become", "a", "reading", "coach") == answer("next", "become a reading coach")


def test_every_target_is_listed_not_only_the_first_page(client: TestClient) -> None:
    listed = [target["id"] for target in answer("targets")]
    paged: list[str] = []
    parameters: dict[str, Any] = {"limit": 50}
    while True:
        page = client.get("/v1/targets", params=parameters).json()
        paged += [target["id"] for target in page["items"]]
        if page["next_cursor"] is None:
            break
        parameters["cursor"] = page["next_cursor"]
    assert listed == paged
    assert len(listed) > 50
    assert any(target.startswith("renewal:") for target in listed)


def test_a_record_file_answers_as_the_same_options_do(tmp_path: Path) -> None:
    path = tmp_path / "record.csv"
    path.write_text("id\n" + "".join(f"letrs-u{unit}\n" for unit in range(1, 9)), encoding="utf-8")
    by_file = answer("next", GOAL, "--place", "US-OH", "--record", str(path))
    assert by_file == answer("next", GOAL, "--place", "US-OH", *LETRS)


def test_the_text_names_every_step_fit_and_source_of_the_json() -> None:
    question = ("next", GOAL, "--place", "US-OH", "--target", TARGET, *LETRS)
    told, text = answer(*question), " ".join(run(*question).stdout.split())
    for step in told["steps"]:
        assert " ".join(step["credential"]["name"].split()) in text
        assert f"{step['fit']} of 100 fit" in text
        assert step["credential"]["id"] in text
    shown = {fact["source_url"] for step in told["steps"] for reason in step["reasons"][:1] for fact in reason["facts"]} - {None}
    assert all(url in text for url in shown)


def test_the_text_of_a_real_answer_fits_eighty_columns_and_warns_beside_each_step_that_may_cost() -> None:
    question = ("next", GOAL, "--place", "US-OH", "--target", TARGET, *LETRS)
    text = run(*question).stdout
    assert [line for line in text.splitlines() if len(line) > 80 and "://" not in line] == []
    assert "\x1b" not in text
    paid = sum(step["cost_usd"] != 0 for step in answer(*question)["steps"])
    assert " ".join(text.split()).count(AUTHORITY_WARNING) >= paid > 0


def test_held_items_are_not_recommended_to_be_earned_again() -> None:
    told = answer("next", GOAL, "--place", "US-OH", *LETRS, "-k", "20")
    held = {f"letrs-u{unit}" for unit in range(1, 9)}
    assert not [step for step in told["steps"] if step["credential"]["id"] in held and step["action"] == "earn"]


def test_search_finds_by_meaning_and_says_price_and_hours_or_that_they_are_not_published() -> None:
    text = run("search", "help children who struggle to read", "-k", "3").stdout
    assert text.count("\n 2. ") == 1
    assert "published" in text or "$" in text


def test_a_letter_asks_each_unknown_as_a_question_with_its_page() -> None:
    letters = answer("letter", TARGET, "--have", "letrs-u1", "--place", "US-OH")["letters"]
    text = run("letter", TARGET, "--have", "letrs-u1", "--place", "US-OH").stdout
    assert letters
    for letter in letters:
        assert letter["to"].split(",")[0] in " ".join(text.split())
    assert "http" in text
    assert "?" in text


def test_completion_can_be_installed() -> None:
    assert "--install-completion" in run("--help").stdout


@pytest.mark.skipif(not CURRICULA.is_dir(), reason="../shared/data/curriculum-metrics is absent")
def test_graph_metrics_of_nine_real_degrees_are_the_published_ones() -> None:
    courses = 0
    for path in sorted(CURRICULA.glob("*.csv")):
        told = {course["id"]: course for course in answer("graph", "metrics", str(path))["courses"]}
        rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
        start = next(at for at, row in enumerate(rows) if row and row[0] == "Course ID")
        for row in rows[start + 1 :]:
            published = dict(zip(rows[start], row, strict=True))
            mine = told[row[0]]
            assert mine["blocking_factor"] == int(published["Blocking"])
            assert mine["delay_factor"] == float(published["Delay"])
            assert mine["structural_complexity"] == pytest.approx(float(published["Complexity"]), abs=0.051)
            courses += 1
    assert courses == 339


def test_graph_metrics_of_a_made_curriculum_by_hand(tmp_path: Path) -> None:
    path = tmp_path / "made.csv"
    columns = "Course ID,Course Name,Prefix,Number,Prerequisites,Corequisites,Strict-Corequisites,Credit Hours"
    path.write_text(
        f"Curriculum,Made\nSystem Type,semester\nCourses\n{columns}\n1,A,,,,,,3\n2,B,,,1,,,3\n3,C,,,2,,,3\n", encoding="utf-8"
    )
    told = {course["name"]: course for course in answer("graph", "metrics", str(path))["courses"]}
    assert [(told[name]["blocking_factor"], told[name]["delay_factor"]) for name in "ABC"] == [(2, 3), (1, 3), (0, 3)]
    assert "Made: 3 courses" in run("graph", "metrics", str(path)).stdout


def test_data_check_counts_the_bundled_catalog() -> None:
    text = run("data", "check").stdout
    assert "no problem found" in text
    assert re.search(r"^\d+ credentials$", text, re.MULTILINE)


def test_a_file_that_is_replaced_keeps_its_content_until_the_new_one_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "answer.txt"
    path.write_text("before", encoding="utf-8")

    def fails(*_: object) -> None:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        deliver(answers.recommendation(), fails, Delivery(out=path))
    assert path.read_text(encoding="utf-8") == "before"
    assert list(tmp_path.iterdir()) == [path]


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def parsed(html: str) -> tuple[list[tuple[str, dict[str, str | None]]], str]:
    reader = _Tags()
    reader.feed(html)
    return reader.tags, " ".join(" ".join(reader.words).split())


def test_a_report_stands_alone_without_script_or_outside_request() -> None:
    tags, _ = parsed(audit_report(answers.audit()))
    names = [name for name, _ in tags]
    assert not {"script", "link", "img", "iframe", "object", "form"} & set(names)
    assert not [given for _, given in tags if "src" in given or any(name.startswith("on") for name in given)]
    assert names.count("h1") == 1
    assert ("html", {"lang": "en"}) in tags
    assert "url(" not in audit_report(answers.audit())


def test_a_report_is_dated_sourced_and_says_each_verdict_in_words() -> None:
    _, text = parsed(audit_report(answers.audit()))
    for words in (
        "Reading Endorsement & more", "2026-11-21", "0123456789ab", "1 of 2 parts met.", "met Reading Zero",
        "unknown 9 semester credits", "6 of 9 semester credits", "Old Course: too old", "Reading Zero <1>",
        "Is Old Course too old?", AUTHORITY_WARNING, answers.PAGE, answers.OTHER_PAGE, "2025-01-01",
    ):  # fmt: skip
        assert words in text


def test_an_audit_writes_its_report_beside_the_answer(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    told = answer("audit", TARGET, "--have", "letrs-u1", "--place", "US-OH", "--html", str(path))
    _, text = parsed(path.read_text(encoding="utf-8"))
    assert told["target"]["name"] in text
    assert told["date"] in text
    assert all(fact["source_url"] in text for fact in told["sources"] if fact["source_url"])


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed, so nothing can be printed")
def test_a_report_prints_on_one_page(tmp_path: Path) -> None:
    page, paper = tmp_path / "report.html", tmp_path / "report.pdf"
    run("audit", TARGET, "--have", "letrs-u1", "--have", "letrs-u2", "--place", "US-OH", "--html", str(page))
    options = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}", f"--print-to-pdf={paper}"]
    subprocess.run([str(CHROMIUM), *options, page.as_uri()], capture_output=True, timeout=120, check=True)
    assert len(re.findall(rb"/Type\s*/Page[^s]", paper.read_bytes())) == 1
