"""A file that is prepared first: its button, its progress, its link."""

import io
import os
import signal
from concurrent.futures import ThreadPoolExecutor

import openpyxl
import pytest

from engine.never_probed import parse_listed
from engine.verdict import Status
from pages.parts import preparing
from pages.parts.clock import today
from pages.parts.downloads import as_it_stands
from pages.parts.preparing import _is_fetched
from pages.parts.removal_words import why_removed
from pages.parts.tickets import Format, Written, tickets
from storage.drafts import drafts
from storage.exports import Export
from storage.never_asked import state_of_list
from storage.never_probed import Origin, write_lines
from storage.order import Kind, Order
from storage.selection import Selection
from storage.summaries import standings, standings_of


@pytest.fixture(autouse=True)
def _leave_nothing(tmp_path, monkeypatch):
    (tmp_path / "temp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temp"))
    yield
    drafts.close()


@pytest.fixture
def prepared(save, show, eventually):
    """Have a file of this format prepared, and show the page when it is whole."""

    def prepare(wanted):
        save("quince@orchard.sandbox", "no address", "=1+1")
        page = show("EXPORT")
        page.segmented_control(key="format").set_value(wanted).run()
        page.button(key="prepare").click().run()
        assert not page.exception
        eventually(lambda: drafts.look(page.session_state["draft"]).is_whole)
        return page.run()

    return prepare


def linked(page):
    link = next(each for each in page.link_button if each.proto.label.startswith("Download the "))
    return link.proto.label, tickets.take_back(link.proto.url.removeprefix("/download/"))


def test_a_workbook_is_prepared_and_then_linked_to(runtime, prepared):
    label, download = linked(prepared(Format.XLSX))
    assert label == "Download the workbook"
    assert download.file_name == f"customers - cleaned {today().isoformat()}.xlsx"
    assert isinstance(download.content, Written)
    book = openpyxl.load_workbook(io.BytesIO(b"".join(drafts.fetch(download.content.draft))))
    assert book.sheetnames == ["Kept", "Removed", "Summary"]
    whys = [row[-1] for row in book["Removed"].iter_rows(min_row=2, values_only=True)]
    assert whys[1] == "Invalid: Malformed address. No address is written so; correct it or remove it."
    assert len(book["Summary"]._charts) == 2
    assert book["Summary"]["A1"].value == "customers.csv"


def test_a_zip_of_a_file_per_status_is_prepared_too(runtime, prepared):
    label, download = linked(prepared(Format.BY_STATUS))
    assert label == "Download the zip"
    assert download.file_name == f"customers - by status {today().isoformat()}.zip"


@pytest.mark.skipif(os.name != "posix", reason="a process is held still by a signal")
def test_while_it_is_written_its_progress_is_shown_and_it_can_be_stopped(runtime, save, show):
    upload = save("quince@orchard.sandbox")
    page = show("EXPORT")
    page.segmented_control(key="format").set_value(Format.XLSX).run()
    safe = Selection(exclude=frozenset({"duplicate"}), statuses=frozenset(Status) - {Status.VALID})
    export = Export(upload, safe, in_words=why_removed(), empty_status="")
    name = drafts.begin(runtime.settings.database_url, Order(Kind.BOOK, export, 1))
    os.kill(drafts._works[name].child.pid, signal.SIGSTOP)
    page.session_state["draft"] = name
    (standing,) = standings_of(runtime.database, [upload])
    page.session_state["draft ordered"] = (
        Kind.BOOK,
        export,
        (as_it_stands(standing, ""), state_of_list(runtime.database)),
    )
    page.run()
    assert page.get("progress")[0].proto.text == "Writing the workbook: 0% done"
    page.button(key="stop preparing").click().run()
    assert drafts.look(name) is None
    assert page.button(key="prepare").label == "Prepare the workbook"


def test_once_it_was_fetched_or_something_else_is_chosen_it_is_to_be_prepared_again(runtime, prepared):
    page = prepared(Format.XLSX)
    page.toggle(key="exclude duplicates").set_value(False).run()
    assert page.button(key="prepare").label == "Prepare the workbook"
    page.toggle(key="exclude duplicates").set_value(True).run()
    b"".join(drafts.fetch(page.session_state["draft"]))
    assert page.run().button(key="prepare").label == "Prepare the workbook"


def test_a_click_that_is_heard_of_before_the_file_is_fetched_waits_for_that(runtime, prepared):
    name = prepared(Format.XLSX).session_state["draft"]
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(_is_fetched, name)
        assert not waiting.done()
        b"".join(drafts.fetch(name))
        assert waiting.result()


def test_a_click_that_is_heard_of_after_the_file_was_fetched_is_told_of_too(runtime, prepared):
    page = prepared(Format.XLSX)
    b"".join(drafts.fetch(page.session_state["draft"]))
    page.session_state["link prepared"] = True
    page.run()
    assert not page.exception
    assert any(each.value.startswith("You have downloaded the workbook.") for each in page.caption)


def test_a_file_that_nobody_fetches_keeps_its_link(runtime, prepared, monkeypatch):
    monkeypatch.setattr(preparing, "_FETCHED_S", 0.1)
    assert not _is_fetched(prepared(Format.XLSX).session_state["draft"])


def test_what_was_prepared_is_not_handed_out_once_the_list_has_other_answers(runtime, prepared):
    page = prepared(Format.XLSX)
    (list_,) = standings(runtime.database)
    runtime.cancel_upload(list_.upload)
    assert page.run().button(key="prepare").label == "Prepare the workbook"


def test_what_was_prepared_is_not_handed_out_once_somebody_is_on_the_never_asked_list(runtime, prepared):
    page = prepared(Format.XLSX)
    assert not [each for each in page.button if each.key == "prepare"]
    write_lines(runtime.database, [parse_listed("quince@orchard.sandbox")], Origin())
    assert page.run().button(key="prepare")


def test_who_prepares_anew_gives_up_what_was_prepared_before(runtime, prepared):
    page = prepared(Format.XLSX)
    before = page.session_state["draft"]
    page.toggle(key="exclude duplicates").set_value(False).run()
    page.button(key="prepare").click().run()
    assert drafts.look(before) is None


def test_a_file_that_could_not_be_written_says_so_and_is_offered_again(runtime, prepared, eventually):
    page = prepared(Format.XLSX)
    drafts._works[page.session_state["draft"]].file.unlink()
    page.run()
    assert "could not be written" in page.error[0].value
    assert page.button(key="prepare").label == "Try again"
