"""The first visit: the tour by keyboard, and Help found by words."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def title(page: Page, name: str) -> None:
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()


def press(page: Page, label: str) -> None:
    """Press a button as a keyboard does."""
    page.get_by_role("button", name=label).focus()
    page.keyboard.press("Enter")


def test_a_newcomer_is_led_through_four_screens_and_never_again_until_help_is_asked(
    page: Page, start_app: Callable[..., str]
) -> None:
    app = start_app(WINNOW_DEMO="1")
    page.goto(app)
    title(page, "Lists")
    press(page, "Show me round")
    for place, name in enumerate(("Lists", "New list", "Results"), start=1):
        title(page, name)
        expect(page.get_by_text(f"{place} of 4 · {name}")).to_be_visible()
        press(page, "Next step")
    title(page, "Export")
    press(page, "Step back")
    title(page, "Results")
    press(page, "Dismiss")
    expect(page.get_by_text(" of 4 · ")).to_have_count(0)
    page.goto(app)
    title(page, "Lists")
    expect(page.get_by_role("button", name="Check your first list")).to_be_visible()
    expect(page.get_by_role("button", name="Show me round")).to_have_count(0)

    page.get_by_role("link", name="Help").click()
    title(page, "What Winnow can and cannot know")
    page.get_by_label("Search").fill("greylisting")
    page.keyboard.press("Enter")
    title(page, "Why some addresses wait")
    expect(page.get_by_role("heading", name="What Winnow never does")).to_have_count(0)
    page.get_by_role("button", name="Take the tour").click()
    expect(page.get_by_text("1 of 4 · Lists")).to_be_visible()
