"""A long list in a real browser: a sample of it is checked first, tells what to expect, and then the rest."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from sandbox import Mix, Sandbox, build_world, sample_rows, write_csv
from tests.browser.accessible import grave_findings

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
QUICK = {"plain": 70, "role": 8, "disabled": 4, "accept_all": 8, "no_such_domain": 6, "null_mx": 4}
OTHERS = (
    "google", "microsoft", "outlook", "vague", "full", "full_for_now", "disposable", "idn", "typo",
    "no_mail_host", "mx_without_address", "dns_servfail", "dns_silence", "implicit_mx", "alias", "backup_mx",
    "slow_banner", "multi_line_banner", "session_limit", "silent", "refused", "dropped_at_connect",
    "tls_offered", "tls_required", "tls_broken", "tls_broken_required", "greylisting", "greylisting_for_ever",
    "blocked", "rate_limited", "relay_denied", "closes_after", "drops_after", "limits_recipients",
)  # fmt: skip
DONE_MS = 120_000


@pytest.fixture(scope="module")
def mail_world() -> Iterator[Sandbox]:
    """A world of more than a thousand addresses, none of which takes long."""
    mix = Mix(QUICK | dict.fromkeys(OTHERS, 0), least_rows=2, largest_domain=200)
    with Sandbox(build_world(9, 1_300, mix=mix)) as sandbox:
        yield sandbox


@pytest.fixture
def long_list(mail_world: Sandbox, tmp_path: Path) -> Path:
    header, rows = sample_rows(mail_world.world, seed=9)
    source = tmp_path / "customers.csv"
    write_csv(source, header, rows)
    return source


def test_a_sample_of_a_long_list_is_checked_first_and_then_the_rest(
    page: Page,
    start_app: Callable[[], str],
    let_engine_work: Callable[[], None],
    long_list: Path,
) -> None:
    app = start_app()
    page.goto(f"{app}/new_list")
    page.locator("input[type=file]").set_input_files(long_list)
    page.get_by_role("button", name="Check 200 first").click()
    expect(page.get_by_role("heading", name=re.compile("Checking a sample of 200 of 1,3"))).to_be_visible()
    expect(page.get_by_text(re.compile(r"^0 checked · sample of 200 of 1,3\d\d addresses$"))).to_be_visible()

    let_engine_work()
    told = page.get_by_role(
        "heading", name=re.compile(r"^About [\d,]+ of 1,3\d\d addresses are safe to send$")
    )
    expect(told).to_be_visible(timeout=DONE_MS)
    expect(
        page.get_by_text(re.compile(r"If you mailed the whole list as it is, about \d+ in 100"))
    ).to_be_visible()
    expect(page.get_by_role("cell", name="Accept-all")).to_be_visible()
    expect(page.get_by_role("button", name="Pause")).to_have_count(0)
    assert not grave_findings(page)

    page.get_by_role("button", name="Check the rest").click()
    done = page.get_by_text(re.compile(r"^[\d,]+ of 1,3\d\d addresses are safe to send$"))
    expect(done).to_be_visible(timeout=DONE_MS)
    expect(page.get_by_role("button", name="Check the rest")).to_have_count(0)
