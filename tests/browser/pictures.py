"""Takes the pictures of docs/screenshots: every page and state, desk and phone, light and dark.

`make screenshots` runs this. A picture shows a whole page, and is kept in few colours, for it stays small so.
"""

import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser.accessible import make_policy

PICTURES = Path(__file__).parents[2] / "docs" / "screenshots"
SCREENS = {"desk": (1280, 900), "phone": (390, 844)}
SCHEMES = ("light", "dark")
LONGEST = 3_200
"""Pixels of height after which a page is cut."""
COLOURS = 128

EMPTY = {
    "lists-empty": "",
    "new-list-empty": "new_list",
    "check-one-empty": "check_one",
    "policies-empty": "policies",
    "never-asked-empty": "never_asked",
    "results-no-such-list": "results?list=999",
}
FINISHED = {
    "lists": "",
    "results": "results?list=1",
    "domains": "domains?list=1",
    "export": "export?list=1",
    "preflight": "preflight",
    "pace": "pace",
    "help": "help",
}
MADE = {"check-one": "check_one?check=2", "policies": "policies", "never-asked": "never_asked"}
"""Pictures by name, and the address of each."""

pytestmark = pytest.mark.timeout(900)


@contextmanager
def windows(browser: Browser) -> Iterator[list[tuple[str, Page]]]:
    """Open a window of each size and scheme, by the end of its pictures' names."""
    contexts = {
        f"{screen}-{scheme}": browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
        )
        for screen, (width, height) in SCREENS.items()
        for scheme in SCHEMES
    }
    yield [(name, context.new_page()) for name, context in contexts.items()]
    for context in contexts.values():
        context.close()


def wait_until_drawn(page: Page) -> None:
    """Wait until nothing of a page is still being made."""
    expect(page.get_by_role("heading", level=1).first).to_be_visible(timeout=60_000)
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0, timeout=60_000)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    expect(page.get_by_text("s so far; a host that stays silent")).to_have_count(0)


def take(page: Page, name: str) -> None:
    """Take a picture of the whole page as it stands."""
    size = page.viewport_size
    assert size is not None
    height = page.get_by_test_id("stMain").evaluate("each => each.scrollHeight")
    page.set_viewport_size({"width": size["width"], "height": min(max(height, size["height"]), LONGEST)})
    wait_until_drawn(page)
    taken = Image.open(io.BytesIO(page.screenshot(animations="disabled")))
    PICTURES.mkdir(exist_ok=True)
    taken.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(
        PICTURES / f"{name}.png", optimize=True
    )
    page.set_viewport_size(size)


def take_each(browser: Browser, app: str, places: dict[str, str]) -> None:
    """Take pictures of pages by their addresses, in every window."""
    with windows(browser) as opened:
        for ending, page in opened:
            for name, place in places.items():
                page.goto(f"{app}/{place}")
                wait_until_drawn(page)
                take(page, f"{name}-{ending}")


def test_pictures_of_what_is_empty_and_of_what_goes_wrong(
    browser: Browser, start_app: Callable[..., str]
) -> None:
    app = start_app(WINNOW_DEMO="1")
    take_each(browser, app, EMPTY)
    with windows(browser) as opened:
        for ending, page in opened:
            page.goto(f"{app}/new_list")
            broken = {"name": "customers.xlsx", "mimeType": "", "buffer": b"PK\x03\x04 cut off"}
            page.locator("input[type=file]").set_input_files(broken)
            expect(page.get_by_role("alert").first).to_be_visible()
            take(page, f"new-list-error-{ending}")


def test_pictures_of_a_list_from_its_file_to_its_export(
    browser: Browser, start_app: Callable[..., str]
) -> None:
    app = start_app(WINNOW_DEMO="1")
    with windows(browser) as opened:
        dismiss_tour(opened[0][1], app)
        for ending, page in opened:
            page.goto(f"{app}/new_list?sample=1")
            expect(page.get_by_role("button", name=re.compile(r"^Check [\d,]+ addresses"))).to_be_visible()
            take(page, f"new-list-{ending}")
        _, first = opened[0]
        first.get_by_role("button", name=re.compile(r"^Check [\d,]+ addresses")).click()
        expect(first.get_by_role("heading", name="Results", exact=True)).to_be_visible()
        for ending, page in opened:
            page.goto(f"{app}/results?list=1")
            wait_until_drawn(page)
            take(page, f"results-running-{ending}")
        expect(first.get_by_role("button", name="Pause")).to_have_count(0, timeout=120_000)
        check_one(first, app)
        make_policy(first, app)
        never_ask(first, app)
        for ending, page in opened:
            for name, place in MADE.items():
                page.goto(f"{app}/{place}")
                wait_until_drawn(page)
                take(page, f"{name}-{ending}")
    take_each(browser, app, FINISHED)


def dismiss_tour(page: Page, app: str) -> None:
    """Have the tour shown no more."""
    page.goto(app)
    page.get_by_role("button", name="Dismiss").click()
    expect(page.get_by_role("button", name="Dismiss")).to_have_count(0)


def check_one(page: Page, app: str) -> None:
    """Ask about one address, to its end."""
    page.goto(f"{app}/check_one?address=apricot_84%40gmial.com")
    page.get_by_role("button", name="Check").first.click()
    expect(page.get_by_text("What to do:")).to_be_visible(timeout=60_000)


def never_ask(page: Page, app: str) -> None:
    """Put a domain on the list of those who are never asked."""
    page.goto(f"{app}/never_asked")
    page.get_by_role("textbox").first.fill("orchard.sandbox")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Added singly")).to_be_visible()
