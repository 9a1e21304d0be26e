"""Check one in a real browser: stages light up one by one, and the check is come back to."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from sandbox import Domain, Sandbox, world_of
from sandbox.behaviour import User
from sandbox.domain import OwnHost
from sandbox.host import Open

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
SLOW_S = 3.0


@pytest.fixture(scope="module")
def mail_world() -> Iterator[Sandbox]:
    """A world of one host, which takes its time to greet."""
    orchard = Domain("orchard.sandbox", users={"fig": User.EXISTING}, delivery=OwnHost(Open(after_s=SLOW_S)))
    with Sandbox(world_of([orchard])) as sandbox:
        yield sandbox


def test_an_address_is_followed_to_its_answer_and_come_back_to(
    page: Page, start_app: Callable[..., str]
) -> None:
    app = start_app()
    page.goto(f"{app}/check_one?address=fig@orchard.sandbox")
    field = page.get_by_role("textbox", name="E-mail address")
    expect(field).to_have_value("fig@orchard.sandbox")
    expect(page.get_by_role("heading", name="Step by step")).to_have_count(0)
    field.press("Enter")
    steps = page.get_by_role("listitem")
    going_on = page.locator("[aria-current=step]")
    expect(steps.filter(has_text="Find its mail host").get_by_role("img", name="Done")).to_be_visible()
    expect(going_on).to_contain_text("Connect to its mail host")
    expect(page.get_by_text(re.compile("connecting to 127"))).to_be_visible()
    expect(page.get_by_role("heading", name="Valid: accepted")).to_be_visible()
    expect(going_on).to_have_count(0)
    expect(page.get_by_text("What to do:")).to_be_visible()
    expect(page.get_by_text(re.compile("Why its confidence is"))).to_be_visible()
    page.get_by_role("button", name="Show report to copy").click()
    expect(page.get_by_text("What was said (no message was sent)")).to_be_visible()
    page.goto(f"{app}/check_one")
    expect(page.get_by_text("Valid: accepted")).to_have_count(1)
    page.get_by_role("button", name="fig@orchard.sandbox").click()
    page.get_by_role("button", name="Ask again").click()
    expect(going_on).to_contain_text("Connect to its mail host")
    expect(page.get_by_role("heading", name="Valid: accepted")).to_be_visible()
    expect(page.get_by_text("Earlier checks")).to_be_visible()
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("Recent checks")).to_have_count(0)
    expect(page.get_by_test_id("stException")).to_have_count(0)
