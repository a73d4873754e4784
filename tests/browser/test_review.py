"""The evaluator's walk: no decision without a reason, the next match opens, a stale one shows both, only approved rows go out."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from api.settings import Settings
from api.world import World
from tests.browser.accessible import sideways, violations
from tests.browser.conftest import NARROW, Opened

COURSES = (
    "id,institution,title,description,credits,outcomes\n"
    "EDT-650,Walsh University,Developing Language and Literacy,Language and literacy,3,phonological awareness;vocabulary\n"
    "EDT-651,Walsh University,Phonics and Word Study,Systematic phonics instruction,3,phonics;decoding\n"
)


@pytest.fixture(scope="module", autouse=True)
def queue(address: str, chromium: Browser, settings: Settings, world: World) -> None:
    """Courses imported and three matches on the queue, proposed by somebody else."""
    from dataclasses import replace

    from api.identity.asker import LOCAL_ASKER
    from api.identity.audit_log import AuditLog
    from api.review_schemas import MatchesIn
    from api.review_service import Desk, import_courses, make_matches
    from api.secret_key import key_of
    from api.store.database import database_of

    desk = Desk(world, database_of(settings), replace(LOCAL_ASKER, person_id="colleague"), AuditLog(key_of(settings)))
    import_courses(desk, COURSES, "courses.csv")
    for badge, course in (
        ("letrs-u1", "EDT-650"),
        ("letrs-u2", "EDT-651"),
        ("letrs-u3", "EDT-651"),
        ("letrs-u4", "EDT-651"),
        ("letrs-u5", "EDT-650"),
        ("letrs-u6", "EDT-650"),
    ):
        make_matches(desk, MatchesIn(badges=[badge], courses=[course]), lambda *_: ())


def first_match(page: Page) -> str:
    page.goto("/review?state=open")
    page.locator("tbody a").first.click()
    page.wait_for_url("**/review/*")
    return page.url


@pytest.mark.parametrize("scripts", [True, False])
def test_a_rejection_needs_a_reason_and_the_next_match_opens(opened: Opened, shots: Path, scripts: bool) -> None:
    page = opened("/review", scripts=scripts)
    address = first_match(page)
    page.get_by_label("Reason code").select_option("content_gap")
    page.get_by_label("Conditions").fill("kept while I think")
    page.get_by_role("button", name="Reject", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Say why")
    expect(page.get_by_label("Conditions")).to_have_value("kept while I think")
    reason = page.get_by_role("textbox", name="Reason")
    expect(reason).to_have_attribute("aria-invalid", "true")
    reason.fill("No assessment of fluency")
    page.get_by_role("button", name="Reject", exact=True).click()
    page.wait_for_url(lambda url: url.split("?", maxsplit=1)[0] != address)
    page.goto(address)
    expect(page.locator("ol")).to_contain_text("No assessment of fluency")


def test_approved_with_changes_goes_out_as_csv_and_ctdl_with_reason_person_and_date(opened: Opened, shots: Path) -> None:
    page = opened("/review")
    assert violations(page) == []
    page.screenshot(path=shots / "review.png", full_page=True)
    first_match(page)
    assert violations(page) == []
    page.screenshot(path=shots / "review-match.png", full_page=True)
    page.get_by_label("Reason code").select_option("hours")
    page.get_by_role("textbox", name="Reason").fill("45 hours are two credits here")
    page.get_by_label("Credits").fill("2")
    page.get_by_label("Counts until").fill("2028-06-30")
    page.get_by_role("button", name="Approve with changes").click()
    page.wait_for_load_state()
    page.goto("/review/table")
    assert violations(page) == []
    page.screenshot(path=shots / "review-table.png", full_page=True)
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text("45 hours are two credits here")
    expect(rows.first).to_contain_text("until 2028-06-30")
    with page.expect_download() as caught:
        page.get_by_role("link", name="CSV").click()
    text = Path(caught.value.path()).read_text(encoding="utf-8")
    assert text.count("\n") == 2
    assert "45 hours are two credits here" in text
    with page.expect_download() as caught:
        page.get_by_role("link", name="CTDL").click()
    assert "ceterms:TransferValueProfile" in Path(caught.value.path()).read_text(encoding="utf-8")
    page.set_viewport_size(NARROW)
    assert sideways(page) <= 0


def test_a_second_browser_with_the_old_version_sees_both_decisions(opened: Opened, shots: Path) -> None:
    page = opened("/review")
    address = first_match(page)
    other = opened(address)
    for each in (page, other):
        each.get_by_label("Reason code").select_option("level")
        each.get_by_role("textbox", name="Reason").fill("Graduate level is asked here")
    page.get_by_role("button", name="Reject", exact=True).click()
    page.wait_for_load_state()
    other.get_by_role("button", name="Approve", exact=True).click()
    expect(other.get_by_role("heading", level=1)).to_have_text("Somebody decided meanwhile")
    assert violations(other) == []
    other.screenshot(path=shots / "review-conflict.png", full_page=True)


def test_shortcuts_of_one_key_are_off_until_a_person_switches_them_on(opened: Opened) -> None:
    page = opened("/review")
    address = first_match(page)
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("k")
    page.wait_for_timeout(300)
    assert page.url == address
    page.get_by_role("link", name="Switch shortcuts on").click()
    page.wait_for_load_state()
    page.get_by_label("Reason code").select_option("other")
    page.get_by_role("heading", level=1).click()
    page.keyboard.press("k")
    page.wait_for_url(lambda url: url.split("?", maxsplit=1)[0] != address)


def test_the_model_card_can_be_read_by_everyone(opened: Opened, shots: Path) -> None:
    page = opened("/about/model")
    assert violations(page) == []
    expect(page.get_by_role("heading", level=1)).to_have_text("About the model")
    expect(page.locator("svg[role=img]")).to_be_visible()
    page.screenshot(path=shots / "about-model.png", full_page=True)
    page.set_viewport_size(NARROW)
    assert sideways(page) <= 0
