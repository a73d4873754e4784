"""The record file the README shows can be read, and does what the README says it does."""

from __future__ import annotations

import json
import re
from pathlib import Path

from pathways.record_files import ACHIEVEMENT_COLUMNS
from tests.cli.process import ROOT, run_pathways


def readme() -> str:
    return (ROOT / "README.md").read_text(encoding="utf-8")


def shown_record() -> str:
    (block,) = re.findall(r"^```csv\n(.*?)^```$", readme(), re.MULTILINE | re.DOTALL)
    return str(block)


def test_the_record_file_of_the_readme_counts_and_offers_what_the_readme_says(tmp_path: Path) -> None:
    command = re.search(r"`pathways (audit \S+ --record record\.csv --place \S+)` counts EDT 651 and offers EDT 650", readme())
    assert command is not None
    (tmp_path / "record.csv").write_text(shown_record(), encoding="utf-8")
    done = run_pathways(*command.group(1).split(), "--json", cwd=tmp_path, environment={"PATHWAYS_TODAY": "2026-11-21"})
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert [held["id"] for held in told["holds"]] == ["letrs-u1", "letrs-u2", "nea-mc-generic", "walsh-edt651"]
    assert "EDT 650" in " ".join(offer["to"] for offer in told["offers"])
    assert '"name": "EDT 651' in done.stdout


def test_every_column_the_readme_shows_is_one_that_is_read() -> None:
    columns = shown_record().splitlines()[0].split(",")
    assert set(columns) <= set(ACHIEVEMENT_COLUMNS)
    assert {"id", "name", "earned_on", "grade", "credits", "credit_unit", "stage"} == set(columns)


def test_readme_says_how_the_facts_were_read() -> None:
    assert "no issuer has verified them" in " ".join(readme().split())
