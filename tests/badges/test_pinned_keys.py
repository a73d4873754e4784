"""An administrator's file of keys is read whole or not at all, and binds issuers that say nothing about their keys themselves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from api.cli import app
from api.pinned_keys import pinned_keys
from api.settings import SettingError, Settings, read_settings
from tests.badges.signing import ISSUER, OTHER, badge, pem, rsa_jwk, rsa_key

COLLEGE = "https://college.example/issuer"


def settings(folder: Path, content: Any) -> Settings:
    path = folder / "keys.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return read_settings({"PATHWAYS_PINNED_KEYS": str(path)})


def test_without_a_file_nobody_is_vouched_for() -> None:
    assert pinned_keys(read_settings({})) == {}


def test_keys_are_read_in_every_form(tmp_path: Path) -> None:
    jwk = rsa_jwk(rsa_key())
    found = pinned_keys(settings(tmp_path, {COLLEGE: [ISSUER.multikey, jwk], "urn:uuid:1": pem(OTHER.private.public_key())}))
    assert found == {COLLEGE: (ISSUER.multikey, json.dumps(jwk)), "urn:uuid:1": (pem(OTHER.private.public_key()),)}


@pytest.mark.parametrize("content", ["no JSON", [], {COLLEGE: []}, {COLLEGE: ["z6Mkbroken"]}, {COLLEGE: 5}, '{"a": "z", "a": "z"}'])
def test_a_mistake_in_the_file_is_told_and_never_passes_for_no_key(tmp_path: Path, content: Any) -> None:
    with pytest.raises(SettingError, match="PATHWAYS_PINNED_KEYS"):
        pinned_keys(settings(tmp_path, content))
    with pytest.raises(SettingError, match="PATHWAYS_PINNED_KEYS"):
        pinned_keys(read_settings({"PATHWAYS_PINNED_KEYS": str(tmp_path / "missing.json")}))


def test_the_command_line_says_verified_for_an_issuer_whose_key_is_pinned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "badge.json"
    file.write_text(json.dumps(ISSUER.signed(badge(COLLEGE))), encoding="utf-8")
    (tmp_path / "keys.json").write_text(json.dumps({COLLEGE: [ISSUER.multikey]}), encoding="utf-8")
    asked = ["badges", "read", str(file), "--json", "--now", "2026-11-21"]
    told = [json.loads(CliRunner().invoke(app, asked).stdout)]
    monkeypatch.setenv("PATHWAYS_PINNED_KEYS", str(tmp_path / "keys.json"))
    told.append(json.loads(CliRunner().invoke(app, asked).stdout))
    assert [(item["verdict"], item["issuer"]) for item in told] == [("valid", "unverified"), ("valid", "verified")]
