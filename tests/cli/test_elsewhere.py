"""What is of another state says so wherever it can be claimed, planned or renewed with; what is no place is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from api.cli import app
from pathways.errors import QuestionError
from pathways.places import parse_place

UNITS = ["--have", "letrs-u1", "--have", "letrs-u2"]


def said(*arguments: str) -> str:
    done = CliRunner().invoke(app, ["--quiet", *arguments])
    assert done.exit_code == 0, done.output
    return " ".join(done.stdout.split())


def answer(*arguments: str) -> Any:
    return json.loads(CliRunner().invoke(app, ["--quiet", *arguments, "--json"]).stdout)


def test_a_claim_of_another_state_is_marked_and_one_of_the_own_is_not() -> None:
    away = "Belongs to Ohio. Walsh University is there; nothing in this catalog says Tennessee accepts it."
    assert away in said("audit", "oh-reading-endorsement", *UNITS, "--place", "US-TN")
    assert "Belongs to" not in said("audit", "oh-reading-endorsement", *UNITS, "--place", "US-OH")
    text = said("next", "--target", "oh-reading-endorsement", *UNITS, "--place", "US-TN", "-k", "1")
    assert text.count("Belongs to Ohio") == 1, "once for the step, not again for its claim"


def test_a_plan_names_what_is_of_another_state() -> None:
    asked = ["plan", "oh-reading-endorsement", "--terms", "Spring 2027..Fall 2028"]
    assert any("Tennessee" in note for note in answer(*asked, "--place", "US-TN")["notes"])
    assert not any("belong" in note for note in answer(*asked, "--place", "US-OH")["notes"])


def test_an_amount_and_the_title_of_its_rule_do_not_read_as_one_unit() -> None:
    text = said("next", "--target", "renewal:US-TN", "--place", "US-TN", "-k", "1")
    assert "6 PDP: Professional development points per approved micro-credential" in text
    assert text.count("Professional development points per approved micro-credential") == 1


@pytest.mark.parametrize("code", ["ZZ", "XX", "QQ-OH", "US-ZZ", "U"])
def test_what_is_no_place_is_refused_with_what_is_expected(code: str) -> None:
    with pytest.raises(QuestionError, match="US-OH"):
        parse_place(code)


def test_other_nations_and_their_parts_are_places() -> None:
    assert parse_place("fi").nation == "FI"
    assert parse_place("CA-ON").state == "CA-ON"
    assert parse_place("PR").state == "US-PR"
