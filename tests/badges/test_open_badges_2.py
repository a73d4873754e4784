"""An older badge points at its class and its issuer: followed where there is a way, left as it is where there is none."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pathways.badges.entities import Badge, Fetch, Fetched, Reading
from pathways.badges.errors import FetchError
from pathways.badges.open_badges_2 import complete
from pathways.badges.read import read
from tests.badges.makers import assertion, badge, encoded

CLASS = assertion()["badge"]
ISSUER = {"type": "Issuer", "id": "https://issuer.example/i", "name": "Club"}


def network(**pages: Any) -> Fetch:
    def fetch(url: str) -> Fetched:
        name = url.rpartition("/")[2]
        if name not in pages:
            raise FetchError(url, "not found")
        return Fetched(pages[name] if isinstance(pages[name], bytes) else json.dumps(pages[name]).encode())

    return fetch


def reading(document: dict[str, Any]) -> Reading:
    [found] = read(encoded(document), name="badge.json")
    return found


def kept(document: dict[str, Any], **pages: Any) -> Badge:
    found = complete(reading(document), network(**pages)).badge
    assert found is not None
    return found


def test_class_and_issuer_are_followed() -> None:
    pointing = {**CLASS, "issuer": "https://issuer.example/i"}
    found = kept(assertion(badge="https://issuer.example/b"), b=pointing, i=ISSUER)
    assert (found.name, found.issuer_id, found.issuer_name) == ("Robotics", "https://issuer.example/i", "Club")
    # The address that was asked is the achievement's id, whatever the page says of itself.
    assert found.achievement_id == "https://issuer.example/b"


def test_what_the_badge_holds_itself_is_not_fetched() -> None:
    assert kept(assertion()) == reading(assertion()).badge
    assert kept(assertion(badge={**CLASS, "issuer": "https://issuer.example/i"}), i=ISSUER).issuer_name == "Club"
    assert kept(CLASS).name == "Robotics"


@pytest.mark.parametrize("page", [None, b"[1]", b"{", b"\xff", {"name": 7}])
def test_what_cannot_be_fetched_or_read_stays_unknown(page: Any) -> None:
    pages = {} if page is None else {"b": page}
    found = kept(assertion(badge="https://issuer.example/b"), **pages)
    assert (found.name, found.achievement_id, found.issuer_id) == (None, "https://issuer.example/b", None)
    unnamed = kept(assertion(badge={**CLASS, "issuer": "https://issuer.example/i"}))
    assert (unnamed.issuer_id, unnamed.issuer_name) == ("https://issuer.example/i", None)


def test_only_an_older_badge_is_completed() -> None:
    for document in (badge(), {"no": "badge"}):
        found = reading(document)
        assert complete(found, network()) is found
