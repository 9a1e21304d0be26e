"""How pages are looked at by axe-core: nothing serious on them, no error in the console, nobody else asked.

What is Streamlit's own and not ours to mend stands in a list, each with its reason.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect

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


def look_at_all(browser: Browser, app: str, screen: str) -> list[str]:
    """Look at every page on a screen, empty and with a list and a policy; give what is grave, and where."""
    found = look_at(browser, app, screen, ["", "new_list"])
    check_sample(browser, app)
    make_policy(browser, app)
    return found + look_at(browser, app, screen, list(PAGES))


def look_at(browser: Browser, app: str, screen: str, paths: list[str]) -> list[str]:
    """Look at pages on a screen in every scheme; give what is grave, and where."""
    seen = []
    for scheme in ("light", "dark"):
        with watched(browser, app, screen, scheme) as page:
            for path in paths:
                open_page(page, app, path)
                where = f"{PAGES[path]}, {screen}, {scheme}"
                seen += [f"{where}: {each}" for each in grave_findings(page)]
    return seen
