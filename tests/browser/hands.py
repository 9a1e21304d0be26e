"""What hands do on a page: they wait until it is drawn, for it may forget what is clicked meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Locator, Page, Position, expect

PATIENCE_MS = 30_000  # other tests want the cores too
DESK = {"viewport": {"width": 1280, "height": 900}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
"""Whose windows they are."""

IDLE, BUSY = "[data-test-script-state='notRunning']", "[data-test-script-state='running']"
"""What is on a page that Streamlit has drawn to its end, and on one that it draws."""


@contextmanager
def window(browser: Browser, **options: Any) -> Iterator[Page]:
    """Open a window of its own; whoever acts in it waits until the page is drawn, as hands do."""
    with browser.new_context(**options) as context:
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.add_locator_handler(page.locator(BUSY), lambda: None)  # until it is gone
        yield page


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
