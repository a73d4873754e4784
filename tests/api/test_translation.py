"""Every string of the pages stands in one catalog, and those of an educator have a Spanish form that fits."""

from __future__ import annotations

import re

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from starlette.testclient import TestClient

from tests.api.messages import EDUCATOR, LOCALE, POT, messages, written

HTML = {"Accept": "text/html"}
NAMED = re.compile(r"%\((\w+)\)s")
SPANISH = sorted(path.stem for path in LOCALE.glob("*.po"))


@pytest.fixture(scope="module")
def template() -> Catalog:
    return messages()


def test_the_template_of_all_strings_is_that_of_the_pages(template: Catalog) -> None:
    assert POT.read_text(encoding="utf-8") == written(template), "run: python -m tests.api.messages"


@pytest.mark.parametrize("language", SPANISH)
def test_every_string_an_educator_reads_is_translated_with_its_names_kept(template: Catalog, language: str) -> None:
    with (LOCALE / f"{language}.po").open("rb") as opened:
        known = read_po(opened, locale=language)
    wanted = [one for one in template if one.id and any(place in EDUCATOR for place, _ in one.locations)]
    assert len(wanted) > 200
    for one in wanted:
        found = known[one.id]
        assert found is not None, one.id
        assert not found.fuzzy, one.id
        forms = (found.string,) if isinstance(found.string, str) else tuple(found.string or ("",))
        given = (one.id,) if isinstance(one.id, str) else one.id
        assert all(forms), one.id
        for form in forms:
            assert set(NAMED.findall(form)) == set(NAMED.findall(given[-1])), one.id
            assert form.endswith(":") == given[0].endswith(":"), one.id


def test_a_page_speaks_the_language_of_the_address_then_of_the_browser(client: TestClient) -> None:
    spanish = client.get("/help?lang=es", headers=HTML)
    assert '<html lang="es"' in spanish.text
    assert spanish.headers["content-language"] == "es"
    assert '<html lang="es"' in client.get("/help", headers=HTML).text, "chosen before"
    client.cookies.clear()
    assert '<html lang="es"' in client.get("/help", headers=HTML | {"Accept-Language": "es-MX,es;q=0.9"}).text
    assert '<html lang="en"' in client.get("/help", headers=HTML | {"Accept-Language": "fr"}).text
    assert '<html lang="en"' in client.get("/help?lang=%3Cscript%3E", headers=HTML).text


def test_what_stays_english_on_a_spanish_page_is_marked(client: TestClient) -> None:
    text = client.get("/next?goal=reading&place=US-OH&lang=es", headers=HTML).text
    assert "próximos pasos encontrados" in text
    for name in re.findall(r"<h3 id=\"step-\d+\"([^>]*)>", text):
        assert 'lang="en"' in name
    for reasons in re.findall(r"<ul class=\"marks\"([^>]*)>", text):
        assert 'lang="en"' in reasons
    client.cookies.clear()


def test_a_page_that_is_not_translated_is_english_throughout(client: TestClient) -> None:
    text = client.get("/plans?lang=es", headers=HTML).text
    assert '<html lang="en"' in text
    assert "Skip to content" in text
    assert "Español" not in text
