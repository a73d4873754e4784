"""The educator's walk: a goal in words, badges, a target, steps that are not wanted, a picture to keep; also without scripts."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.badges.makers import badge, baked, encoded, in_svg, signed, svg
from tests.browser.accessible import sideways, violations
from tests.browser.conftest import NARROW, Opened

GOAL = "teach reading better in grades K-3"
FOUND = "next steps found"


def earned(number: int, **achievement: Any) -> dict[str, Any]:
    """A signed badge for one LETRS unit, or for what ``achievement`` says."""
    about = {"id": f"urn:pathways:credential:letrs-u{number}", "name": f"LETRS Unit {number}"} | achievement
    return signed(badge(id=f"https://issuer.example/credentials/{number}", achievement=about))


def sent(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def asked(page: Page, **fields: str) -> None:
    for label, value in fields.items():
        page.get_by_label(label.replace("_", " ")).first.fill(value)
    page.get_by_role("button", name="Find my next step").click()
    expect(page.get_by_role("heading", name=FOUND)).to_be_visible()


def steps(page: Page) -> list[str]:
    return page.locator("article.step h3 a").all_inner_texts()


@pytest.mark.parametrize("scripts", [True, False])
def test_from_a_goal_and_badges_to_a_picture_of_the_way(opened: Opened, shots: Path, scripts: bool) -> None:
    page = opened("/next", scripts=scripts)
    asked(page, Your_goal=GOAL)
    assert parse_qs(urlsplit(page.url).query) == {"goal": [GOAL]}, page.url
    if scripts:
        expect(page.get_by_role("status")).to_have_text("5 next steps found.")
        assert page.evaluate("document.activeElement.id") == "results"

    page.get_by_role("link", name="Send your badge files").click()
    page.get_by_label("Badge files").set_input_files(
        [
            sent("unit-1.png", baked(earned(1))),
            sent("unit-2.svg", svg(in_svg(earned(2)))),
            sent("unit-3.json", encoded(earned(3))),
            sent("broken.json", encoded(earned(4))[:-5]),
        ]
    )
    page.get_by_role("button", name="Read my badges").click()
    expect(page.get_by_role("heading", name="3 badges read, 1 needs a look")).to_be_visible()
    broken = page.locator("li.card", has_text="broken.json")
    expect(broken).to_contain_text("does not count")
    expect(broken).to_contain_text("It is not JSON that can be read")
    expect(page.locator("li.card", has_text="unit-2.svg")).to_contain_text("In the catalog it is LETRS Unit 2")
    if scripts:  # what judges the page is a script too
        assert violations(page) == []
    page.screenshot(path=shots / f"badges-read-{'light' if scripts else 'no-scripts'}.png", full_page=True)

    page.get_by_role("link", name="Find my next step").click()
    expect(page.locator("form.card")).to_contain_text("Your badges: 3 badges read, 1 needs a look.")
    asked(page, Your_goal=GOAL)
    without = steps(page)
    assert not [name for name in without if name in {"LETRS Unit 1", "LETRS Unit 2", "LETRS Unit 3"}]

    asked(page, Work_toward="letrs-v1")
    expect(page.locator("section.stack")).to_contain_text("3 of 5 steps earned")
    assert steps(page) != without
    assert steps(page)[0] == "LETRS Unit 4"
    assert "letrs-u1" not in page.url

    other = steps(page)[1]
    page.locator("article.step", has_text=other).first.get_by_text("Not for me").click()
    page.locator("article.step", has_text=other).first.get_by_label("Why not?").fill("Too far away <b>")
    page.get_by_role("button", name=f"Hide this step {other}").click()
    expect(page.get_by_role("heading", name="1 step you hid")).to_be_visible()
    assert other not in steps(page)
    expect(page.locator("section.card", has_text="you hid")).to_contain_text(f"{other}: Too far away <b>")
    page.get_by_role("button", name=f"Bring back {other}").click()
    expect(page.get_by_role("heading", name="you hid")).to_have_count(0)
    assert steps(page)[1] == other

    expect(page.locator(".picture svg")).to_have_count(1)
    with page.expect_download() as waiting:
        page.get_by_role("link", name="SVG LETRS Volume 1").click()
    drawn = waiting.value.path().read_text(encoding="utf-8")
    assert drawn.startswith("<svg")
    assert all(name in " ".join(drawn.split()) for name in ("Unit 1", "Unit 2", "Unit 3", "Unit 4", "Volume 1"))
    page.screenshot(path=shots / f"next-target-{'light' if scripts else 'no-scripts'}.png", full_page=True)


def test_a_badge_that_may_be_several_asks_and_the_person_decides(opened: Opened, shots: Path) -> None:
    page = opened("/badges")
    unlike = earned(9, id="https://issuer.example/a", name="LETRS Unit 1", description="Science of reading, unit one.")
    page.get_by_label("Badge files").set_input_files([sent("maybe.json", encoded(unlike))])
    page.get_by_role("button", name="Read my badges").click()
    expect(page.locator("li.card")).to_contain_text("please say which")
    page.screenshot(path=shots / "badges-ask-light.png", full_page=True)
    assert violations(page) == []
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose one of the credentials")
    page.get_by_label("Which credential is it?").select_option("letrs-u1")
    page.get_by_role("button", name="Confirm").click()
    expect(page.locator("li.card")).to_contain_text("You said that it is LETRS Unit 1")
    page.goto("/targets/letrs-v1")
    expect(page.locator("section.stack, main")).to_contain_text(["LETRS Unit 1"])
    page.goto("/badges")
    page.get_by_role("button", name="Forget everything kept here").click()
    expect(page.get_by_role("heading", name="What is kept here")).to_have_count(0)
    page.goto("/next")
    expect(page.get_by_role("link", name="Send your badge files")).to_be_visible()


def test_the_steps_can_be_sorted_without_loading_the_page_again(opened: Opened) -> None:
    page = opened(f"/next?goal={GOAL.replace(' ', '+')}&k=10")
    page.evaluate("window.same = true")
    page.get_by_label("Sort").select_option("price")
    page.get_by_role("button", name="Sort the steps").click()
    page.wait_for_url("**sort=price*")
    prices = page.locator("article.step > p.meta").all_inner_texts()
    known = [float(text.split("$")[1].split(" ")[0].replace(",", "")) for text in prices if "$" in text]
    assert known == sorted(known)
    assert ["$" in text for text in prices] == sorted(("$" in text for text in prices), reverse=True)
    assert page.evaluate("window.same") is True


def test_a_letter_is_copied_as_it_stands(opened: Opened) -> None:
    page = opened("/next?targets=oh-reading-endorsement&place=US-OH")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_text("Letter to: Ohio Department").first.click()
    page.get_by_role("button", name="Copy the letter Ohio Department").click()
    expect(page.get_by_role("status")).to_have_text("Copied.")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator("#letter-1").text_content()
    assert copied.startswith("To: Ohio Department")


def test_tab_walks_the_page_in_the_order_it_is_read(opened: Opened) -> None:
    page = opened("/next?goal=reading&targets=letrs-v1")
    where = """() => { const it = document.activeElement; if (!it || it === document.body) return null;
        const all = [...document.querySelectorAll('*')]; return [all.indexOf(it), it.matches(':focus-visible')]; }"""
    places: list[tuple[int, bool]] = []
    for _ in range(400):
        page.keyboard.press("Tab")
        found = page.evaluate(where)
        if found is None or (places and found[0] <= places[-1][0]):
            break
        places.append((found[0], found[1]))
    wanted = page.evaluate(
        """[...document.querySelectorAll('a[href],button,input,select,summary,[tabindex="0"]')]
        .filter((it) => it.type !== 'hidden' && it.checkVisibility() && !it.disabled).length"""
    )
    assert len(places) >= wanted
    assert all(visible for _, visible in places)


def test_the_page_of_next_steps_speaks_spanish(opened: Opened, shots: Path) -> None:
    page = opened("/next", language="es-US")
    expect(page.get_by_role("heading", level=1)).to_have_text("¿Qué debería obtener ahora?")
    page.get_by_label("Su objetivo").fill("reading specialist")
    page.get_by_label("Trabajar hacia").fill("oh-reading-endorsement")
    page.get_by_role("button", name="Encontrar mi próximo paso").click()
    expect(page.get_by_role("status")).to_have_text("5 próximos pasos encontrados.")
    assert violations(page) == []
    page.screenshot(path=shots / "next-spanish.png", full_page=True)
    page.locator("article.step").first.get_by_text("No es para mí").click()
    page.get_by_role("button", name="Ocultar este paso").first.click()
    expect(page.get_by_role("heading", name="1 paso que ocultó")).to_be_visible()
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What should I earn next?")


def test_an_audit_prints_with_its_date_and_sources_and_without_controls(opened: Opened) -> None:
    page = opened("/targets/oh-reading-endorsement?place=US-OH")
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name="Audit as of 2026-11-21")).to_be_visible()
    assert page.locator("main button:visible, main input:visible").count() == 0
    expect(page.get_by_role("heading", name="Sources")).to_be_visible()
    assert page.locator("h2:has-text('Sources') + ul li").count() >= 2
    page.emulate_media(media="screen")
    page.get_by_role("link", name="Plan this target").click()
    expect(page.get_by_label("Work toward")).to_have_value("oh-reading-endorsement")


def test_badges_and_hidden_steps_fit_a_narrow_screen(opened: Opened, shots: Path) -> None:
    page = opened("/badges", size=NARROW)
    long = earned(8, id="https://issuer.example/long", name="W" * 120)
    page.get_by_label("Badge files").set_input_files([sent(f"{'x' * 90}.json", encoded(long)), sent("no.pdf", b"%PDF-1.7")])
    page.get_by_role("button", name="Read my badges").click()
    expect(page.get_by_role("heading", name="need")).to_be_visible()
    assert sideways(page) <= 0
    assert violations(page) == []
    page.screenshot(path=shots / "badges-read-narrow.png", full_page=True)


def test_a_lost_session_is_answered_in_words_and_nothing_is_kept(opened: Opened) -> None:
    page = opened("/badges")
    page.context.clear_cookies()
    page.get_by_label("Badge files").set_input_files([sent("a.json", encoded(earned(1)))])
    page.get_by_role("button", name="Read my badges").click()
    expect(page.locator("main")).to_contain_text("session that has ended")
    page.goto("/badges")
    expect(page.get_by_role("heading", name="badge read")).to_have_count(0)
