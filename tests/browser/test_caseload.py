"""The advisor's caseload: 300 rows with four bad ones, columns confirmed, progress, results, failed rows corrected."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.accessible import sideways, violations
from tests.browser.conftest import NARROW, Opened

HEADER = "learner,goal,have,place,target\n"
BAD = {
    41: "L-41,teach reading,no-such-badge,US-OH,\n",
    99: "L-99,teach reading,,Atlantis,\n",
    150: "L-150,,,,\n",
    222: ",read,,,\n",
}


def rows(count: int, bad: dict[int, str]) -> str:
    good = "L-{0},become a reading specialist in grade {1},letrs-u{2},US-OH,\n"
    return HEADER + "".join(bad.get(number) or good.format(number, number % 5, number % 8 + 1) for number in range(1, count + 1))


def upload(page: Page, text: str) -> None:
    page.get_by_label("Your file").set_input_files({"name": "caseload.csv", "mimeType": "text/csv", "buffer": text.encode()})
    page.get_by_role("button", name="Check the columns").click()
    page.wait_for_url("**/caseload/*")


def test_a_caseload_goes_in_and_its_failed_rows_come_out_to_be_corrected(opened: Opened, shots: Path, tmp_path: Path) -> None:
    page = opened("/caseload")
    assert violations(page) == []
    upload(page, rows(300, BAD))
    expect(page.get_by_role("heading", name="Are the columns right?")).to_be_visible()
    assert violations(page) == []
    page.screenshot(path=shots / "caseload-check.png", full_page=True)
    first = page.url
    page.get_by_role("button", name="Start with 298 rows").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    assert violations(page) == []
    page.screenshot(path=shots / "caseload-running.png", full_page=True)
    expect(page.get_by_role("heading", name="296 results")).to_be_visible(timeout=200_000)
    for number, column in ((42, "have"), (100, "place"), (151, "goal"), (223, "learner")):
        expect(page.get_by_text(f"Row {number}, column {column}:")).to_be_visible()
    assert violations(page) == []
    page.screenshot(path=shots / "caseload-results.png")
    with page.expect_download() as caught:
        page.get_by_role("link", name="Download the 4 failed rows").click()
    failed = Path(caught.value.path()).read_text(encoding="utf-8")
    assert failed.count("\n") == 5
    page.set_viewport_size(NARROW)
    assert sideways(page) <= 0
    page.goto("/caseload")
    upload(page, rows(300, BAD))
    assert page.url == first
    page.goto("/caseload")
    corrected = failed.replace("no-such-badge", "letrs-u1").replace("Atlantis", "US-OH").replace(",problem_column,problem", "")
    lines = [line.split(",")[:5] for line in corrected.splitlines()[1:]]
    upload(page, HEADER + "".join(f"X-{n},{cells[1] or 'teach reading'},{cells[2]},{cells[3]},\n" for n, cells in enumerate(lines)))
    page.get_by_role("button", name="Start with 4 rows").click()
    expect(page.get_by_role("heading", name="4 results")).to_be_visible(timeout=60_000)


def test_a_file_of_the_wrong_kind_is_refused_beside_its_field(opened: Opened) -> None:
    page = opened("/caseload", scripts=False)
    page.get_by_role("button", name="Check the columns").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose a CSV file first.")
    page.get_by_label("Your file").set_input_files(
        {"name": "x.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n\x00\xff"}
    )
    page.get_by_role("button", name="Check the columns").click()
    expect(page.get_by_role("alert")).to_contain_text("x.png")
    assert violations(opened("/caseload")) == []
