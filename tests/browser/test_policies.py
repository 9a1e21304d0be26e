"""A policy for one client through the real page: made, tried, used on one list, while the other stays."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from engine.intake.read import read_sheet
from engine.settings import Settings
from sandbox import Sandbox
from storage.database import open_database
from storage.intake import save_upload
from storage.runs import start_upload
from storage.uploads import Choice
from tests.browser.hands import choose

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
DONE_MS = 120_000


@pytest.fixture
def lists(mail_world: Sandbox, tmp_path: Path) -> Callable[[], dict[str, int]]:
    """Start two lists with the same addresses, some of them at accept-all domains."""
    world = mail_world.world
    wanted = [a for a in world.addresses if world.truth(a).reasons & {"accept_all", "mailbox_missing"}]

    def start() -> dict[str, int]:
        database = open_database(f"sqlite:///{tmp_path / 'winnow.db'}")
        sheets = (read_sheet("\n".join(["email", *wanted]).encode(), f"{n}.csv") for n in ("mill", "brook"))
        uploads = {sheet.name: save_upload(database, sheet, Choice(("email",))) for sheet in sheets}
        for upload in uploads.values():
            start_upload(database, upload, Settings())
        database.close()
        return uploads

    return start


def statuses(page: Page, app: str, upload: int) -> str:
    """Open a list's card among the lists, and give what its status bar says."""
    page.goto(f"{app}/?")
    bar = page.locator(f".st-key-card-{upload} div[role=img]")
    expect(bar).to_be_visible()
    return bar.get_attribute("aria-label") or ""


def test_a_policy_is_tried_then_used_on_one_list_and_on_no_other(
    page: Page, start_app: Callable[..., str], lists: Callable[[], dict[str, int]]
) -> None:
    app = start_app()
    uploads = lists()
    for upload in uploads.values():
        page.goto(f"{app}/results?list={upload}")
        expect(page.get_by_text("Ready to send?")).to_be_visible(timeout=DONE_MS)
    expect(page.get_by_text(re.compile(r"The whole list, \d+ rows: not ready to send"))).to_be_visible()
    expect(page.get_by_text("are valid; the policy asks for at least 95")).to_be_visible()
    before = {name: statuses(page, app, upload) for name, upload in uploads.items()}
    assert "Accept-all" in before["mill.csv"]

    page.get_by_role("link", name="Policies").click()
    page.get_by_role("button", name="New policy").click()
    page.get_by_label("Client's name").fill("Orchard")
    page.get_by_role("button", name="Create").click()
    lists = page.get_by_role("combobox", name="List to try it on")
    choose(lists, page.get_by_role("option", name=re.compile("mill")))
    expect(page.get_by_text("Nothing would change on this list")).to_be_visible()
    page.get_by_test_id("stMain").get_by_text("Invalid", exact=True).first.click()
    expect(page.get_by_text(re.compile(r"\d+ of \d+ addresses would change")).first).to_be_visible()
    expect(page.get_by_text(re.compile(r"\d+ accept-all becomes? invalid")).first).to_be_visible()

    page.get_by_role("link", name="Help", exact=True).click()
    expect(page.get_by_role("heading", name="What Winnow can and cannot know")).to_be_visible()
    page.get_by_role("link", name="Policies", exact=True).click()
    expect(page.get_by_text("Not saved yet")).to_be_visible()

    page.get_by_role("button", name="Save, and use it for this list").click()
    expect(page.get_by_text("This list is judged by this policy.")).to_be_visible()
    after = {name: statuses(page, app, upload) for name, upload in uploads.items()}
    assert after["brook.csv"] == before["brook.csv"]
    assert after["mill.csv"] != before["mill.csv"]
    assert "Accept-all" not in after["mill.csv"]
