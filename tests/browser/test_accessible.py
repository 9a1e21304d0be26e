"""No page keeps anybody out, on a desk and a phone, in light and dark (axe-core), or asks anybody else."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.accessible import (
    OF_COLOURS,
    PAGES,
    SCREENS,
    check_sample,
    grave_findings,
    grave_in_each_scheme,
    look_at,
    make_policy,
    open_page,
    watched,
)
from tests.browser.hands import quiet

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
EMPTY = ("", "new_list")
MESSY = (
    "email,name\nfig@gmial.com,a\nmailto:fig@gmail.com,b\nplum@hotmial.com,c\n pear@mill.sandbox ,d\nnone,e\n"
)


def test_no_page_keeps_anybody_out_or_asks_anybody_else(browser: Browser, demo: str) -> None:
    with watched(browser, demo, "desk") as page:
        found = look_at(page, demo, EMPTY)
        check_sample(page, demo)
        make_policy(page, demo)
        found += look_at(page, demo, PAGES)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("screen", SCREENS)
def test_what_a_new_list_asks_and_tells_keeps_nobody_out(
    browser: Browser, demo: str, tmp_path: Path, screen: str
) -> None:
    first, second, broken = (tmp_path / name for name in ("first.csv", "second.csv", "broken.xlsx"))
    first.write_text(MESSY)
    second.write_text(MESSY.replace("fig", "lime"))
    broken.write_bytes(b"PK\x03\x04 torn")
    with watched(browser, demo, screen) as page:
        open_page(page, demo, "new_list")
        page.locator("input[type=file]").set_input_files([first])
        expect(page.get_by_role("button", name="Check 4 addresses")).to_be_visible()
        quiet(page)
        page.get_by_role("button", name="Fix all").click()
        expect(page.get_by_role("button", name="Undo all")).to_be_visible()
        page.get_by_text("What was cleaned (2 addresses)").click()
        found = grave_in_each_scheme(page, f"one, {screen}")
        page.locator("input[type=file]").set_input_files([second, broken])
        expect(page.get_by_role("button", name="in 2 lists")).to_be_visible()
        found += grave_in_each_scheme(page, f"several, {screen}")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("rules", [(), OF_COLOURS])
def test_axe_does_find_what_cannot_be_read(page: Page, rules: tuple[str, ...]) -> None:
    page.set_content(
        "<html lang=en><title>t</title><main><p style='color:#bbb;background:#fff'>pale</p></main>"
    )
    assert [each.split()[0] for each in grave_findings(page, rules)] == ["color-contrast"]
