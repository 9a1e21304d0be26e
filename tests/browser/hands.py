"""What hands do on a page: they wait until it is drawn, for it may forget what is clicked meanwhile."""

from playwright.sync_api import Locator, Page, expect

IDLE = "[data-test-script-state='notRunning']"
"""What is on a page that Streamlit has drawn to its end."""


def quiet(page: Page) -> None:
    """Wait until nothing on the page is still being drawn."""
    expect(page.locator(IDLE)).to_be_visible()


def choose(box: Locator, option: Locator) -> None:
    """Open a box of choices and take one."""
    quiet(box.page)
    box.click()
    option.click()
