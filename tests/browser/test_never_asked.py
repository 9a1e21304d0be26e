"""Never asked, in a real browser: a file of people added, then a list of theirs handed in and exported."""

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from sandbox import Sandbox

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture
def people(mail_world: Sandbox) -> tuple[list[str], list[str]]:
    """Give addresses that are to be listed, and others that are not, all of plain hosts."""
    world = mail_world.world
    plain = {domain.name for domain in world.domains.values() if domain.kind == "plain"}
    found = [each for each in world.addresses if each.rpartition("@")[2] in plain]
    return found[:3], found[3:8]


def add_file(page: Page, app: str, file: Path) -> None:
    page.goto(f"{app}/never_asked")
    page.get_by_text("Upload a file").click()
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_label("Name of this list").fill("Unsubscribed 2026")
    page.get_by_label("Name of this list").press("Enter")
    page.get_by_role("button", name="Add 3 lines").click()
    expect(page.get_by_role("heading", name="Who is on it")).to_be_visible()
    expect(page.get_by_text("Unsubscribed 2026", exact=True)).to_be_visible()


def downloaded(page: Page, name: str) -> list[dict[str, str]]:
    with page.expect_download() as waiting:
        page.get_by_role("link", name=name).click()
    return list(csv.DictReader(io.StringIO(Path(waiting.value.path()).read_text("utf-8-sig"))))


def test_people_on_the_list_are_not_asked_and_not_in_the_export(
    page: Page,
    start_app: Callable[..., str],
    mail_world: Sandbox,
    people: tuple[list[str], list[str]],
    tmp_path: Path,
) -> None:
    listed, others = people
    app = start_app()
    (tmp_path / "left.csv").write_text("Name,E-mail\n" + "".join(f"Someone,{each}\n" for each in listed))
    add_file(page, app, tmp_path / "left.csv")
    mine = {row["address or domain"] for row in downloaded(page, "Download the list")}
    assert mine == {each.lower() for each in listed}

    (tmp_path / "all.csv").write_text("email\n" + "\n".join([*listed, *others]))
    page.goto(f"{app}/new_list")
    page.locator("input[type=file]").set_input_files(tmp_path / "all.csv")
    expect(page.get_by_text("3 addresses are on your never-asked list")).to_be_visible()
    page.get_by_role("button", name=re.compile(r"Check \d+ addresses")).click()
    expect(page.get_by_role("heading", name="Results")).to_be_visible()
    expect(page.get_by_role("button", name="Pause")).to_have_count(0)

    page.goto(f"{app}/export?list=1")
    page.get_by_text("All but dead").click()
    expect(page.get_by_test_id("stMetricValue").nth(1)).to_have_text(re.compile("^[3-7]$"))
    kept = {row["email"] for row in downloaded(page, "Download the cleaned list")}
    assert kept
    assert kept <= set(others)
    removed = {row["email"]: row["reason"] for row in downloaded(page, "Download the removed rows")}
    assert {each: removed[each] for each in listed} == dict.fromkeys(listed, "never_probed")
