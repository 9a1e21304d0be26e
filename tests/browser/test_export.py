"""The Export page as a person uses it: a usual choice, its count, a workbook, the report."""

import csv
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Download, Page, expect

from tests.browser.hands import PHONE, quiet

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
WIDTH = PHONE["viewport"]["width"]


def metric(page: Page, name: str) -> int:
    shown = page.get_by_test_id("stMetric").filter(has_text=name).get_by_test_id("stMetricValue")
    return int(shown.inner_text().replace(",", ""))


def fetch(page: Page, name: str, folder: Path) -> Path:
    with page.expect_download() as waiting:
        page.get_by_role("link", name=name).click()
    got: Download = waiting.value
    got.save_as(folder / got.suggested_filename)
    return folder / got.suggested_filename


def test_a_usual_choice_is_counted_and_its_workbook_prepared_and_downloaded(
    page: Page, checked_demo: str, tmp_path: Path
) -> None:
    page.goto(f"{checked_demo}/export")
    page.get_by_role("radio", name="All but dead").or_(
        page.get_by_text("All but dead", exact=True)
    ).first.click()
    expect(page.get_by_text("nobody could tell, which is no reason")).to_be_visible()
    quiet(page)
    kept, removed = metric(page, "Rows kept"), metric(page, "Rows removed")
    assert kept
    assert removed

    page.get_by_text("Excel workbook", exact=True).click()
    page.get_by_role("button", name="Prepare the workbook").click()
    expect(page.get_by_role("link", name="Download the workbook")).to_be_visible()
    book = openpyxl.load_workbook(fetch(page, "Download the workbook", tmp_path))
    assert book.sheetnames == ["Kept", "Removed", "Summary"]
    assert [sheet.max_row - 1 for sheet in book.worksheets[:2]] == [kept, removed]
    assert all(row[-1] for row in book["Removed"].iter_rows(min_row=2, values_only=True))
    expect(page.get_by_role("button", name="Prepare the workbook")).to_be_visible()
    expect(page.get_by_text("You have downloaded the workbook.")).to_be_visible()

    with fetch(page, "Download the suppression file", tmp_path).open(newline="") as file:
        header, *rows = csv.reader(file)
    assert header == ["email"]
    assert rows
    report = fetch(page, "Download the report", tmp_path)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(report.as_uri())
    expect(page.get_by_role("heading", name="What could not be known")).to_be_visible()
    assert asked == [report.as_uri()]
    assert b"/Count 1\n" in page.pdf(format="A4", prefer_css_page_size=True), "it prints on one sheet"


def test_the_page_fits_a_phone_and_an_old_link_leads_back_to_it(phone: Page, checked_demo: str) -> None:
    phone.emulate_media(color_scheme="dark")
    phone.goto(f"{checked_demo}/export")
    expect(phone.get_by_role("link", name="Download the report")).to_be_visible()
    wide = phone.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
    assert wide <= WIDTH
    answer = phone.goto(f"{checked_demo}/download/used-already")
    assert answer is not None
    assert answer.status == 404
    phone.get_by_role("link", name="Back to Export").click()
    expect(phone.get_by_role("heading", name="Export")).to_be_visible()
