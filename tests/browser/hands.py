"""What hands do on a page: they wait until it is drawn, for it may forget what is clicked meanwhile."""

from playwright.sync_api import Locator, Page, Position, expect

IDLE = "[data-test-script-state='notRunning']"
"""What is on a page that Streamlit has drawn to its end."""


def quiet(page: Page) -> None:
    """Wait until nothing on the page is still being drawn."""
    expect(page.locator(IDLE)).to_be_visible()


def table(page: Page) -> Locator:
    """Give the first table of a page, once the page is drawn."""
    quiet(page)
    return page.get_by_test_id("stDataFrame").first


def click_cell(page: Page, x: float, y: float) -> None:
    """Click into the first table, once it stands still: the mouse is there first, for a table follows it."""
    drawn = table(page)
    drawn.hover(position=Position(x=x, y=y - 4))
    drawn.click(position=Position(x=x, y=y))


def choose(box: Locator, option: Locator) -> None:
    """Open a box of choices and take one."""
    quiet(box.page)
    box.click()
    option.click()
