"""``pathways plan``, ``compare`` and ``draw``: what the API answers, in words, files and exit codes."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from api.cli import app
from api.console.deliver import Delivery
from api.console.paper import Paper
from api.console.planning import Ticker, plan_named
from api.console.plans import write_comparison, write_plan
from api.plan_compared import comparison
from api.plan_schemas import PlanIn
from api.plan_service import make
from api.settings import Settings
from api.world import load_world
from pathways.planning.problem import PlanProgress
from tests.cli.process import run_pathways

TERMS = "Spring 2027..Fall 2028"
STACK = ["plan", "ut-stack-sci-3d", "--terms", TERMS]
BOARD = ["plan", "nb-certification", "--terms", TERMS]
DAY = "2026-11-21"


@pytest.fixture(autouse=True)
def fixed_day(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATHWAYS_TODAY", DAY)
    monkeypatch.setenv("PATHWAYS_DATA", str(tmp_path / "plans"))


def run(*arguments: str, code: int = 0) -> Result:
    done = CliRunner().invoke(app, ["--quiet", *arguments])
    assert done.exit_code == code, done.output
    return done


def answer(*arguments: str, code: int = 0) -> Any:
    return json.loads(run(*arguments, "--json", code=code).stdout)


def flat(text: str) -> str:
    return " ".join(text.split())


def test_the_command_answers_what_the_api_answers(warm_home: Path) -> None:
    from datetime import date

    world = load_world(Settings(home=warm_home, today=date(2026, 11, 21)))
    given = ["--have", "letrs-u1", "--place", "US-OH", "--load", "0..3", "--pin", "letrs-u2=Fall 2027", "--objective", "cost,terms"]
    shown = answer("plan", "oh-reading-endorsement", "--terms", TERMS, *given)
    asked = PlanIn(
        target="oh-reading-endorsement", terms=TERMS, have=["letrs-u1"], place="US-OH", load="0..3", pins={"letrs-u2": "Fall 2027"},
        objective=["cost", "terms"],
    )  # fmt: skip
    assert {**shown, "id": None} == make(world, asked).model_dump(mode="json")


def test_a_plan_on_paper_says_terms_load_price_proof_and_sources() -> None:
    text = run(*BOARD).stdout
    body = answer(*BOARD)
    for term in body["terms"]:
        assert f"\n{term['name']} · " in text
        for item in term["items"]:
            assert flat(item["name"])[:40] in flat(text)
    assert flat(body["proof"]["text"]) in flat(text)
    assert "Known cost: $1,900." in text
    assert "\nSources\n" in text
    assert all(len(line) <= 80 for line in text.splitlines() if "http" not in line)


def test_prices_nobody_published_are_counted() -> None:
    text = flat(run("plan", "la-llas", "--terms", TERMS).stdout)
    unpriced = answer("plan", "la-llas", "--terms", TERMS)["proof"]["unpriced"]
    assert f"{unpriced} prices not published" in text


def test_no_plan_ends_with_4_the_reason_and_what_would_help() -> None:
    done = run(*BOARD, "--budget", "1000", code=4)
    assert "No plan" in done.stdout
    assert "The budget is $1,000, and the known prices come to at least $1,900" in flat(done.stdout)
    assert "+ raise the budget to $1,900" in done.stdout
    assert answer(*BOARD, "--budget", "1000", code=4)["outcome"] == "infeasible"


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["--terms", "Autum 2027"], 3, "is not a term"),
        (["--terms", "Fall 2028..Spring 2027"], 3, "runs backward"),
        (["--load", "9..3"], 3, "above the most"),
        (["--load", "0"], 3, "more than 0"),
        (["--by", "2020-01"], 3, "is over"),
        (["--by", "soon"], 2, "--by"),
        (["--pin", "letrs-u2"], 2, "is not ID=TERM"),
        (["--pin", "letrs-u2=Fall 2040"], 3, "outside the plan"),
        (["--pin", "letrs-u2=Fall 2027", "--pin", "letrs-u2=Fall 2028"], 2, "two terms"),
        (["--pin", "letrs-u2=Fall 2027", "--exclude", "letrs-u2"], 3, "Choose one"),
        (["--exclude", "letrs-unit2"], 3, "letrs-u2"),
        (["--objective", "beauty"], 2, "--objective"),
        (["--objective", ","], 2, "--objective"),
        (["--objective", "cost,cost"], 2, "cost is named twice"),
        (["--pin", "no-such-thing=Fall 2027"], 3, 'There is no item "no-such-thing"'),
        (["--seconds", "99"], 2, "--seconds"),
        (["--alternatives", "99"], 2, "--alternatives"),
        (["--have", "oh-reading-endorsement"], 3, "held already"),
    ],
)
def test_what_cannot_be_planned_as_asked_says_what_to_do(arguments: list[str], code: int, says: str) -> None:
    done = CliRunner().invoke(app, ["plan", "oh-reading-endorsement", *arguments])
    assert done.exit_code == code, done.output
    assert done.stdout == ""
    assert says in done.stderr


def test_alternatives_come_with_a_table() -> None:
    text = run(*BOARD, "--alternatives", "2").stdout
    assert "\nOther plans\n" in text
    assert "\nSide by side\n" in text
    body = answer(*BOARD, "--alternatives", "2")
    assert [row["plan"]["outcome"] for row in body["alternatives"]].count("plan") == len(body["alternatives"]) >= 2
    assert plan_named(body["alternatives"][0]["plan"]["id"]).model_dump(mode="json") == body["alternatives"][0]["plan"]


def test_plans_are_compared_by_id_and_by_file(tmp_path: Path) -> None:
    first, second = answer(*STACK), answer(*STACK, "--pin", "ut-mc-seps=Fall 2027")
    path = tmp_path / "second.json"
    path.write_text(json.dumps(second), encoding="utf-8")
    table = answer("compare", first["id"], str(path))
    assert table["plans"] == [first["id"], str(path)]
    rows = {row["what"]: row for row in table["rows"]}
    assert rows["finish"]["values"] == ["Spring 2027", "Fall 2027"]
    name = next(item["name"] for term in first["terms"] for item in term["items"] if item["id"] == "ut-mc-seps")
    assert rows[name]["values"] == ["Spring 2027", "Fall 2027"]
    assert not rows["known cost"]["differs"]
    text = run("compare", first["id"], second["id"]).stdout
    assert "* finish" in text
    assert max(map(len, text.splitlines())) <= 80


def test_one_plan_is_compared_with_nothing() -> None:
    run("compare", answer(*STACK)["id"], code=2)


@pytest.mark.parametrize(
    ("form", "begins"), [("svg", "<svg"), ("mermaid", "---"), ("dot", "digraph"), ("csv", "term"), ("html", "<!DOCTYPE")]
)
def test_a_plan_is_drawn_in_a_form(form: str, begins: str, tmp_path: Path) -> None:
    plan = answer(*STACK)
    text = run("draw", plan["id"], "--format", form).stdout
    assert text.lower().startswith(begins.lower())
    out = tmp_path / "plan.out"
    run("draw", plan["id"], "--format", form, "--out", str(out))
    assert out.read_text(encoding="utf-8").splitlines() == text.splitlines()


def test_a_plan_from_a_file_draws_as_the_kept_one(tmp_path: Path) -> None:
    plan = answer(*STACK)
    path = tmp_path / "plan.json"
    run("draw", plan["id"], "--format", "json", "--out", str(path))
    assert json.loads(path.read_text(encoding="utf-8")) == plan
    assert run("draw", str(path)).stdout == run("draw", plan["id"]).stdout


def test_a_png_goes_to_a_file_and_nowhere_else(tmp_path: Path) -> None:
    plan = answer(*STACK)
    run("draw", plan["id"], "--format", "png", code=2)
    out = tmp_path / "plan.png"
    run("draw", plan["id"], "--format", "png", "--out", str(out))
    image = out.read_bytes()
    assert image[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(image[16:20]) > 200, "as wide as a picture of terms"


def test_without_its_package_a_png_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = answer(*STACK)
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    done = CliRunner().invoke(app, ["draw", plan["id"], "--format", "png", "--out", str(tmp_path / "plan.png")])
    assert done.exit_code == 2
    assert "pathways[png]" in done.stderr


def test_copies_of_a_generic_item_stand_in_the_order_of_their_numbers() -> None:
    body = answer("plan", "mo-mlds-15", "--terms", TERMS)
    ids = [item["id"] for term in body["terms"] for item in term["items"]]
    assert ids == ["mo-mlds-mc", *(f"mo-mlds-mc#{number}" for number in range(2, 16)), "mo-mlds-15"]


def test_what_a_plan_rests_on_is_said_beside_its_end() -> None:
    text = flat(run("plan", "mo-career-admin", "--terms", TERMS).stdout)
    assert "That holds if the 4 conditions marked ? are met by then" in text
    assert "1 price not published" in text, "conditions have no price"
    assert "cost not comparable" in text
    assert "marked ?" not in run(*STACK).stdout


def test_credits_nobody_published_are_never_none() -> None:
    said = flat(run("plan", "mo-career-admin", "--place", "US-MO", "--terms", "Spring 2027").stdout)
    assert "Spring 2027 · credits not published" in said
    assert "items, credits not published." in said
    assert "no credits" not in said
    assert "carries is not published, so it adds none to any load" in said
    plan = answer("plan", "oh-reading-endorsement", "--terms", "Spring 2027", "--place", "US-OH")
    lacking = [item["id"] for term in plan["terms"] for item in term["items"] if not item["load_known"]]
    assert "walsh-edf655" in lacking
    assert plan["totals"]["load_unknown"] == plan["terms"][0]["load_unknown"] == len(lacking)
    said = flat(run("plan", "oh-reading-endorsement", "--terms", "Spring 2027", "--place", "US-OH").stdout)
    assert f"at least {plan['totals']['load']} credits" in said


def test_a_whole_or_a_stretch_without_a_price_of_its_own_is_not_called_free() -> None:
    said = flat(run("plan", "letrs-v1", "--terms", "Spring 2027").stdout)
    assert "no price of its own · 51 hours" in said
    assert "no charge" not in said


def test_notes_concern_what_the_plan_uses() -> None:
    body = answer("plan", "va-cs-addon", "--terms", TERMS)
    assert not any("course" in note for note in body["notes"]), "the exam route takes no course"
    by_courses = answer("plan", "va-cs-addon", "--terms", TERMS, "--exclude", "praxis-5652")
    assert any("outside this catalog" in note for note in by_courses["notes"])
    assert not any("Praxis" in note for note in by_courses["notes"])


def test_a_long_reason_is_short_to_read_and_whole_in_json() -> None:
    body = answer(*BOARD, "--budget", "1000", code=4)
    assert len(body["reason"]["facts"]) > 20
    assert len(body["reason"]["lines"]) <= 4
    assert "25 items each need before or beside them all of 4 items" in body["reason"]["text"]
    assert {about for line in body["reason"]["lines"] for about in line["about"]} >= {
        fact["about"] for fact in body["reason"]["facts"] if fact["kind"] == "corequisite"
    }
    assert "25 items each need" in flat(run(*BOARD, "--budget", "1000", code=4).stdout)


def test_a_least_load_is_refused_in_words_or_filled_on_request() -> None:
    text = flat(run(*BOARD, "--load", "6..9", code=4).stdout)
    assert "what the target can use does not fill them" in text
    assert "let other courses of your choice fill the terms" in text
    filled = answer(*BOARD, "--load", "6..9", "--fill")
    assert filled["totals"]["load"] == 6
    assert any("only fill terms up to the least load and count for nothing here" in note for note in filled["notes"])


@pytest.mark.parametrize(
    ("content", "says"),
    [(None, "No plan"), ("", "JSON"), ("{", "JSON"), ("[]", "object"), ('{"id": "X"}', "required"), ("\x00", "JSON")],
)
def test_a_file_that_is_no_plan_is_named(content: str | None, says: str, tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    done = CliRunner().invoke(app, ["draw", str(path)])
    assert done.exit_code == 3
    assert "plan.json" in done.stderr
    assert says in done.stderr


def test_an_unknown_plan_and_an_unknown_form_are_named() -> None:
    assert "NOSUCH00" in CliRunner().invoke(app, ["draw", "NOSUCH00"]).stderr
    run("draw", "NOSUCH00", code=3)
    run("draw", "NOSUCH00", "--format", "pdf", code=2)


def test_a_plan_that_cannot_be_kept_is_shown_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("PATHWAYS_DATA", str(tmp_path / "file"))
    done = CliRunner().invoke(app, [*STACK, "--json"])
    assert done.exit_code == 0
    assert json.loads(done.stdout)["id"] is None
    assert "PATHWAYS_DATA names another folder" in done.stderr


def test_the_answer_goes_to_a_file_and_pipes_hear_no_progress(tmp_path: Path) -> None:
    out = tmp_path / "plan.json"
    done = run_pathways(*STACK, "--json", "--out", str(out), environment={"PATHWAYS_TODAY": DAY, "PATHWAYS_DATA": str(tmp_path)})
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert done.stderr == f"Written to {out}\n"
    assert json.loads(out.read_text(encoding="utf-8"))["outcome"] == "plan"


def test_a_terminal_hears_the_best_so_far_and_the_bound(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from fractions import Fraction

    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    with Ticker(quiet=False) as ticker:
        ticker.hear(PlanProgress("terms", Fraction(4), Fraction(3)))
        assert "Planning: terms, best so far 4, proven at least 3" in capsys.readouterr().err
    with Ticker(quiet=True) as ticker:
        ticker.hear(PlanProgress("terms", Fraction(4), Fraction(3)))
    assert "Planning" not in capsys.readouterr().err


def test_a_wide_table_stays_within_eighty_columns() -> None:
    plans = [plan_named(answer(*BOARD, "--load", load)["id"]) for load in ("0..9", "0..6", "0..3", "0..12")]
    paper = Paper(None)
    write_comparison(paper, comparison(plans, [plan.id or "" for plan in plans]))
    assert max(map(len, paper.text().splitlines())) <= 80
    assert Delivery().json is False


def test_a_changed_plan_says_what_stayed() -> None:
    plan = plan_named(answer(*STACK)["id"]).model_copy(
        update={"changed": "8 of 9 items stay in their term; 1 moved, 0 new, 0 gone."}
    )
    paper = Paper(None)
    write_plan(paper, plan)
    assert "8 of 9 items stay" in paper.text()
