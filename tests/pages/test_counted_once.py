"""What Export keeps and removes, beside what Results, the files and the terminal count of the same list."""

import re
from datetime import date

import pytest

from cli.report import report
from engine.intake.correction import Correction
from engine.intake.read import read_sheet
from engine.never_probed import parse_listed
from engine.verdict import Status
from pages.parts.digest import digest_of
from pages.parts.presets import KEEPS, Preset
from pages.parts.segment import outcomes_for
from pages.parts.tickets import Rows, tickets
from storage.exports import export_rows
from storage.intake import save_upload
from storage.never_probed import Origin, write_lines
from storage.selection import Selection
from storage.summaries import summarise
from storage.uploads import Choice

CELLS = (
    "plum@orchard.sandbox",
    "PLUM@orchard.sandbox",
    "no.pear@orchard.sandbox",
    "fig@gmial.com",
    "fig@gmail.com",
    "not an address",
    "",
    "never.asked@orchard.sandbox",
    "held.back@orchard.sandbox",
    "any.melon@orchard.sandbox",
    "full.quince@orchard.sandbox; kiwi@orchard.sandbox",
    "later.sloe@orchard.sandbox",
)


@pytest.fixture
def upload(runtime, settle):
    """A list of which one address is never asked, and another not exported though it was asked."""
    text = "\n".join(["n,email", *(f'{number},"{cell}"' for number, cell in enumerate(CELLS))])
    sheet = read_sheet(text.encode(), "fruits.csv", has_header=True)
    write_lines(runtime.database, [parse_listed("never.asked@orchard.sandbox")], Origin())
    corrections = (Correction("gmial.com", "gmail.com"),)
    listed = save_upload(runtime.database, sheet, Choice(("email",), corrections=corrections))
    runtime.start_upload(listed)
    settle()
    write_lines(runtime.database, [parse_listed("held.back@orchard.sandbox")], Origin())
    return listed


def test_every_address_is_counted_once_on_results_and_in_the_terminal(
    runtime, upload, show, tmp_path, capsys
):
    summary = summarise(runtime.database, upload)
    standing = summary.standing
    assert (standing.rows, standing.addresses, standing.empty, standing.waiting) == (12, 12, 1, 1)
    assert sum(standing.address_statuses.values()) + standing.waiting == standing.addresses
    assert sum(summary.by_confidence().values()) == standing.checked
    page = show("RESULTS", list=str(upload))
    assert [each.value for each in page.header] == ["6 of 11 addresses checked so far are safe to send"]
    told = [cell.split("  ")[0] for cell in page.table[0].value["Addresses"]]
    assert sum(map(int, told)) == standing.checked
    report(summary, tmp_path / "out.csv", Selection(), is_json=False)
    said = capsys.readouterr().err.splitlines()[0]
    whole, *parts = map(int, re.findall(r"(\d+) (?:address|valid|invalid|accept_all|risky|unknown)", said))
    assert sum(parts) == whole == standing.addresses


@pytest.mark.parametrize("preset", list(Preset))
def test_every_row_is_kept_or_removed_once_on_export_in_its_files_and_in_the_report(
    runtime, upload, show, preset
):
    page = show("EXPORT", list=str(upload))
    page.segmented_control(key="preset").set_value(preset).run()
    figures = {each.label: int(each.value) for each in page.metric}
    kept, removed = figures["Rows kept"], figures["Rows removed"]
    assert kept + removed == len(CELLS)
    assert sum(page.dataframe[0].value["Rows"]) == removed
    exports = [each.export for each in _contents(page) if isinstance(each, Rows)]
    written = [[row[0] for row in export_rows(runtime.database, each)] for each in exports]
    assert [len(rows) for rows in written] == [kept, removed]
    assert sorted(map(int, written[0] + written[1])) == [*range(len(CELLS))]
    assert {"7", "8"} <= set(written[1]), "who is never asked is never exported"
    selection = exports[0].selection
    assert {*Status} - selection.statuses == {*KEEPS[preset]}
    summary = summarise(runtime.database, upload)
    outcomes = outcomes_for(runtime.database, summary, selection)
    digest = digest_of(summary, outcomes, selection, "", date(2031, 5, 14))
    assert (digest.kept, sum(number for _, number in digest.removals)) == (kept, removed)
    assert sum(number for _, number in digest.statuses) + digest.waiting == digest.addresses


def _contents(page):
    found = [tickets.take_back(each.proto.url.removeprefix("/download/")) for each in page.link_button]
    return [each.content for each in found]
