"""What a page says beside the answer: conditions, dissent, copies, names; and links where a terminal would name a command."""

from __future__ import annotations

import html
import re

import pytest
from starlette.testclient import TestClient

from api.console.words import is_told
from api.world import World

HTML = {"Accept": "text/html"}
RENEWAL = {"targets": ["renewal:US-TN"], "place": "US-TN", "progress": ["48 PDP"]}
SHELL = re.compile(r"pathways (search|targets|letter|audit|next|credential|serve)\b|--\w")


def words(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page)).split())


def test_a_page_shows_the_conditions_and_the_statements_that_disagree(client: TestClient) -> None:
    steps = client.post("/v1/recommendations", json=RENEWAL).json()["steps"]
    text = words(client.get("/next?targets=renewal:US-TN&place=US-TN&progress=48+PDP").text)
    ledgers = [step["value_here"][name] for step in steps for name in ("renewal", "pay", "degree")]
    dissent = [use for ledger in ledgers for use in ledger["uses"][1:] if use["answer"] != ledger["answer"]]
    conditions = [
        words for ledger in ledgers for words in ledger["conditions"] if not is_told(words.casefold(), ledger["text"].casefold())
    ]
    assert dissent
    assert conditions
    assert all(f"Also: {' '.join(use['text'].split())}" in text for use in dissent)
    assert all(" ".join(one.rstrip(".").split()) in text for one in conditions)


def test_a_step_on_a_page_says_what_it_is_with_its_page_and_why_it_fits(client: TestClient) -> None:
    steps = client.post("/v1/recommendations", json=RENEWAL).json()["steps"]
    page = client.get("/next?targets=renewal:US-TN&place=US-TN&progress=48+PDP").text
    text = words(page)
    for step in steps:
        assert " ".join(step["description"].split()) in text
        assert step["facts"][0]["source_url"] in html.unescape(page)
        assert f"<summary>Why {step['fit']} of 100</summary>" in page
        assert all(f"{part['name'].capitalize()}: {part['value']:.2f}" in text for part in step["score"])
    meta = re.findall(r'<p class="meta">[^\n]*\n.*?</p>', page, re.DOTALL)
    assert sum("price not published" in one or "$" in one for one in meta) >= len(steps)
    assert all('rel="noreferrer external"' in one for one in meta if "hours" in one)


def test_what_is_alike_is_linked_by_name(client: TestClient, world: World) -> None:
    asked = {"targets": ["renewal:US-TN"], "place": "US-TN", "progress": ["48 PDP"], "k": 10}
    steps = client.post("/v1/recommendations", json=asked).json()["steps"]
    alike = [one for step in steps for one in step["also_items"]]
    assert alike
    assert [one["id"] for step in steps for one in step["also_items"]] == [key for step in steps for key in step["also"]]
    page = client.get("/next?targets=renewal:US-TN&place=US-TN&progress=48+PDP&k=10").text
    assert "Also similar, or in the same stack:" in page
    for one in alike:
        assert one["name"] == world.catalog.credentials[one["id"]].name
        assert f'<a href="/credentials/{one["id"]}">{html.escape(one["name"])}</a>' in page.replace("&#39;", "&#x27;")


@pytest.mark.parametrize(
    "path", ["/next?goal=become+an+airline+pilot", "/next?goal=reading&have=zzzzqqq", "/credentials/zzzzqqq", "/targets/zzzzqqq"]
)
def test_a_browser_is_never_told_to_type_a_command_and_is_given_the_links(client: TestClient, path: str) -> None:
    page = client.get(path, headers=HTML).text
    assert not SHELL.search(words(page))
    main = page.partition("<main")[2].partition("</main>")[0]
    assert '<a href="/credentials">' in main
    assert '<a href="/targets">' in main


def test_no_message_of_the_api_names_a_command(client: TestClient) -> None:
    assert not SHELL.search(client.post("/v1/recommendations", json={"goal": "become an airline pilot"}).json()["message"])
    assert not SHELL.search(client.post("/v1/audits", json={"target": "zzzzqqq"}).text)


def test_a_copy_is_called_a_copy_on_its_page(client: TestClient, world: World) -> None:
    item = next(item for item in world.catalog.credentials.values() if item.source.note)
    assert item.source.note in words(client.get(f"/credentials/{item.id}").text)


def test_an_audit_page_links_the_page_of_each_row(client: TestClient) -> None:
    tree = client.get("/targets/oh-reading-endorsement").text.partition('<ul class="tree">')[2].partition("Counts here")[0]
    assert len(set(re.findall(r'href="(http[^"]+)"', tree))) == 2


def test_help_says_how_the_facts_were_read(client: TestClient) -> None:
    assert "no issuer has verified them" in words(client.get("/help").text)


def test_targets_of_the_state_come_before_those_of_the_nation(client: TestClient) -> None:
    places = [item["place"] for item in client.get("/v1/targets?place=MO&limit=200").json()["items"]]
    own = [place for place in places if "Missouri" in place]
    assert own
    assert len(own) < len(places)
    assert places[: len(own)] == own
    ids = [item["id"] for item in client.get("/v1/targets?place=TN&limit=200").json()["items"]]
    assert ids[0] == "renewal:US-TN"


def test_a_table_of_credentials_can_be_scrolled_by_keyboard_and_stacks_on_a_narrow_screen(client: TestClient) -> None:
    page = client.get("/credentials?q=letrs").text
    assert '<div class="scroll" role="region" aria-label="Credentials found" tabindex="0"><table class="stacks"' in page
    for label in ("Type", "Issuer", "Hours", "Price", "Status"):
        assert f'<td role="cell" data-label="{label}">' in page
    style = client.get("/static/style.css").text
    narrow = re.search(r"@media \(max-width: 40rem\) \{(.*?)\n\}", style, re.DOTALL)
    assert narrow is not None
    assert re.search(r"\.stacks td \{ display: block; \}", narrow.group(1))
