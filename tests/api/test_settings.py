"""Environment to settings."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from api.settings import SettingError, read_settings


def test_settings_are_read_from_the_environment() -> None:
    given = {
        "PATHWAYS_HOME": "cache",
        "PATHWAYS_CATALOG": "mine",
        "PATHWAYS_PORT": "9000",
        "PATHWAYS_TODAY": "2026-11-21",
        "OTHER": "x",
    }
    found = read_settings(given)
    assert (found.home, found.catalog, found.port, found.today) == (Path("cache"), Path("mine"), 9000, date(2026, 11, 21))


def test_an_empty_variable_is_not_set() -> None:
    found = read_settings({"PATHWAYS_CATALOG": "", "PATHWAYS_HOST": ""})
    assert (found.catalog, found.host) == (None, "127.0.0.1")
    assert found.home.name == "pathways"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PATHWAYS_PORT", "http"),
        ("PATHWAYS_PORT", "70000"),
        ("PATHWAYS_WORKERS", "0"),
        ("PATHWAYS_TODAY", "yesterday"),
        ("PATHWAYS_MAX_BODY_BYTES", "-1"),
    ],
)
def test_a_setting_that_cannot_be_read_names_itself(name: str, value: str) -> None:
    with pytest.raises(SettingError) as caught:
        read_settings({name: value})
    assert str(caught.value).startswith(f"{name}: found {value!r}, expected")
