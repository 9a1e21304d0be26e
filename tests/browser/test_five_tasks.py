"""Five things people come for, each done by what stands on the screen, in no more than twelve actions."""

import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from sandbox import Sandbox, sample_rows, write_xlsx
from tests.browser.hands import DESK, IDLE, click_cell, window

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
MOST_ACTIONS = 12
DONE_MS = 120_000
MESSY = [
    ["No.", "Name", "Contact"],
    ["1", "Anna", " anna.plum@gmial.com"],
    ["2", "Bert", "mailto:bert.pear@gmail.com"],
    ["3", "Clara", "clara.fig@gmial.com"],
    ["4", "Dora", "n/a"],
    ["5", "Emil", "bert.pear@gmail.com"],
]


class Person:
    """Somebody at the screen, who finds everything by the words on it; `actions` counts what they do."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.main = page.get_by_test_id("stMain")
        self.actions = 0

    def open(self, address: str) -> None:
        """Come to the app."""
        self._act()
        self.page.goto(address)

    def go(self, name: str) -> None:
        """Follow a link of the navigation."""
        self._act()
        self.page.get_by_test_id("stSidebarNav").get_by_role("link", name=name, exact=True).click()
        expect(self.page.get_by_role("heading", level=1, name=name)).to_be_visible()

    def press(self, name: str | re.Pattern[str], *, within: Locator | None = None) -> None:
        """Press a button with these words, once the page is quiet."""
        self._act()
        button = (within or self.main).get_by_role("button", name=name)
        expect(button.first).to_be_visible(timeout=DONE_MS)
        self.quiet()
        button.first.click()

    def pick(self, name: str) -> None:
        """Pick one of several choices that stand side by side."""
        self._act()
        self.quiet()
        self.main.get_by_test_id("stButtonGroup").get_by_text(name, exact=True).first.click()
        self.quiet()

    def open_row(self) -> None:
        """Click the first row of the table."""
        self._act()
        click_cell(self.page, 60, 52)

    def write(self, label: str, words: str) -> None:
        """Write into a field."""
        self._act()
        self.page.get_by_label(label).fill(words)

    def hand_in(self, file: Path) -> None:
        """Drop a file."""
        self._act()
        self.page.locator("input[type=file]").set_input_files(file)

    def fetch(self, name: str, folder: Path) -> Path:
        """Follow a link that downloads."""
        self._act()
        link = self.main.get_by_role("link", name=name)
        expect(link).to_be_visible(timeout=DONE_MS)
        with self.page.expect_download() as waiting:
            link.click()
        waiting.value.save_as(folder / waiting.value.suggested_filename)
        return folder / waiting.value.suggested_filename

    def sees(self, words: str | re.Pattern[str]) -> None:
        """Wait until words can be read."""
        expect(self.page.get_by_text(words).filter(visible=True).first).to_be_visible(timeout=DONE_MS)

    def quiet(self) -> None:
        """Wait until nothing on the page is still being drawn."""
        expect(self.page.locator(IDLE)).to_be_visible(timeout=DONE_MS)

    def _act(self) -> None:
        self.actions += 1
        assert self.actions <= MOST_ACTIONS


@pytest.fixture
def person(page: Page) -> Person:
    return Person(page)


@pytest.fixture(scope="module")
def checked(
    browser: Browser, shared_app: str, mail_world: Sandbox, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, int]:
    """Have a workbook of all kinds of addresses checked; give the app's address, and the actions it took."""
    workbook = tmp_path_factory.mktemp("customers") / "customers.xlsx"
    write_xlsx(workbook, *sample_rows(mail_world.world, seed=7))
    with window(browser, **DESK) as page:
        person = Person(page)
        person.open(shared_app)
        person.go("New list")
        person.hand_in(workbook)
        person.press(re.compile(r"^Check [\d,]+ address"))
        person.sees(re.compile(r"of [\d,]+ addresses are safe to send"))
        expect(page).to_have_title(re.compile("^Done"), timeout=DONE_MS)
    return shared_app, person.actions


@pytest.fixture
def at_results(person: Person, checked: tuple[str, int]) -> Person:
    """Somebody who had a list checked, and stands where that ended: their actions count."""
    app, person.actions = checked
    person.page.goto(f"{app}/results?list=1")
    person.sees(re.compile(r"of [\d,]+ addresses are safe to send"))
    return person


def test_a_messy_workbook_goes_in_and_its_safe_rows_come_out(at_results: Person, tmp_path: Path) -> None:
    person = at_results
    person.go("Export")
    person.press("Prepare the workbook")
    book = openpyxl.load_workbook(person.fetch("Download the workbook", tmp_path))
    header, *kept = book["Kept"].iter_rows(values_only=True)
    assert kept
    assert {row[header.index("status")] for row in kept} == {"valid"}
    assert all(row[-1] for row in book["Removed"].iter_rows(min_row=2, values_only=True))


def test_why_one_address_is_risky_is_said_in_words(at_results: Person) -> None:
    person = at_results
    person.pick("Risky")
    person.sees("Shown: Risky")
    person.open_row()
    dialog = person.page.get_by_role("dialog")
    expect(dialog).to_contain_text(re.compile("Risky: .+"))
    expect(dialog).to_contain_text("What to do:")
    expect(dialog).to_contain_text(re.compile(r"Why its confidence is \d+ of 100"))


def test_accept_all_is_left_out_for_one_client_alone(at_results: Person) -> None:
    person = at_results
    person.sees(re.compile(r"^Accept-all$"))
    person.go("Policies")
    person.press("New policy")
    person.write("Client's name", "Orchard")
    person.press("Create", within=person.page.locator("body"))
    person.sees("Accept-all")
    person.pick("Invalid")
    person.sees(re.compile(r"\d accept-all becomes? invalid"))
    person.press("Save, and use it for this list")
    person.sees("This list is judged by this policy.")
    person.go("Results")
    expect(person.page.get_by_role("combobox", name="Policy")).to_have_value("Orchard")
    person.sees("Domain accepts everything")


def test_typing_errors_are_fixed_in_one_go(
    person: Person, start_app: Callable[..., str], tmp_path: Path
) -> None:
    path = tmp_path / "messy.xlsx"
    write_xlsx(path, MESSY[0], MESSY[1:])
    person.open(f"{start_app()}/new_list")
    person.hand_in(path)
    person.sees("2 addresses have a mistyped domain")
    person.press("Fix all")
    person.sees("Undo all")
    person.press("Check 3 addresses")
    expect(person.page).to_have_title(re.compile("^Done"), timeout=DONE_MS)
    person.go("Export")
    person.pick("All but dead")
    person.sees(re.compile("nobody could tell"))
    person.press("Prepare the workbook")
    book = openpyxl.load_workbook(person.fetch("Download the workbook", tmp_path))
    rows = [row for sheet in book.worksheets[:2] for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert {row[4] for row in rows if row[4]} == {"anna.plum@gmail.com", "clara.fig@gmail.com"}


def test_the_domains_that_refuse_us_are_found_with_what_they_said(at_results: Person) -> None:
    person = at_results
    person.go("Domains")
    person.sees("Refuses us")
    person.press(re.compile(r"\d+ domains?$"), within=person.page.locator(".st-key-stake-blocked"))
    person.sees("What to do.")
