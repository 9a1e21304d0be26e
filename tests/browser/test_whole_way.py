"""The main job through the real page: a workbook in, one address opened, a clean list out."""

import csv
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Download, Page, expect

from engine.address import Address, parse_address
from sandbox import Sandbox
from tests.browser.hands import IDLE, click_cell, quiet

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
DONE_MS = 120_000


def download(page: Page, name: str, folder: Path) -> Path:
    with page.expect_download() as waiting:
        page.get_by_role("link", name=name).click()
    got: Download = waiting.value
    target = folder / got.suggested_filename
    got.save_as(target)
    return target


def read_csv(path: Path) -> tuple[list[str], list[list[str]]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    return header, rows


def test_a_workbook_goes_the_whole_way_and_comes_back_clean_and_true(
    page: Page,
    start_app: Callable[[], str],
    hand_in: Callable[[Page, str], list[list[str]]],
    let_engine_work: Callable[[], None],
    mail_world: Sandbox,
    tmp_path: Path,
) -> None:
    app = start_app()
    header, *rows = hand_in(page, app)
    expect(page.get_by_text(re.compile(r"0 of \d+ addresses checked"))).to_be_visible()
    let_engine_work()
    done = page.get_by_text(re.compile(r"\d+ of \d+ addresses are safe to send"))
    expect(done).to_be_visible(timeout=DONE_MS)
    expect(page.get_by_test_id("stPlotlyChart")).to_have_count(3)

    world = mail_world.world
    listed = "\n".join(cell for row in rows for cell in row).casefold()
    accepted = (a for a in world.addresses if world.truth(a).reasons == {"accepted"} and a.islower())
    address = next(each for each in accepted if listed.count(each) == 1)
    find_address(page, address)
    click_cell(page, 120, 55)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("RCPT TO")
    expect(dialog).to_contain_text(address)
    page.keyboard.press("Escape")

    page.get_by_role("link", name="Export").last.click()
    expect(page.get_by_role("heading", name="Export")).to_be_visible()
    main = page.get_by_test_id("stMain")
    quiet(page)
    main.get_by_text("More choices").click()
    main.get_by_role("button", name="Risky", exact=True).click()
    main.get_by_role("button", name="Unknown", exact=True).click()
    main.get_by_text("CSV", exact=True).click()
    expect(page.get_by_text("With commas, in UTF-8")).to_be_visible()
    switch_formulas_on(page)
    kept = read_csv(download(page, "cleaned", tmp_path))
    removed = read_csv(download(page, "removed", tmp_path))
    compare(header, rows, kept, removed, mail_world)
    counted = mail_world.counters()
    assert counted.data_commands == 0
    assert counted.abandoned == 0


def switch_formulas_on(page: Page) -> None:
    """Have cells as they are, and wait until the links give them so."""
    main, idle = page.get_by_test_id("stMain"), page.locator(IDLE)
    expect(idle).to_be_visible()
    main.get_by_text("Columns and cells").click()
    switch = main.get_by_role("switch", name="Make formulas harmless")
    expect(switch).to_be_checked()
    link = page.get_by_role("link", name="Download the cleaned list")
    harmless = link.get_attribute("href") or ""
    while switch.is_checked():  # a page that is drawn just then forgets a click
        main.get_by_text("Make formulas harmless").click()
        expect(idle).to_be_visible()
    expect(link).not_to_have_attribute("href", harmless)
    expect(idle).to_be_visible()


def find_address(page: Page, address: str) -> None:
    page.get_by_role("textbox", name="Search").fill(address)
    page.keyboard.press("Enter")
    table = page.get_by_test_id("stDataFrame")
    expect(table.locator("[role=grid]")).to_have_attribute("aria-rowcount", "2")


def compare(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    kept: tuple[list[str], list[list[str]]],
    removed: tuple[list[str], list[list[str]]],
    sandbox: Sandbox,
) -> None:
    """Hold every row of both files against the list handed in and the sandbox's truth."""
    assert [*kept[0], "why removed"] == removed[0]
    assert kept[0][: len(header)] == list(header)
    width = len(header)
    own = sorted(tuple(row[:width]) for row in (*kept[1], *removed[1]))
    assert own == sorted(tuple(row) for row in rows), "no row lost, no cell changed"
    order = {tuple(row): number for number, row in enumerate(rows)}
    numbers = [order[tuple(row[:width])] for row in kept[1]]
    assert numbers == sorted(numbers), "the kept rows stand in their order"
    status, reason, email = (kept[0].index(name) for name in ("status", "reason", "email"))
    for row in (*kept[1], *removed[1]):
        if isinstance(parse_address(row[email]), Address):
            truth = sandbox.world.truth(row[email])
            assert row[status] == truth.status, row
            assert row[reason] in truth.reasons, row
    assert {row[status] for row in kept[1]} <= {"valid", "risky", "unknown"}
    assert kept[1]
    assert removed[1]


def test_a_deep_link_on_a_fresh_server_finds_its_screen_guarded_and_whole(
    page: Page, start_app: Callable[[], str]
) -> None:
    app = start_app()
    for screen in ("results", "domains", "export", "", "new_list", "preflight", "pace"):
        page.goto(f"{app}/{screen}")
        title = screen.replace("_", " ").capitalize() or "Lists"
        expect(page.get_by_role("heading", name=title)).to_be_visible()
        expect(page.get_by_test_id("stSidebarNav")).to_contain_text("New list")
        expect(page.get_by_test_id("stException")).to_have_count(0)


def test_a_file_that_is_no_list_gets_one_clear_sentence(
    page: Page, start_app: Callable[[], str], tmp_path: Path
) -> None:
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04 this is no workbook")
    page.goto(f"{start_app()}/new_list")
    page.locator("input[type=file]").set_input_files(broken)
    expect(page.get_by_test_id("stAlert")).to_contain_text("The workbook is broken")
    expect(page.get_by_test_id("stException")).to_have_count(0)
