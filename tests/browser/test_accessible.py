"""Every page, on a desk and a phone, in light and dark: axe-core finds nothing serious, the console no error.

Nor is anybody asked but this server. What is Streamlit's own and not ours to mend stands in a list, each with
its reason.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

AXE = Path(__file__).parent / "axe" / "axe.min.js"
SCREENS = {"desk": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
GRAVE = ("serious", "critical")

PAGES = {
    "": "Lists",
    "new_list": "New list",
    "check_one": "Check one",
    "results": "Results",
    "domains": "Domains",
    "export": "Export",
    "never_asked": "Never asked",
    "pace": "Pace",
    "policies": "Policies",
    "preflight": "Preflight",
    "help": "What Winnow can and cannot know",
}
"""Where a page stands, and its title."""

STREAMLITS_OWN: dict[tuple[str, str], str] = {}
"""By axe's rule and a part of the selector: why it is left."""

PROBES = re.compile(r"/\w+/_stcore/(health|host-config)$")
"""A page that is opened by its address: Streamlit's script tries first whether the server begins there."""


@contextmanager
def watched(browser: Browser, app: str, screen: str, scheme: str) -> Iterator[Page]:
    """Open a window that notes errors in its console and requests to others; there may be none."""
    faults: list[str] = []

    def note_error(message: ConsoleMessage) -> None:
        if message.type == "error" and not PROBES.search(message.location["url"]):
            faults.append(f"{message.text} ({message.location['url']})")

    def note_stranger(request: Request) -> None:
        if not request.url.startswith((app, "data:", "blob:", "about:")):
            faults.append(f"asked elsewhere: {request.url}")

    context = browser.new_context(viewport=SCREENS[screen], color_scheme=scheme)
    context.set_default_timeout(30_000)
    expect.set_options(timeout=30_000)
    page = context.new_page()
    page.on("console", note_error)
    page.on("request", note_stranger)
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    context.close()
    assert not faults


def grave_findings(page: Page) -> list[str]:
    """Let axe-core look at the page; give what is grave and not Streamlit's own, a line each."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{rule['id']} at {target}: {node['html'][:160]}"
        for rule in found["violations"]
        if rule["impact"] in GRAVE
        for node in rule["nodes"]
        if not is_streamlits_own(rule["id"], target := selector(node["target"]), node["html"])
    ]


def selector(target: list[Any]) -> str:
    return " ".join(part if isinstance(part, str) else " ".join(part) for part in target)


def is_streamlits_own(rule: str, target: str, html: str) -> bool:
    return any(rule == known and part in target + html for known, part in STREAMLITS_OWN)


def open_page(page: Page, app: str, path: str) -> None:
    """Open a page and wait until it is drawn to its end."""
    page.goto(f"{app}/{path}")
    expect(page.get_by_role("heading", name=PAGES[path], exact=True)).to_be_visible()
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0, timeout=60_000)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0, timeout=60_000)


def check_sample(browser: Browser, app: str) -> None:
    page = browser.new_page()
    page.goto(f"{app}/new_list?sample=1")
    page.get_by_role("button", name=re.compile(r"Check [\d,]+ addresses")).click(timeout=60_000)
    expect(page.get_by_role("heading", name="Results", exact=True)).to_be_visible(timeout=60_000)
    expect(page.get_by_role("button", name="Pause")).to_have_count(0, timeout=120_000)
    page.close()


def make_policy(browser: Browser, app: str) -> None:
    page = browser.new_page()
    page.goto(f"{app}/policies")
    page.get_by_role("button", name="New policy").click(timeout=60_000)
    page.get_by_label("Client's name").fill("Orchard")
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("heading", name="Try it on a list")).to_be_visible()
    page.close()


def test_no_page_keeps_anybody_out_or_asks_anybody_else(
    browser: Browser, start_app: Callable[..., str]
) -> None:
    app = start_app(WINNOW_DEMO="1")
    found = look_at(browser, app, ["", "new_list"])
    check_sample(browser, app)
    make_policy(browser, app)
    found += look_at(browser, app, list(PAGES))
    assert not found, "\n".join(found)


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


def look_at(browser: Browser, app: str, paths: list[str]) -> list[str]:
    """Look at pages on every screen in every scheme; give what is grave, and where."""
    seen = []
    for screen in SCREENS:
        for scheme in ("light", "dark"):
            with watched(browser, app, screen, scheme) as page:
                for path in paths:
                    open_page(page, app, path)
                    where = f"{PAGES[path]}, {screen}, {scheme}"
                    seen += [f"{where}: {each}" for each in grave_findings(page)]
    return seen


def test_axe_does_find_what_cannot_be_read(page: Page) -> None:
    page.set_content(
        "<html lang=en><title>t</title><main><p style='color:#bbb;background:#fff'>pale</p></main>"
    )
    assert [each.split()[0] for each in grave_findings(page)] == ["color-contrast"]
