"""Pages: landmarks and labels, errors beside their field, the same numbers as the API, nothing from outside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from starlette.testclient import TestClient

HTML = {"Accept": "text/html"}
ASKED = "/next?goal=teach+reading+better+in+grades+K-3&have=letrs-u1+letrs-u2&place=US-OH"
PAGES = [
    "/", "/next", ASKED, "/next?targets=letrs-v1&have=letrs-u1", "/next?targets=renewal:US-TN&place=US-TN&progress=48+PDP",
    "/credentials", "/credentials?q=letrs", "/credentials/letrs-u1", "/credentials/letrs-v1", "/targets",
    "/targets/letrs-v1?have=letrs-u1", "/targets/oh-reading-endorsement",
    "/targets/renewal:US-TN?progress=48+PDP", "/badges", "/accessibility", "/help", "/problems/invalid-request", "/nothing",
]  # fmt: skip


class Page(HTMLParser):
    """Tags with their attributes, in order, and text by tag."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str) -> Iterator[dict[str, str | None]]:
        return (attributes for name, attributes in self.tags if name == tag)


def token(text: str) -> str:
    """The token that the forms of a page carry."""
    return str(re.findall(r'name="csrf" value="([0-9a-f]+)"', text)[0])


@pytest.mark.parametrize("path", PAGES)
def test_every_page_can_be_read_by_everyone(client: TestClient, path: str) -> None:
    answer = client.get(path, headers=HTML)
    page = Page(answer.text)
    names = [tag for tag, _ in page.tags]
    assert names.count("h1") == 1
    assert {"header", "nav", "main", "footer"} <= set(names)
    assert next(page.all("html"))["lang"] == "en"
    assert next(page.all("a"))["href"] == "#main"
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    labelled = {attributes["for"] for attributes in page.all("label")}
    for tag in ("input", "select", "textarea"):
        assert all(entry.get("id") in labelled for entry in page.all(tag) if entry.get("type") != "hidden")
    levels = [int(name[1]) for name in names if re.fullmatch(r"h[1-6]", name)]
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


@pytest.mark.parametrize("path", [*PAGES, "/docs"])
def test_no_page_loads_anything_from_outside(client: TestClient, path: str) -> None:
    page = Page(client.get(path, headers=HTML).text)
    loaded = [entry.get("src") for tag in ("script", "img", "iframe") for entry in page.all(tag)]
    loaded += [entry.get("href") for entry in page.all("link")]
    assert all(address is not None and address.startswith("/") and not address.startswith("//") for address in loaded)
    assert not any("style" in attributes or any(name.startswith("on") for name in attributes) for _, attributes in page.tags)


def test_the_docs_name_no_other_host(client: TestClient) -> None:
    assert "//" not in client.get("/docs").text.replace("</", "")
    for name in ("swagger-ui-bundle.js", "swagger-ui.css"):
        assert client.get(f"/docs/{name}").status_code == 200
    assert client.get("/docs/other.js").status_code == 404


def test_the_page_shows_what_the_api_answers(client: TestClient) -> None:
    asked = {"goal": "teach reading better in grades K-3", "have": ["letrs-u1", "letrs-u2"], "place": "US-OH"}
    answer = client.post("/v1/recommendations", json=asked).json()
    text = client.get(ASKED).text
    assert f"{len(answer['steps'])} next steps found" in text
    shown = re.findall(r"(\d+) of 100 fit", text)
    assert [int(fit) for fit in shown] == [step["fit"] for step in answer["steps"]]
    names = re.findall(r'<h3 id="step-\d+">\d+\. <a href="/credentials/([^"]+)"', text)
    assert names == [step["credential"]["id"] for step in answer["steps"]]


def test_an_error_stands_beside_its_field_and_nothing_is_lost(client: TestClient) -> None:
    answer = client.get("/next?goal=reading&budget_usd=lots&have=letrs-unit1", headers=HTML)
    assert answer.status_code == 422
    budget = next(entry for entry in Page(answer.text).all("input") if entry["id"] == "budget_usd")
    assert (budget["aria-invalid"], budget["aria-describedby"], budget["value"]) == ("true", "budget_usd-error", "lots")
    assert 'value="reading"' in answer.text


def test_an_unknown_badge_is_named_with_the_nearest(client: TestClient) -> None:
    answer = client.get("/next?goal=reading&have=letrs-unit1")
    assert answer.status_code == 422
    assert "Did you mean letrs-u" in answer.text


def test_not_for_me_hides_a_step_with_its_reason_and_it_can_be_brought_back(client: TestClient) -> None:
    text = client.get(ASKED).text
    first, second = re.findall(r'<h3 id="step-\d+">\d+\. <a href="/credentials/([^"]+)"', text)[:2]
    fields = {"csrf": token(text), "back": ASKED.partition("?")[2]}
    for step, reason in ((first, "Too far\u202e from <b>home</b>"), (second, "")):
        after = client.post("/next/steps", data=fields | {"id": step, "do": "hide", "reason": reason})
        assert after.status_code == 200
        assert str(after.url).endswith(f"{ASKED}#results")
    shown = re.findall(r'<h3 id="step-\d+">\d+\. <a href="/credentials/([^"]+)"', after.text)
    assert not {first, second} & set(shown)
    assert "2 steps you hid" in after.text
    assert "from &lt;b&gt;home&lt;/b&gt;" in after.text
    assert first not in str(after.url)
    back = client.post("/next/steps", data=fields | {"id": first, "do": "show"})
    assert f'<a href="/credentials/{first}"' in back.text
    assert "1 step you hid" in back.text
    every = client.post("/next/steps", data=fields | {"do": "show"})
    assert "you hid" not in every.text
    assert re.findall(r'<h3 id="step-\d+">\d+\. <a href="/credentials/([^"]+)"', every.text)[:2] == [first, second]


def test_what_a_person_types_is_never_markup(client: TestClient) -> None:
    text = client.get("/next", params={"goal": '"><script>alert(1)</script> reading'}).text
    assert "<script>" not in text
    assert "&lt;script&gt;" in text


def test_a_browser_gets_errors_as_pages_and_a_program_as_problems(client: TestClient) -> None:
    page = client.get("/credentials/letrs-unit1", headers=HTML)
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "Did you mean" in page.text
    assert client.get("/credentials/letrs-unit1").headers["content-type"] == "application/problem+json"
    assert client.get("/v1/credentials/nope", headers=HTML).headers["content-type"] == "application/problem+json"


def test_pages_are_small(client: TestClient) -> None:
    assert len(client.get("/static/style.css").content) < 12_000
    assert len(client.get(ASKED).content) < 120_000
