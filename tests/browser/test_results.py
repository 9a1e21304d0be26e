"""Results in a real browser: what is told while a list runs, what is found in it, and asking again."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.accessible import grave_findings
from tests.browser.hands import DESK, choose, click_cell, quiet, window

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
LINE_PX = 35
SCALE_POINTS = 101
NOTED = """
window.told = [];
window.Notification = class {
  static permission = "default";
  static async requestPermission() { return this.permission = "granted"; }
  constructor(title, options) { window.told.push([title, options.body]); }
};
"""
"""A visitor who lets us notify; keeps what would be shown outside the page, where no test sees it."""


@pytest.fixture
def told_page(browser: Browser) -> Iterator[Page]:
    """A page of a visitor who lets us notify."""
    with window(browser, **DESK) as page:
        page.add_init_script(NOTED)
        yield page


def test_a_list_tells_how_far_it_is_and_when_it_is_done_and_disturbs_nobody_meanwhile(
    told_page: Page,
    start_app: Callable[[], str],
    hand_in: Callable[[Page, str], object],
    let_engine_work: Callable[[], None],
) -> None:
    app = start_app()
    hand_in(told_page, app)
    expect(told_page).to_have_title(re.compile(r"^\d % · Results · Winnow$"))
    told_page.get_by_role("button", name="Tell me when it is done").click()
    expect(told_page.get_by_text("You will be told when it is done")).to_be_visible()
    assert not grave_findings(told_page)
    search = told_page.get_by_role("textbox", name="Search")
    search.fill("orchard")
    let_engine_work()
    expect(told_page).to_have_title("Done · Results · Winnow", timeout=90_000)
    expect(told_page.get_by_role("button", name="Pause")).to_have_count(0)
    told_page.wait_for_function("window.told.length")
    ((title, body),) = told_page.evaluate("window.told")
    assert title == "Done: customers.xlsx (Customers)"
    assert re.fullmatch(r"\d+ of \d+ addresses are safe to send", body)
    expect(search).to_have_value("orchard")


def brush(chart: Locator, low: float, high: float) -> None:
    """Drag over a stretch of the confidence scale, as a hand does."""
    ground = chart.locator(".nsewdrag")
    ground.scroll_into_view_if_needed()
    box = ground.bounding_box()
    assert box is not None
    height = box["y"] + box["height"] / 2
    mouse = chart.page.mouse
    mouse.move(box["x"] + box["width"] * low / SCALE_POINTS, height)
    mouse.down()
    mouse.move(box["x"] + box["width"] * high / SCALE_POINTS, height, steps=8)
    mouse.up()


def counted(chart: Locator, low: int, high: int) -> int:
    """Add up what the chart says in words of the bins in a stretch."""
    said = chart.locator("xpath=ancestor-or-self::*[@aria-label][1]").get_attribute("aria-label") or ""
    bins = [(int(number), int(start)) for number, start in re.findall(r"(\d+) with (\d+) to", said)]
    return sum(number for number, start in bins if low <= start <= high)


def test_an_address_is_found_by_a_drag_and_by_words_opened_asked_again_and_taken_along(
    page: Page, checked_demo: str
) -> None:
    page.goto(f"{checked_demo}/results?list=1")
    expect(page.get_by_text(re.compile(r"About \d+ in [\d,]+ of these may still bounce"))).to_be_visible()
    grid = page.get_by_test_id("stDataFrame").locator("[role=grid]")
    chart = page.get_by_test_id("stPlotlyChart").nth(1)
    expect(chart.locator(".nsewdrag")).to_be_attached()
    quiet(page)
    number = counted(chart, 55, 94)
    assert number
    brush(chart, 56, 94)
    expect(page.get_by_text("Shown: confidence 55 to 94")).to_be_visible()
    expect(page.get_by_text(re.compile(rf"^1–\d+ of {number}$"))).to_be_visible()
    page.get_by_role("button", name="Clear filters").click()
    expect(page.get_by_text("All addresses. Click one to see why.")).to_be_visible()
    expect(grid).to_have_attribute("aria-rowcount", "51")
    page.get_by_test_id("stButtonGroup").get_by_text("Valid", exact=True).click()
    expect(page.get_by_text("Shown: Valid", exact=True)).to_be_visible()
    search = page.get_by_role("textbox", name="Search")
    search.fill("gmail.com")
    search.press("Enter")
    expect(page.get_by_text("Shown: Valid · anywhere in it “gmail.com”", exact=True)).to_be_visible()
    where = page.get_by_role("combobox", name=re.compile("Where"))
    choose(where, page.get_by_role("option", name="Its whole domain"))
    expect(grid).not_to_have_attribute("aria-rowcount", "51")
    click_cell(page, 60, LINE_PX + LINE_PX // 2)
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_test_id("stCode").first).to_contain_text("@gmail.com")
    expect(dialog).to_contain_text(re.compile(r"Why its confidence is \d+ of 100"))
    expect(dialog.get_by_test_id("stPlotlyChart")).to_be_visible()
    dialog.get_by_role("button", name="Show report to copy").click()
    expect(page.get_by_text("What was said (no message was sent)")).to_be_visible()
    page.keyboard.press("Escape")
    dialog.get_by_role("button", name="Ask again").click()
    expect(dialog.get_by_text("Earlier checks")).to_be_visible(timeout=60_000)
    expect(page.get_by_test_id("stException")).to_have_count(0)
