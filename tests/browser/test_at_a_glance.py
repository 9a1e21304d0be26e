"""What only a real browser shows: what is in sight on a phone, and what opens by a click or a tap."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.hands import choose, click_cell, quiet, table

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
LINE_PX = 35


def open_list(page: Page, app: str, screen: str = "results") -> None:
    """Open the demo's list on a screen, until its table is drawn to its end: a click before is lost."""
    page.goto(f"{app}/{screen}?list=1")
    expect(grid(page)).to_be_attached()
    quiet(page)


def grid(page: Page) -> Locator:
    return page.get_by_test_id("stDataFrame").locator("[role=grid]")


def cell(page: Page, row: int, column: int) -> str:
    found = page.get_by_test_id("stDataFrame").locator(f"[data-testid=glide-cell-{column}-{row}]")
    return found.first.inner_text()


def too_wide(page: Page) -> int:
    """Give by how many pixels a page is wider than its window."""
    width: int = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return width


def test_on_a_phone_the_demo_says_so_above_the_content(phone: Page, demo: str) -> None:
    phone.goto(demo)
    expect(phone.get_by_role("heading", name="Lists")).to_be_visible()
    expect(phone.get_by_test_id("stSidebarNav")).not_to_be_in_viewport()
    expect(phone.get_by_text("made-up mail world")).to_be_in_viewport()


def test_a_click_on_any_cell_of_a_row_opens_its_address(page: Page, checked_demo: str) -> None:
    open_list(page, checked_demo)
    for x, row in ((60, 0), (300, 0), (430, 2), (600, 3)):
        address = cell(page, row, 0)
        click_cell(page, x, LINE_PX * (row + 1) + LINE_PX // 2)
        expect(page.get_by_role("dialog").get_by_test_id("stCode").first).to_contain_text(address)
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_tap_opens_an_address_and_a_domain_on_a_phone(phone: Page, checked_demo: str) -> None:
    for screen, title in (
        ("results", "What we know of this address"),
        ("domains", "What we know of this domain"),
    ):
        open_list(phone, checked_demo, screen)
        table(phone).tap(position={"x": 90, "y": LINE_PX * 2})
        expect(phone.get_by_role("dialog")).to_contain_text(title)


@pytest.mark.parametrize("device", ["page", "phone"])
def test_preflight_says_how_this_machine_stands(
    request: pytest.FixtureRequest, demo: str, device: str
) -> None:
    view: Page = request.getfixturevalue(device)
    view.goto(f"{demo}/preflight")
    expect(view.get_by_text("Looked at")).to_be_visible()
    expect(view.get_by_role("heading", name="Nothing to mend was found on this machine")).to_be_visible()
    expect(view.get_by_text("winnow.sandbox name each other")).to_be_visible()
    expect(view.get_by_text("In order")).to_have_count(8)
    expect(view.get_by_test_id("stException")).to_have_count(0)
    assert too_wide(view) <= 0, "nothing stands beyond the edge"


def test_the_health_of_domains_is_drawn_and_one_tells_why(page: Page, checked_demo: str) -> None:
    open_list(page, checked_demo, "domains")
    expect(page.get_by_text(re.compile(r"Records of \d+ domains read;"))).to_be_visible(timeout=60_000)
    for finding in ("score 70 or more", "offer encryption", "limit who may send", "keep forged mail out"):
        expect(page.get_by_test_id("stPlotlyChart").filter(has_text=finding)).to_have_count(1)
    page.get_by_role("textbox", name="Search").fill("gmail.com")
    page.keyboard.press("Enter")
    expect(grid(page)).to_have_attribute("aria-rowcount", "2")
    click_cell(page, 60, LINE_PX + LINE_PX // 2)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(re.compile(r"Why its health is \d+ of 100"))
    expect(dialog).to_contain_text("It names its mail hosts (MX)")
    expect(dialog).to_contain_text("aspmx.l.google.com")
    expect(dialog.get_by_role("link", name=re.compile("Show its"))).to_be_visible()


def test_a_table_offers_no_file_of_the_one_page_it_shows(page: Page, checked_demo: str) -> None:
    open_list(page, checked_demo)
    table(page).hover()
    toolbar = page.get_by_test_id("stElementToolbar").filter(has=page.get_by_label(re.compile("Fullscreen")))
    expect(toolbar.get_by_label(re.compile("Fullscreen: Addresses"))).to_be_visible()
    for offer in ("Download as CSV", "Search"):
        expect(toolbar.get_by_label(re.compile(f"^{offer}: Addresses"))).to_be_hidden()


def test_an_address_of_no_list_leads_to_one_that_is_there(page: Page, checked_demo: str) -> None:
    page.goto(f"{checked_demo}/results?list=999")
    expect(page.get_by_text("There is no such list.")).to_be_visible()
    expect(page.get_by_test_id("stDataFrame")).to_have_count(0)
    lists = page.get_by_test_id("stSelectbox").get_by_role("combobox")
    choose(lists, page.get_by_role("option", name=re.compile("Sample customers")))
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()
    expect(page).to_have_url(re.compile(r"list=1$"))


def test_the_signs_above_the_table_of_addresses_lie_over_no_filter(page: Page, checked_demo: str) -> None:
    open_list(page, checked_demo)
    page.get_by_role("button", name="Go to the addresses").click()
    drawn = table(page)
    expect(drawn).to_be_in_viewport()
    drawn.hover()
    signs = page.get_by_test_id("stElementToolbar").bounding_box()
    slider = page.get_by_test_id("stSlider").bounding_box()
    assert signs
    assert slider
    assert slider["y"] + slider["height"] <= signs["y"]


def test_pace_notices_by_itself_that_a_list_runs_and_follows_it_to_its_end_on_a_desk_and_a_phone(
    page: Page,
    phone: Page,
    start_app: Callable[[], str],
    hand_in: Callable[[Page, str], object],
    let_engine_work: Callable[[], None],
) -> None:
    app = start_app()
    phone.goto(f"{app}/pace")
    expect(phone.get_by_role("heading", name="Nothing is being asked")).to_be_visible()
    hand_in(page, app)
    page.goto(f"{app}/pace")
    for view in (phone, page):
        expect(view.get_by_role("heading", name="Who is asked")).to_be_visible()
        expect(view.get_by_text("Addresses to ask now")).to_be_visible()
        expect(view.get_by_text("What these words mean")).to_be_visible()
        assert too_wide(view) <= 0, "nothing stands beyond the edge"
    let_engine_work()
    for view in (phone, page):
        expect(view.get_by_role("heading", name="Nothing is being asked")).to_be_visible(timeout=90_000)
        expect(view.get_by_test_id("stException")).to_have_count(0)
