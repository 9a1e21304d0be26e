"""How pages are looked at by axe-core: nothing serious on them, no error in the console, nobody else asked.

What is Streamlit's own and not ours to mend stands in a list, each with its reason.
"""

import json
import re
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect

from tests.browser.hands import window

AXE = Path(__file__).parent / "axe" / "axe.min.js"
SCREENS = {"desk": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
SCHEMES = ("light", "dark")
GRAVE = ("serious", "critical")
OF_COLOURS = ("color-contrast", "link-in-text-block")
"""The rules of axe whose answer hangs on colours; all others say the same in light and in dark."""

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

SAMPLE_S = 120.0

PROBES = re.compile(r"/\w+/_stcore/(health|host-config)$")
"""A page that is opened by its address: Streamlit's script tries first whether the server begins there."""


@contextmanager
def watched(browser: Browser, app: str, screen: str) -> Iterator[Page]:
    """Open a window that notes errors in its console and requests to others; there may be none."""
    faults: list[str] = []

    def note_error(message: ConsoleMessage) -> None:
        if message.type == "error" and not PROBES.search(message.location["url"]):
            faults.append(f"{message.text} ({message.location['url']})")

    def note_stranger(request: Request) -> None:
        if not request.url.startswith((app, "data:", "blob:", "about:")):
            faults.append(f"asked elsewhere: {request.url}")

    with window(browser, viewport=SCREENS[screen], color_scheme=SCHEMES[0], reduced_motion="reduce") as page:
        page.on("console", note_error)
        page.on("request", note_stranger)
        page.on("pageerror", lambda error: faults.append(str(error)))
        yield page
    assert not faults


def grave_in_each_scheme(page: Page, where: str) -> list[str]:
    """Let axe-core look at the page by all rules, then by those of colours in the other scheme; say where.

    The page stays in the other scheme.
    """
    first = scheme_of(page)
    (other,) = set(SCHEMES) - {first}
    found = [f"{where}, {first}: {each}" for each in grave_findings(page)]
    page.emulate_media(color_scheme=other)
    wait_until_in(page, other)
    return found + [f"{where}, {other}: {each}" for each in grave_findings(page, OF_COLOURS)]


def scheme_of(page: Page) -> str:
    return SCHEMES[page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")]


def wait_until_in(page: Page, scheme: str) -> None:
    """Wait until the page has followed to a scheme, and no colour is still on its way."""
    expect(page.get_by_test_id("stApp")).to_have_css("color-scheme", scheme)
    wait_until_drawn(page)
    page.wait_for_function("document.getAnimations().every(each => !(each instanceof CSSTransition))")


def grave_findings(page: Page, rules: Sequence[str] = ()) -> list[str]:
    """Let axe-core look at the page, by some rules or all; give what is grave and not Streamlit's own."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE.read_text())
    asked = {"resultTypes": ["violations"], **({"runOnly": list(rules)} if rules else {})}
    found = page.evaluate("asked => axe.run(document, asked)", asked)
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
    wait_until_drawn(page)


def wait_until_drawn(page: Page) -> None:
    expect(page.get_by_test_id("stStatusWidget")).to_have_count(0, timeout=60_000)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0, timeout=60_000)


def check_sample(page: Page, app: str) -> None:
    """Have the sample checked to its end, looked at by nobody meanwhile."""
    page.goto(f"{app}/new_list?sample=1")
    page.get_by_role("button", name=re.compile(r"Check [\d,]+ addresses")).click(timeout=60_000)
    expect(page.get_by_role("heading", name="Results")).to_be_visible()
    page.goto("about:blank")
    ends_at = time.monotonic() + SAMPLE_S
    while _waiting(app):
        assert time.monotonic() < ends_at, "the sample never came to its end"
        time.sleep(0.2)


def _waiting(app: str) -> int:
    """Give how many addresses wait for their answer."""
    with urlopen(f"{app}/health", timeout=SAMPLE_S) as answer:
        waiting: int = json.load(answer)["queue"]
    return waiting


def make_policy(page: Page, app: str) -> None:
    """Make a client's policy."""
    page.goto(f"{app}/policies")
    page.get_by_role("button", name="New policy").click(timeout=60_000)
    page.get_by_label("Client's name").fill("Orchard")
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("heading", name="Try it on a list")).to_be_visible()


def look_at(page: Page, app: str, paths: Iterable[str]) -> list[str]:
    """Look at pages on each screen and in each scheme; give what is grave, and where."""
    seen = []
    for path in paths:
        page.set_viewport_size(SCREENS["desk"])
        open_page(page, app, path)
        for screen, size in SCREENS.items():
            page.set_viewport_size(size)
            wait_until_drawn(page)
            seen += grave_in_each_scheme(page, f"{PAGES[path]}, {screen}")
    return seen
