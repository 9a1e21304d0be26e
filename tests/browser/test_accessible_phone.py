"""Every page on a phone, in light and dark: axe-core finds nothing serious, and nobody else is asked."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser

from tests.browser.accessible import look_at_all

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


def test_no_page_keeps_anybody_out_or_asks_anybody_else(
    browser: Browser, start_app: Callable[..., str]
) -> None:
    found = look_at_all(browser, start_app(WINNOW_DEMO="1"), "phone")
    assert not found, "\n".join(found)
