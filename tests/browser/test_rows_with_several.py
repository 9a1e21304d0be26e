"""Rows with several addresses, as somebody finds and keeps them: by the words on the screen alone."""

import re
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from sandbox import Sandbox, write_xlsx
from tests.browser.hands import PHONE
from tests.browser.test_five_tasks import DONE_MS, Person

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
WIDTH = PHONE["viewport"]["width"]


def _some(world: Sandbox, reason: str) -> list[str]:
    """Give three of the world's addresses of which this is true."""
    found = (each for each in world.world.addresses if reason in world.world.truth(each).reasons)
    return list(islice(found, 3))


@pytest.fixture
def contacts(mail_world: Sandbox, tmp_path: Path) -> Path:
    """Two people whose first address is dead and whose second is good, and one whose first is good."""
    good, dead = _some(mail_world, "accepted"), _some(mail_world, "mailbox_missing")
    path = tmp_path / "contacts.xlsx"
    pairs = [(dead[0], good[0]), (dead[1], good[1]), (good[2], dead[2])]
    write_xlsx(path, ["Name", "E-mail"], [[f"Person {n}", "; ".join(pair)] for n, pair in enumerate(pairs)])
    return path


def test_rows_with_a_dead_first_address_are_kept_by_their_second_one(
    page: Page, start_app: Callable[..., str], contacts: Path, tmp_path: Path
) -> None:
    person = Person(page)
    person.open(f"{start_app()}/new_list")
    person.quiet()
    person.hand_in(contacts)
    person.press("Check 6 addresses")
    expect(page).to_have_title(re.compile("^Done"), timeout=DONE_MS)
    person.go("Export")
    person.sees("2 rows go because of their first address, though another of their addresses may be kept.")
    person.press("Keep these rows too")
    person.sees("A row can stay though its first address is a dead one")
    person.press("Prepare the workbook")
    book = openpyxl.load_workbook(person.fetch("Download the workbook", tmp_path))
    header, *kept = book["Kept"].iter_rows(values_only=True)
    assert len(kept) == 3
    assert {row[header.index("status")] for row in kept} == {"valid"}
    for row in kept[:2]:
        first, second = row[1].split("; ")
        assert row[header.index("send_to")] == second
        assert first in row[header.index("other_results")]


def test_the_choice_fits_a_phone_in_the_dark(
    phone: Page, start_app: Callable[..., str], contacts: Path
) -> None:
    phone.emulate_media(color_scheme="dark")
    person = Person(phone)
    app = start_app()
    person.open(f"{app}/new_list")
    person.quiet()
    person.hand_in(contacts)
    person.press("Check 6 addresses")
    expect(phone).to_have_title(re.compile("^Done"), timeout=DONE_MS)
    phone.goto(f"{app}/export")
    person.sees("if any of its addresses may be kept")
    assert phone.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= WIDTH
