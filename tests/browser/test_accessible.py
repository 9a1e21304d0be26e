"""What New list asks and tells keeps nobody out, on a desk and a phone, in light and dark."""

from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.accessible import SCREENS, grave_findings, open_page, watched

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


MESSY = (
    "email,name\nfig@gmial.com,a\nmailto:fig@gmail.com,b\nplum@hotmial.com,c\n pear@mill.sandbox ,d\nnone,e\n"
)


def test_what_a_new_list_asks_and_tells_keeps_nobody_out(
    browser: Browser, start_app: Callable[..., str], tmp_path: Path
) -> None:
    app = start_app(WINNOW_DEMO="1")
    first, second, broken = (tmp_path / name for name in ("first.csv", "second.csv", "broken.xlsx"))
    first.write_text(MESSY)
    second.write_text(MESSY.replace("fig", "lime"))
    broken.write_bytes(b"PK\x03\x04 torn")
    found = []
    for screen, scheme in product(SCREENS, ("light", "dark")):
        with watched(browser, app, screen, scheme) as page:
            open_page(page, app, "new_list")
            page.locator("input[type=file]").set_input_files([first])
            expect(page.get_by_role("button", name="Check 4 addresses")).to_be_visible()
            expect(page.locator("[data-test-script-state='notRunning']")).to_be_visible()
            page.get_by_role("button", name="Fix all").click()
            expect(page.get_by_role("button", name="Undo all")).to_be_visible()
            page.get_by_text("What was cleaned (2 addresses)").click()
            found += [f"one, {screen}, {scheme}: {each}" for each in grave_findings(page)]
            page.locator("input[type=file]").set_input_files([second, broken])
            expect(page.get_by_role("button", name="Check 2 lists")).to_be_visible()
            found += [f"several, {screen}, {scheme}: {each}" for each in grave_findings(page)]
    assert not found, "\n".join(found)


def test_axe_does_find_what_cannot_be_read(page: Page) -> None:
    page.set_content(
        "<html lang=en><title>t</title><main><p style='color:#bbb;background:#fff'>pale</p></main>"
    )
    assert [each.split()[0] for each in grave_findings(page)] == ["color-contrast"]
