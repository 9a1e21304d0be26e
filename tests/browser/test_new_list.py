"""New list through the real page: a messy workbook, its slips fixed, and what comes of it in the export."""

import csv
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from sandbox import write_xlsx
from tests.browser.hands import click_cell, quiet, table

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
DONE_MS = 120_000
HEADER = ("No.", "Work", "Private")
ROWS = (
    ("001", "one@nowhere.sandbox", "anna.plum@gmial.com"),
    ("002", "two@nowhere.sandbox", " bert.pear@gmail.com "),
    ("003", "three@nowhere.sandbox", "mailto:clara.fig@gmial.com"),
    ("004", "four@nowhere.sandbox", "anna.plum@gmail.com"),
)
WORK_X, PRIVATE_X, CELL_Y = 0.25, 0.6, 60
"""Where both columns' cells are drawn: shares of the table's width, and pixels from its top."""


@pytest.fixture
def messy(tmp_path: Path) -> Path:
    path = tmp_path / "messy.xlsx"
    write_xlsx(path, HEADER, ROWS)
    return path


def click_preview(page: Page, share: float) -> None:
    box = table(page).bounding_box()
    assert box is not None
    click_cell(page, box["width"] * share, CELL_Y)


def test_slips_of_a_messy_workbook_are_fixed_and_told_in_the_export(
    page: Page, start_app: Callable[..., str], messy: Path, tmp_path: Path
) -> None:
    page.goto(f"{start_app()}/new_list")
    page.locator("input[type=file]").set_input_files(messy)
    chosen = page.get_by_test_id("stMultiSelect")
    expect(chosen).to_contain_text("Work")
    click_preview(page, PRIVATE_X)
    expect(chosen).to_contain_text("Private")
    click_preview(page, WORK_X)
    expect(chosen).not_to_contain_text("Work")
    expect(page.get_by_text("2 addresses have a mistyped domain")).to_have_count(1)  # once it stands still
    quiet(page)
    page.get_by_role("button", name="Fix all").click()
    expect(page.get_by_role("checkbox", name=re.compile("2 addresses say gmial.com"))).to_be_checked()
    expect(page.get_by_text("What was cleaned (2 addresses)")).to_be_visible()
    page.get_by_role("button", name="Check 3 addresses").click()
    expect(page.get_by_role("heading", name="Results")).to_be_visible()
    expect(page.get_by_text(re.compile(r"\d of 4 addresses are safe to send"))).to_be_visible(timeout=DONE_MS)

    page.get_by_role("link", name="Export").last.click()
    main = page.get_by_test_id("stMain")
    quiet(page)
    main.get_by_text("More choices").click()
    main.get_by_text("CSV", exact=True).click()
    expect(page.get_by_text("With commas, in UTF-8")).to_be_visible()
    rows = written(page, "cleaned", tmp_path) + written(page, "removed", tmp_path)
    assert sorted((row["No."], row["email"], row["corrected_email"]) for row in rows) == [
        ("001", "anna.plum@gmial.com", "anna.plum@gmail.com"),
        ("002", "bert.pear@gmail.com", ""),
        ("003", "clara.fig@gmial.com", "clara.fig@gmail.com"),
        ("004", "anna.plum@gmail.com", ""),
    ]
    assert {row["Private"] for row in rows} == {row[2] for row in ROWS}, "their own column stays as it is"


def written(page: Page, name: str, folder: Path) -> list[dict[str, str]]:
    with page.expect_download() as waiting:
        page.get_by_role("link", name=name).click()
    target = folder / f"{name}.csv"
    waiting.value.save_as(target)
    with target.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_several_files_become_a_list_each_once_the_note_is_read_and_a_broken_one_says_so(
    page: Page, start_app: Callable[..., str], messy: Path, tmp_path: Path
) -> None:
    other, broken = tmp_path / "other.csv", tmp_path / "broken.xlsx"
    other.write_text("email\nfig@nowhere.sandbox\n")
    broken.write_bytes(b"PK\x03\x04 torn")
    page.goto(f"{start_app(is_agreed=False)}/new_list")
    page.locator("input[type=file]").set_input_files([messy, other, broken])
    expect(page.get_by_text("The workbook is broken")).to_be_visible()
    expect(page.get_by_role("heading", name="Before your first check")).to_be_visible()
    expect(page.get_by_role("button", name="in 2 lists")).to_be_disabled()
    page.get_by_role("button", name="I have read this").click()
    expect(page.get_by_role("button", name="in 2 lists")).to_be_enabled()
    page.get_by_role("button", name="in 2 lists").click()
    expect(page.get_by_role("heading", name="Lists", exact=True)).to_be_visible()
    expect(page.get_by_text("messy.xlsx").first).to_be_visible()
    expect(page.get_by_text("other.csv").first).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)
