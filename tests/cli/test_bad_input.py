"""What goes wrong at a terminal: the right exit code, a message that says what to do, never a traceback, nothing lost."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from models.encoders import BUNDLED_WEIGHTS
from pathways.catalog.folder import bundled_folder
from tests.cli.process import run_pathways

GOAL = "become a reading specialist"


def refused(*arguments: str, code: int = 3, says: tuple[str, ...] = (), environment: Mapping[str, str] | None = None) -> str:
    """Run, expect this exit code and these words on standard error, and nothing else anywhere."""
    done = run_pathways(*arguments, environment=environment)
    assert done.returncode == code, done.stdout + done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    for words in says:
        assert words in done.stderr
    return done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["next", GOAL, "--have", "letrs-unit1"],
        ["next", GOAL, "--target", "letrs-unit1"],
        ["next", GOAL, "--exclude", "letrs-unit1"],
        ["audit", "letrs-unit1"],
        ["letter", "letrs-unit1"],
        ["credential", "letrs-unit1"],
        ["graph", "metrics", "letrs-unit1"],
    ],
)
def test_an_unknown_id_gets_the_nearest_ids(arguments: list[str]) -> None:
    refused(*arguments, says=("letrs-unit1", "letrs-u1"))


def test_every_unknown_id_of_a_question_is_named_at_once() -> None:
    refused(
        "next",
        GOAL,
        "--have",
        "letrs-unit1",
        "--have",
        "nea-mx",
        "--target",
        "walsh-edt65",
        says=("letrs-unit1", "nea-mx", "walsh-edt65"),
    )


@pytest.mark.parametrize("goal", ["", "   ", "\t\n"])
def test_a_question_without_goal_or_target_asks_for_one(goal: str) -> None:
    refused("next", goal, code=2, says=("--target",))


def test_a_goal_of_control_characters_only_asks_for_words() -> None:
    refused("next", "\x07\x1b\x01", says=("goal",))


def test_a_goal_with_control_characters_is_answered_and_none_reaches_the_terminal() -> None:
    done = run_pathways("next", "become a \x1b[31mreading\x07 specialist\x1b]0;title\x07")
    assert done.returncode == 0
    assert "\x1b" not in done.stdout
    assert "\x07" not in done.stdout


def test_a_goal_of_100_000_characters_is_answered_and_does_not_fill_the_screen() -> None:
    done = run_pathways("next", ("become a reading specialist " * 4000)[:100_000], "-k", "1")
    assert done.returncode == 0, done.stderr
    assert len(done.stdout) < 20_000


def test_a_longer_goal_is_refused_in_words() -> None:
    refused("next", "reading " * 12_600, code=2, says=("GOAL", "100000"))


def test_10_000_held_items_are_read_and_more_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "record.csv"
    path.write_text("id\n" + "letrs-u1\n" * 10_000, encoding="utf-8")
    done = run_pathways("next", GOAL, "--record", str(path), "-k", "1")
    assert done.returncode == 0, done.stderr
    path.write_text("id\n" + "letrs-u1\n" * 10_001, encoding="utf-8")
    refused("next", GOAL, "--record", str(path), says=("10,00",))


@pytest.mark.parametrize(
    ("option", "value", "code"),
    [
        ("--budget", "-5", 2), ("--budget", "nan", 2), ("--budget", "inf", 2), ("--budget", "1e300", 2),
        ("--hours-per-week", "0", 2), ("--hours-per-week", "200", 2), ("--by", "2027", 2), ("--by", "2027-13", 2),
        ("--by", "1999-01", 3), ("--place", "US-ZZ", 3), ("--place", "ZZ", 3), ("--place", "somewhere far", 3),
        ("--progress", "48", 3), ("--progress", "-48 PDP", 3), ("--progress", "many PDP", 3), ("--progress", "48 parsecs", 3),
        ("--have", "letrs-u1*0", 3), ("--have", "letrs-u1*-2", 3), ("--have", "letrs-u1*many", 3),
        ("--have", "letrs-u1*99999999999", 3),
    ],
)  # fmt: skip
def test_an_option_out_of_range_is_refused_and_named(option: str, value: str, code: int) -> None:
    refused("next", GOAL, "--target", "renewal:US-TN", option, value, code=code)


RECORDS = {
    "an unknown id": ("id\nletrs-unit1\n", ("record.csv:2", "letrs-unit1", "letrs-u1")),
    "a bad date": ("id,earned_on\nletrs-u1,2024-02-31\n", ("record.csv:2", "earned_on", "2024-02-31")),
    "a bad grade": ("id,grade\nletrs-u1,Q+\n", ("record.csv:2", "grade", "Q+")),
    "negative credits": ("id,credits,credit_unit\nletrs-u1,-3,semester\n", ("record.csv:2", "credits", "-3")),
    "huge credits": ("id,credits,credit_unit\nletrs-u1,1000000000,semester\n", ("record.csv:2", "credits")),
    "a wrong column": ("id,graed\nletrs-u1,B\n", ("graed", "grade")),
    "no column at all": ("", ("record.csv",)),
}


@pytest.mark.parametrize("case", RECORDS)
def test_a_wrong_record_file_is_named_with_row_and_column(case: str, tmp_path: Path) -> None:
    text, says = RECORDS[case]
    path = tmp_path / "record.csv"
    path.write_text(text, encoding="utf-8")
    refused("next", GOAL, "--record", str(path), says=says)
    assert path.read_text(encoding="utf-8") == text


def test_all_problems_of_a_record_file_come_in_one_run(tmp_path: Path) -> None:
    path = tmp_path / "record.csv"
    path.write_text("id,earned_on,grade\nletrs-unit1,2024-01-01,B\nletrs-u1,yesterday,B\nletrs-u2,2024-01-01,Q\n", encoding="utf-8")
    refused("audit", "letrs-v1", "--record", str(path), says=("record.csv:2", "record.csv:3", "record.csv:4"))


@pytest.mark.parametrize("content", [b"\xff\xfe\x00bad", b"{", b'{"achievements": 3}', b'{"achievments": []}', b"[1, 2]", b"null"])
def test_a_record_that_is_no_record_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "record.json"
    path.write_bytes(content)
    refused("next", GOAL, "--record", str(path), says=("record.json",))


def test_a_record_file_that_is_not_there_is_wrong_usage() -> None:
    refused("next", GOAL, "--record", "no-such-file.csv", code=2, says=("no-such-file.csv",))


def test_a_wrong_model_file_is_refused_by_its_checksum(tmp_path: Path) -> None:
    weights = tmp_path / "weights"
    shutil.copytree(BUNDLED_WEIGHTS, weights)
    with (weights / "model.onnx").open("r+b") as model:
        model.seek(1000)
        model.write(b"wrong")
    refused("next", GOAL, says=("model.onnx",), environment={"PATHWAYS_WEIGHTS": str(weights)})


def test_a_missing_model_folder_is_named(tmp_path: Path) -> None:
    refused("next", GOAL, says=("no-weights",), environment={"PATHWAYS_WEIGHTS": str(tmp_path / "no-weights")})


def test_a_half_written_vector_cache_is_repaired_and_the_answer_is_the_same(tmp_path: Path, warm_home: Path) -> None:
    today = {"PATHWAYS_TODAY": "2026-11-21"}
    whole = run_pathways("next", GOAL, "--json", environment=today)
    shutil.copytree(warm_home, tmp_path / "home")
    files = [path for path in (tmp_path / "home").rglob("*") if path.is_file()]
    assert files
    for path in files:
        data = path.read_bytes()
        path.write_bytes(data[: len(data) - 5000])
    broken = {**today, "PATHWAYS_HOME": str(tmp_path / "home")}
    mended = run_pathways("next", GOAL, "--json", environment=broken)
    assert mended.returncode == 0
    assert "Traceback" not in mended.stderr
    assert mended.stdout == whole.stdout
    again = run_pathways("next", GOAL, "--json", environment=broken)
    assert again.stdout == whole.stdout
    assert again.stderr == ""


@pytest.mark.slow
def test_a_home_that_cannot_be_written_still_gets_an_answer(tmp_path: Path) -> None:
    """A file where the folder of caches should be: the vectors cannot be kept, the answer is right all the same."""
    (tmp_path / "home").write_text("not a folder", encoding="utf-8")
    done = run_pathways("search", "dyslexia", "-k", "1", environment={"PATHWAYS_HOME": str(tmp_path / "home")})
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert (tmp_path / "home").read_text(encoding="utf-8") == "not a folder"


@pytest.mark.parametrize(
    ("file", "row", "says"),
    [
        ("requirements.csv", 'letrs-v1,component,"all(no-such-id, letrs-u2)"', "no-such-id"),
        ("requirements.csv", 'letrs-u1,prerequisite,"letrs-v1"', "letrs-v1"),
    ],
    ids=["dangling", "cyclic"],
)
def test_a_dangling_or_cyclic_catalog_is_refused_with_file_and_row(file: str, row: str, says: str, tmp_path: Path) -> None:
    folder = tmp_path / "catalog"
    shutil.copytree(bundled_folder(), folder)
    lines = (folder / file).read_text(encoding="utf-8").splitlines()
    columns = lines[0].split(",")
    lines.append(_like(lines[1], columns, row))
    (folder / file).write_text("\n".join(lines) + "\n", encoding="utf-8")
    refused("data", "check", str(folder), says=(file, says))
    refused("next", GOAL, says=(file, says), environment={"PATHWAYS_CATALOG": str(folder)})


def _like(example: str, columns: list[str], row: str) -> str:
    """A new row with these first cells (credential, kind, expression) and the other cells of an existing row."""
    import csv
    import io

    cells = dict(zip(columns, next(csv.reader([example])), strict=True))
    new = dict(zip(("credential_id", "kind", "expression"), next(csv.reader([row])), strict=True))
    cells |= {**new, "id": "rq-made-for-this-test"}
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow([cells[name] for name in columns])
    return out.getvalue()


def test_an_empty_catalog_folder_names_the_files_it_should_hold(tmp_path: Path) -> None:
    refused("data", "check", str(tmp_path), says=("credentials.csv", "requirements.csv"))


def test_a_wrong_setting_is_named_with_what_it_should_be() -> None:
    refused("search", "dyslexia", says=("PATHWAYS_TODAY",), environment={"PATHWAYS_TODAY": "tomorrow"})


def test_a_curriculum_with_an_unknown_course_or_a_ring_is_refused(tmp_path: Path) -> None:
    columns = "Course ID,Course Name,Prefix,Number,Prerequisites,Corequisites,Strict-Corequisites,Credit Hours"
    head = f"Curriculum,Made\nCourses\n{columns}\n"
    path = tmp_path / "made.csv"
    path.write_text(head + "1,One,,,7,,,3\n", encoding="utf-8")
    refused("graph", "metrics", str(path), says=("made.csv:4", "Prerequisites", '"7"'))
    path.write_text(head + "1,One,,,2,,,3\n2,Two,,,1,,,3\n", encoding="utf-8")
    refused("graph", "metrics", str(path), says=("ring",))


@pytest.mark.parametrize("words", ["xyzzyx plugh", "qqqqqqq"])
def test_a_search_that_finds_nothing_ends_with_4(words: str) -> None:
    done = run_pathways("targets", words, "--json")
    assert done.returncode == 4
    assert json.loads(done.stdout) == []
    assert done.stderr != ""


def test_a_goal_that_nothing_serves_ends_with_4_and_says_so_on_standard_output() -> None:
    done = run_pathways("next", "repair diesel engines of fishing boats")
    assert done.returncode == 4
    assert "of 100 fit" not in done.stdout
    assert done.stdout.strip()


def test_words_that_are_too_long_are_a_matter_of_usage() -> None:
    refused("targets", "x" * 5000, code=2, says=("WORDS", "1000"))


def test_a_check_without_a_folder_checks_the_catalog_in_use(tmp_path: Path) -> None:
    refused("data", "check", says=("credentials.csv",), environment={"PATHWAYS_CATALOG": str(tmp_path)})


@pytest.mark.skipif(not Path("/dev/zero").is_char_device(), reason="this system has no /dev/zero")
def test_a_record_without_end_is_refused() -> None:
    refused("next", GOAL, "--record", "/dev/zero", says=("67,108,864 bytes",))
