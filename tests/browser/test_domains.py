"""Domains, planned sends and the file of a comparison, as a person uses them."""

import json
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from engine.intake.read import read_sheet
from storage.database import Database, open_database
from storage.intake import save_upload
from storage.uploads import Choice
from tests.browser.accessible import grave_in_each_scheme
from tests.browser.hands import choose

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
SAID = "554 5.7.1 your address is on a block list"


def keep(place: Path, *addresses: str, name: str = "fruits.csv") -> Database:
    """Keep a list as if it had been handed in, and give the database it is in."""
    database = open_database(f"sqlite:///{place / 'winnow.db'}")
    sheet = read_sheet("\n".join(["email", *addresses]).encode(), name, has_header=True)
    save_upload(database, sheet, Choice(("email",)))
    return database


def refuse(database: Database, domain: str) -> None:
    """Have a domain's host refuse us from now on, in its own words."""
    trace = json.dumps([["host", SAID, 1.0]])
    with database.writing() as connection:
        of_domain = {"name": domain, "until": time.time() + 3600, "trace": trace}
        connection.execute(text(_HELD), of_domain)
        connection.execute(text(_TOLD), of_domain)


_HELD = "INSERT INTO hold (domain_id, until, why) SELECT id, :until, 'blocked' FROM domain WHERE name = :name"
_TOLD = "UPDATE mailbox SET trace = :trace WHERE domain_id = (SELECT id FROM domain WHERE name = :name)"


def test_which_domains_block_us_is_answered_in_two_clicks(
    page: Page, start_app: Callable[[], str], tmp_path: Path
) -> None:
    database = keep(tmp_path, "a@strict.sandbox", "b@strict.sandbox", "c@orchard.sandbox")
    refuse(database, "strict.sandbox")
    database.close()
    page.goto(start_app())
    page.get_by_role("link", name="Domains").click()
    expect(page.get_by_text("2 addresses, 66.7 % of the list: strict.sandbox (2)")).to_be_visible()
    page.locator(".st-key-stake-blocked").get_by_role("button", name="1 domain").click()
    asked = page.locator(".st-key-stake-asked")
    expect(asked).to_contain_text("What to do.")
    expect(asked).to_contain_text(SAID)
    expect(page.get_by_text("1–1 of 1", exact=True)).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_a_send_is_planned_on_results_and_told_of_on_the_lists_card(
    page: Page, start_app: Callable[[], str], tmp_path: Path
) -> None:
    keep(tmp_path, "a@orchard.sandbox").close()
    app = start_app()
    page.goto(f"{app}/results?list=1")
    page.get_by_role("button", name="Plan a send").click()
    page.get_by_role("button", name="Plan it").click()
    told = re.compile(r"Asked again on \w+, before your send on")
    expect(page.get_by_text(told)).to_be_visible()
    page.goto(app)
    expect(page.locator(".st-key-card-1").get_by_text(told)).to_be_visible()
    plan = page.get_by_role("menuitem", name="Plan a send").or_(
        page.get_by_role("option", name="Plan a send")
    )
    choose(page.get_by_role("button", name="More"), plan)
    page.get_by_role("button", name="Take the plan back").click()
    expect(page.get_by_text(told)).to_have_count(0)


def test_who_changed_between_two_lists_is_downloaded(
    page: Page, start_app: Callable[[], str], tmp_path: Path
) -> None:
    keep(tmp_path, "a@orchard.sandbox", "b@orchard.sandbox", name="older.csv").close()
    keep(tmp_path, "b@orchard.sandbox", "c@orchard.sandbox", name="newer.csv").close()
    page.goto(f"{start_app()}/compare?list=2&with=1")
    expect(page.get_by_role("link", name="Download who changed")).to_be_visible()
    assert not grave_in_each_scheme(page, "Compare")
    with page.expect_download() as fetched:
        page.get_by_role("link", name="Download who changed").click()
    lines = Path(fetched.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].startswith("email,change,")
    assert sorted(line.split(",")[:2] for line in lines[1:]) == [
        ["a@orchard.sandbox", "gone"],
        ["c@orchard.sandbox", "new"],
    ]
