"""The Lists page as a person uses it: renaming, deleting, bringing back, searching, comparing."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from engine.intake.read import read_sheet
from storage.database import open_database
from storage.intake import save_upload
from storage.uploads import Choice
from tests.browser.hands import PHONE, choose, window

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
HANDED_IN = re.compile(r"customers\.xlsx")
FRUITS = ("Apple", "Cherry", "Fig", "Pear", "Plum", "Quince")


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    with window(browser, color_scheme="dark", **PHONE) as opened:
        yield opened


@pytest.fixture
def keep(tmp_path: Path) -> Callable[[str], None]:
    """Keep a list under a name as if it had been handed in."""

    def save(name: str) -> None:
        database = open_database(f"sqlite:///{tmp_path / 'winnow.db'}")
        sheet = read_sheet(f"email\n{name}@orchard.sandbox\npeach@mill.sandbox".encode(), f"{name}.csv")
        save_upload(database, sheet, Choice(("email",)))
        database.close()

    return save


def card(page: Page, name: str | re.Pattern[str]) -> Locator:
    titled = page.get_by_role("heading", name=name, exact=isinstance(name, str))
    return page.locator("[class*=st-key-card-]").filter(has=titled)


def act(page: Page, name: str | re.Pattern[str], what: str) -> None:
    more = card(page, name).get_by_role("button", name="More")
    choose(more, page.get_by_role("menuitem", name=what).or_(page.get_by_role("option", name=what)))


@pytest.mark.parametrize("device", ["page", "phone"])
def test_a_list_is_renamed_deleted_and_brought_back(
    request: pytest.FixtureRequest, start_app: Callable[[], str], keep: Callable[[str], None], device: str
) -> None:
    view: Page = request.getfixturevalue(device)
    app = start_app()
    for name in FRUITS[:2]:
        keep(name)
    view.goto(app)
    act(view, "Apple.csv", "Rename")
    view.get_by_role("textbox", name="Name").fill("  Autumn mailing ")
    view.get_by_role("textbox", name="Name").press("Enter")
    expect(card(view, "Autumn mailing")).to_contain_text("Apple.csv")
    expect(view.get_by_role("dialog")).to_have_count(0)
    act(view, "Autumn mailing", "Delete")
    expect(view.get_by_text("Deleted Autumn mailing.")).to_be_visible()
    expect(card(view, "Autumn mailing")).to_have_count(0)
    view.get_by_role("button", name="Undo").click()
    expect(card(view, "Autumn mailing")).to_be_visible()
    expect(view.get_by_text("Recently deleted")).to_have_count(0)
    width = view.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert width <= 0, "nothing stands beyond the edge"


def test_the_section_of_deleted_lists_brings_one_back_or_lets_it_go_for_good(
    page: Page, start_app: Callable[[], str], keep: Callable[[str], None]
) -> None:
    app = start_app()
    for name in FRUITS[:3]:
        keep(name)
    page.goto(app)
    for name in FRUITS[:2]:
        act(page, f"{name}.csv", "Delete")
        expect(card(page, f"{name}.csv")).to_have_count(0)
    page.goto(app)
    page.get_by_text("Recently deleted (2)").click()
    page.get_by_role("button", name="Bring back").first.click()
    expect(card(page, "Cherry.csv")).to_be_visible()
    section = page.locator(".st-key-recently-deleted")
    expect(section.get_by_role("button", name="Delete for good")).to_have_count(1)
    section.get_by_role("button", name="Delete for good").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete for good").click()
    expect(page.get_by_text("Recently deleted")).to_have_count(0)
    expect(card(page, "Apple.csv")).to_have_count(0)


@pytest.mark.usefixtures("let_engine_work")
def test_deleting_a_list_that_runs_asks_first_and_it_comes_back_paused(
    page: Page, start_app: Callable[[], str], hand_in: Callable[[Page, str], object]
) -> None:
    app = start_app()
    hand_in(page, app)
    page.goto(app)
    act(page, HANDED_IN, "Delete")
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(card(page, HANDED_IN)).to_contain_text("Running")
    act(page, HANDED_IN, "Delete")
    page.get_by_role("button", name="Stop and delete").click()
    expect(page.get_by_role("button", name="Check your first list")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(card(page, HANDED_IN)).to_contain_text("Paused")


def test_lists_are_searched_by_name_and_put_in_order(
    page: Page, start_app: Callable[[], str], keep: Callable[[str], None]
) -> None:
    app = start_app()
    for name in FRUITS:
        keep(name)
    page.goto(app)
    headings = page.get_by_role("heading", level=3)
    expect(headings).to_have_text([f"{name}.csv" for name in reversed(FRUITS)])
    page.get_by_text("Name", exact=True).click()
    expect(headings).to_have_text([f"{name}.csv" for name in FRUITS])
    page.get_by_role("textbox", name="Search").fill("PLU")
    page.get_by_role("textbox", name="Search").press("Enter")
    expect(headings).to_have_text(["Plum.csv"])
    page.get_by_role("textbox", name="Search").fill("durian")
    page.get_by_role("textbox", name="Search").press("Enter")
    expect(page.get_by_text("No list is called that.")).to_be_visible()


def test_a_card_leads_to_a_comparison_with_another_list(
    page: Page, start_app: Callable[[], str], keep: Callable[[str], None]
) -> None:
    app = start_app()
    for name in FRUITS[:2]:
        keep(name)
    page.goto(app)
    act(page, "Cherry.csv", "Compare with …")
    expect(page.get_by_role("heading", name="Of 1 address in both lists")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/compare\?list=2&with=1$"))
    expect(page.get_by_test_id("stException")).to_have_count(0)
