"""The advisor's walk: a plan is made, a step moved by keyboard, undone, compared, taken over, printed; also without scripts."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessible import sideways, violations
from tests.browser.conftest import NARROW, Opened


def made(page: Page, target: str = "ut-stack-sci-3d", **fields: str) -> None:
    page.get_by_label("Work toward").fill(target)
    for label, value in fields.items():
        page.get_by_label(label).fill(value)
    page.get_by_role("button", name="Make the plan").click()
    page.wait_for_url("**/plans/*")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_step_is_moved_and_undo_puts_back_exactly_what_was_there(opened: Opened, scripts: bool) -> None:
    page = opened("/plans", scripts=scripts)
    made(page)
    before = page.locator(".board").inner_text()
    steps = page.locator(".cards > li:has(button)")
    first = steps.first.locator("h3").inner_text()
    chooser = steps.first.get_by_role("combobox")
    later = chooser.locator("option").last.inner_text()
    chooser.select_option(later)
    chooser.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".note").first).to_contain_text(f"Moved {first} from")
    expect(page.locator(".board")).to_contain_text("Warning:")
    if scripts:
        expect(page.get_by_role("status")).to_contain_text("Moved")
        assert page.evaluate("document.activeElement.id").startswith("move-")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".board")).not_to_contain_text("Warning:")
    assert page.locator(".board").inner_text() == before


def test_a_board_can_be_used_by_everyone(opened: Opened, shots: Path) -> None:
    page = opened("/plans")
    assert violations(page) == []
    made(page)
    page.screenshot(path=shots / "plan-light.png", full_page=True)
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    assert violations(page) == []
    page.screenshot(path=shots / "plan-dark.png", full_page=True)
    page.set_viewport_size(NARROW)
    assert violations(page) == []
    assert sideways(page) <= 0
    page.screenshot(path=shots / "plan-narrow.png", full_page=True)


def test_alternatives_stand_side_by_side_and_one_is_taken_over(opened: Opened, shots: Path) -> None:
    page = opened("/plans")
    made(page, "nb-certification", Terms="Spring 2027..Fall 2029")
    page.get_by_role("button", name="Compare alternatives").click()
    page.wait_for_url("**/compare*", timeout=60_000)
    page.screenshot(path=shots / "compare-light.png", full_page=True)
    assert violations(page) == []
    use = page.get_by_role("button", name="Use this plan")
    if use.count():
        use.first.click()
        expect(page.locator(".note").first).to_contain_text("Took over plan")


def test_why_there_is_no_plan_is_said_with_what_would_help(opened: Opened, shots: Path) -> None:
    page = opened("/plans")
    made(page, "nb-certification", Budget="1000")
    expect(page.get_by_role("heading", name="There is no such plan")).to_be_visible()
    expect(page.locator("main")).to_contain_text("raise the budget to")
    assert violations(page) == []
    page.screenshot(path=shots / "no-plan-light.png", full_page=True)


def test_a_second_browser_with_the_old_version_sees_both_states(opened: Opened) -> None:
    page = opened("/plans")
    made(page)
    other = opened(page.url)
    for each, number in ((page, 2), (other, 3)):
        step = each.locator(".cards > li:has(button)").first
        step.get_by_role("combobox").select_option(index=number)
        step.get_by_role("button", name="Move").click()
        each.wait_for_load_state()
    expect(other.get_by_role("heading", level=1)).to_have_text("Somebody changed this plan meanwhile")
    expect(other.locator("dl")).to_contain_text("Moved")


def test_a_printed_plan_has_every_step_and_no_buttons(opened: Opened) -> None:
    page = opened("/plans")
    made(page)
    names = page.locator(".cards h3").all_inner_texts()
    page.emulate_media(media="print")
    assert page.locator("main button:visible").count() == 0
    assert all(page.get_by_text(name, exact=True).first.is_visible() for name in names)
    assert len(page.pdf()) > 5_000
