"""Badges on the command line: what ``pathways badges read`` promises, and badge files in place of ids."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from api.cli import app
from api.console.held_files import split_have
from pathways.badges.read import MAX_PICTURE
from tests.badges.makers import assertion, badge, baked, encoded, record_of, signed
from tests.badges.samples import SAMPLES, needs_samples

CONTRACT = ["file", "format", "verdict", "signature", "issuer", "status", "dates", "achievement", "problems"]
UNIT = badge(
    achievement={"id": "https://issuer.example/u1", "name": "LETRS Unit 1", "alignment": [{
        "type": ["Alignment"], "targetName": "LETRS Unit 1", "targetUrl": "urn:pathways:credential:letrs-u1"}]},
    issuer={"id": "https://issuer.example", "type": ["Profile"], "name": "Lexia / Voyager Sopris (LETRS)"},
)  # fmt: skip


@pytest.fixture(autouse=True)
def on_a_fixed_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATHWAYS_TODAY", "2026-11-21")


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def lines(*arguments: str | Path, code: int = 0) -> list[dict[str, Any]]:
    done = run("badges", "read", *arguments, "--json")
    assert done.exit_code == code, done.output
    return [json.loads(line) for line in done.stdout.splitlines()]


def saved(folder: Path, name: str, content: Any) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else encoded(content))
    return path


def test_one_object_a_line_with_these_fields(tmp_path: Path) -> None:
    good = saved(tmp_path, "good.png", baked(signed(badge())))
    broken = saved(tmp_path, "broken.json", b"{")
    [first, second, third] = lines(good, broken, tmp_path / "none.json", code=5)
    assert [list(line) for line in (first, second, third)] == [CONTRACT] * 3
    assert first == {
        "file": str(good), "format": "ob3-json", "verdict": "valid", "signature": "valid", "issuer": "verified", "status": "none",
        "dates": "current", "achievement": "Reading Coach", "problems": [],
    }  # fmt: skip
    assert (second["verdict"], [problem["code"] for problem in second["problems"]]) == ("invalid", ["not_json"])
    assert [list(problem) for problem in second["problems"]] == [["code", "text"]]
    assert (third["verdict"], [problem["code"] for problem in third["problems"]]) == ("invalid", ["unreadable_file"])


def test_members_of_arrays_are_lines_and_those_of_records_stand_inside(tmp_path: Path) -> None:
    array = saved(tmp_path, "list.json", [signed(badge()), signed(badge(id="urn:uuid:2"))])
    assert [line["file"] for line in lines(array)] == [f"{array}#1", f"{array}#2"]
    tampered = signed(badge(id="urn:uuid:2")) | {"validFrom": "2020-01-01T00:00:00Z"}
    record = saved(tmp_path, "record.json", signed(record_of(signed(badge()), tampered)))
    [line] = lines(record)
    assert list(line) == [*CONTRACT, "inner"]
    assert (line["verdict"], [inner["verdict"] for inner in line["inner"]]) == ("valid", ["valid", "invalid"])
    assert [problem["code"] for problem in line["problems"]] == ["member_invalid"]


def test_dates_are_judged_as_of_the_day_asked_for(tmp_path: Path) -> None:
    ending = saved(tmp_path, "ending.json", signed(badge(validUntil="2026-11-21T12:00:00Z")))
    found = {now: lines(ending, "--now", now, code=code)[0]["dates"] for now, code in (
        ("2026-11-21T12:00:00Z", 0), ("2026-11-21T12:00:01Z", 5), ("2024-01-01", 5), ("2026-11-21T07:00:00-05:00", 0))}  # fmt: skip
    assert list(found.values()) == ["current", "expired", "not_yet_valid", "current"]
    assert lines(ending, code=5)[0]["dates"] == "expired"
    done = run("badges", "read", ending, "--now", "tomorrow")
    assert (done.exit_code, "2026-11-21T10:00:00Z" in done.stderr) == (2, True)


def test_without_a_fixed_day_it_is_now(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PATHWAYS_TODAY")
    assert lines(saved(tmp_path, "badge.json", signed(badge())))[0]["dates"] == "current"


def hosted(folder: Path) -> tuple[Path, Path]:
    """An assertion that only points, and what stands at the addresses it names."""
    document = assertion(badge="https://issuer.example/b/1")
    badge_class = {**assertion()["badge"], "@context": "https://w3id.org/openbadges/v2", "issuer": "https://issuer.example/i"}
    issuer = {**assertion()["badge"]["issuer"], "@context": "https://w3id.org/openbadges/v2", "url": "https://issuer.example"}
    file = saved(folder, "assertion.json", document)
    for name, content in (("class.json", badge_class), ("issuer.json", issuer)):
        saved(folder, name, content)
    index = {
        "https://issuer.example/a/1": "assertion.json", "https://issuer.example/b/1": "class.json",
        "https://issuer.example/i": "issuer.json",
    }  # fmt: skip
    return file, saved(folder, "index.json", index)


def test_local_files_answer_in_place_of_the_network(tmp_path: Path) -> None:
    file, index = hosted(tmp_path)
    [line] = lines(file, "--responses", index)
    assert (line["verdict"], line["issuer"], line["achievement"]) == ("valid", "verified", "Robotics")
    [line] = lines(file)
    assert (line["verdict"], line["achievement"]) == ("unverified", None)
    cases = [{"file": name, "serve_as": url} for url, name in json.loads(index.read_text()).items()]
    for number, form in enumerate(([*cases, {"file": "other"}], {"cases": cases})):
        assert lines(file, "--responses", saved(tmp_path, f"cases-{number}.json", form))[0]["verdict"] == "valid"


def test_where_no_file_stands_for_an_address_nothing_else_is_asked(tmp_path: Path) -> None:
    file, _ = hosted(tmp_path)
    [line] = lines(file, "--responses", saved(tmp_path, "empty.json", b"{}"))
    assert (line["verdict"], line["achievement"]) == ("unverified", None)
    assert "no file stands for this address" in line["problems"][0]["text"]
    whole = {**badge(), "issuer": {"id": "did:web:issuer.example", "type": ["Profile"], "name": "Issuer"}}
    proof = signed(badge())["proof"] | {"verificationMethod": "did:web:issuer.example#key"}
    [line] = lines(saved(tmp_path, "web.json", whole | {"proof": proof}), "--responses", tmp_path / "empty.json", code=5)
    assert [problem["code"] for problem in line["problems"]] == ["did_not_found"]


def test_an_answer_that_is_missing_or_endless_is_no_answer(tmp_path: Path) -> None:
    file, index = hosted(tmp_path)
    for content in (None, b" " * (1024 * 1024 + 1), b"[]", b"{"):
        path = tmp_path / "class.json"
        path.unlink(missing_ok=True)
        if content is not None:
            path.write_bytes(content)
        [line] = lines(file, "--responses", index)
        assert (line["issuer"], line["achievement"]) == ("unverified", None)
        assert [problem["code"] for problem in line["problems"]] == ["issuer_unreachable"]


@pytest.mark.parametrize("content", [b"{", b"[1]", b'{"https://a.example": 1}', b'"text"', b'[{"serve_as": "https://a.example"}]'])
def test_an_index_that_is_none_is_refused(tmp_path: Path, content: bytes) -> None:
    file, _ = hosted(tmp_path)
    done = run("badges", "read", file, "--responses", saved(tmp_path, "wrong.json", content))
    assert (done.exit_code, "--responses" in done.stderr) == (2, True)


def test_read_as_text_every_problem_has_its_code(tmp_path: Path) -> None:
    record = saved(tmp_path, "record.json", signed(record_of(signed(badge(validUntil="2020-01-01T00:00:00Z", validFrom=...)))))
    done = run("badges", "read", record, "--out", tmp_path / "report.txt")
    assert done.exit_code == 0
    text = (tmp_path / "report.txt").read_text()
    assert "signature valid, issuer verified, status none" in text
    assert '"Reading Coach"' in text
    assert "[expired]" in text
    done = run("badges", "read", record, "--json", "--out", tmp_path / "report.json")
    assert json.loads((tmp_path / "report.json").read_text())["verdict"] == "valid"


def steps(*arguments: str | Path) -> list[str]:
    done = run("next", "--target", "letrs-v1", "--json", *arguments)
    assert done.exit_code == 0, done.output
    return [step["credential"]["id"] for step in json.loads(done.stdout)["steps"]]


def test_a_baked_badge_changes_the_answer(tmp_path: Path) -> None:
    """A picture whose badge its issuer aligned to a credential of the catalog counts as that credential in every command."""
    picture = saved(tmp_path, "unit.png", baked(signed(UNIT)))
    without, held = steps(), steps("--have", picture)
    assert "letrs-u1" in without
    assert "letrs-u1" not in held
    assert held == steps("--have", "letrs-u1")
    audits = [run("audit", "letrs-v1", "--json", "--have", have).stdout for have in (picture, "letrs-u1")]
    assert [json.loads(audit)["composed_of"]["root"]["have"] for audit in audits] == [1, 1]
    done = run("next", "--target", "letrs-v1", "--have", picture)
    assert f"{picture}: LETRS Unit 1 (the badge is aligned to it), unverified" in done.stderr


def test_a_person_says_which_credential_a_badge_is(tmp_path: Path) -> None:
    plain = saved(tmp_path, "plain.json", signed(badge(achievement={"name": "LETRS Unit 1"})))
    done = run("next", "--target", "letrs-v1", "--have", plain)
    assert f"To confirm: --have {plain}=letrs-u1" in done.stderr
    assert "letrs-u1" in steps("--have", plain)
    assert "letrs-u1" not in steps("--have", f"{plain}=letrs-u1")
    wrong = run("next", "--target", "letrs-v1", "--have", f"{plain}=letrs-unit1")
    assert (wrong.exit_code, "Did you mean letrs-u1" in wrong.stderr) == (3, True)


def test_broken_badges_are_named_and_the_others_count(tmp_path: Path) -> None:
    picture = saved(tmp_path, "unit.png", baked(signed(UNIT)))
    broken = saved(tmp_path, "broken.png", baked(signed(UNIT))[:-9])
    arguments = ["next", "--target", "letrs-v1", "--json", "--have", str(picture), "--have", str(broken), "--have", "none.png"]
    done = run(*arguments)
    assert done.exit_code == 0
    assert f"{broken}: does not count: broken.png: The picture is damaged" in done.stderr
    assert "none.png: does not count: none.png: the file cannot be read" in done.stderr
    assert "letrs-u1" not in [step["credential"]["id"] for step in json.loads(done.stdout)["steps"]]
    alone = run("next", "--target", "letrs-v1", "--have", broken)
    assert (alone.exit_code, "None of the badge files" in alone.stderr) == (3, True)
    long = saved(tmp_path, "long.png", baked(badge()) + bytes(MAX_PICTURE))
    assert "At most" in run("next", "--target", "letrs-v1", "--have", long).stderr


@pytest.mark.parametrize("name", ["x" * 5000, "a\0b"])
def test_a_name_no_file_can_have_is_an_id(name: str) -> None:
    assert split_have([name], {}) == ([name], {})


def test_ids_stay_ids(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    saved(tmp_path, "letrs-u1", b"no badge")
    assert "letrs-u1" not in steps("--have", "letrs-u1")
    done = run("next", "--target", "letrs-v1", "--have", "letrs-x1")
    assert (done.exit_code, 'no credential "letrs-x1"' in done.stderr) == (3, True)


def test_badges_and_a_record_file_go_together(tmp_path: Path) -> None:
    picture = saved(tmp_path, "unit.png", baked(signed(UNIT)))
    record = saved(tmp_path, "record.csv", b"id\nletrs-u2\n")
    assert not {"letrs-u1", "letrs-u2"} & set(steps("--have", picture, "--record", record))


def test_a_transcript_is_a_record(tmp_path: Path) -> None:
    table = b"course,title,credits,unit,grade\nletrs-u1,Unit 1,1,semester,A\nx,Art,3,semester,W\n"
    transcript = saved(tmp_path, "transcript.csv", table)
    assert "letrs-u1" not in steps("--record", transcript)
    done = run("audit", "letrs-v1", "--record", transcript)
    assert (done.exit_code, 'transcript.csv: row 3: "Art" has the grade "W"' in done.stderr) == (0, True)


@needs_samples
def test_a_published_picture_changes_what_is_known_of_a_learner(tmp_path: Path) -> None:
    done = run("next", "assess students in the classroom", "--have", SAMPLES / "made" / "baked" / "valid-json.png")
    assert done.exit_code == 0
    assert '"Classroom Assessment Design" counts as a skill' in done.stderr
