"""Export of a list with rows of several addresses: the choice, its offer, and figures that add up."""

import pytest

from engine.never_probed import parse_listed
from engine.value import replace
from pages.parts import segment
from pages.parts.clock import today
from pages.parts.corrections import WRITE_TO_OTHERS
from pages.parts.digest import digest_of, keeps_sentence
from pages.parts.presets import Preset
from pages.parts.reckoning import SAFE_ROWS, reckon, say_reckoning
from pages.parts.segment import counted_for
from pages.parts.tickets import Format, Rows, tickets
from pages.parts.together import (
    CHOICES,
    DECIDES,
    by_status_sentence,
    for_every_row,
    others_sentence,
    shared_sentence,
)
from storage.exports import export_header, export_rows
from storage.never_probed import Origin, write_lines
from storage.removals import split
from storage.selection import Decides
from storage.summaries import summarise

CELLS = (
    "no.plum@orchard.sandbox; pear@orchard.sandbox",
    "quince@orchard.sandbox; no.plum@orchard.sandbox",
    "pear@orchard.sandbox",
    "no.fig@orchard.sandbox; full.kiwi@orchard.sandbox",
    "no.sloe@orchard.sandbox; melon@orchard.sandbox",
    "held.back@orchard.sandbox; grape@orchard.sandbox",
    "lime@orchard.sandbox",
)
LINES = [f'{number},"{cell}"' for number, cell in enumerate(CELLS)]
ANY = replace(SAFE_ROWS, decides=Decides.ANY)


@pytest.fixture
def upload(runtime, save, settle):
    """A list of which one person came onto the never-asked list after the check."""
    saved = save(*LINES, head="n,email", is_started=True)
    settle()
    write_lines(runtime.database, [parse_listed("held.back@orchard.sandbox")], Origin())
    return saved


def figures(page):
    return {each.label: int(each.value) for each in page.metric}


def told(page):
    return [each.value for each in (*page.caption, *page.info)]


def contents(page):
    found = [tickets.take_back(each.proto.url.removeprefix("/download/")) for each in page.link_button]
    return [each.content for each in found]


def test_the_choice_is_offered_where_a_row_holds_several_addresses_and_only_there(save, show):
    alone = save("quince@orchard.sandbox")
    several = save(*LINES, head="n,email")
    assert DECIDES not in [each.key for each in show("EXPORT", list=str(alone)).segmented_control]
    assert show("EXPORT", list=str(several)).segmented_control(key=DECIDES).value is Decides.FIRST


def test_rows_that_another_address_would_keep_are_told_and_kept_at_one_click(upload, show):
    page = show("EXPORT", list=str(upload))
    assert figures(page) == {"Rows kept": 3, "Rows removed": 4}
    assert others_sentence(1) in told(page), "pear is written to in a row of its own"
    page.button(key="keep by any").click().run()
    assert not page.exception
    assert page.segmented_control(key=DECIDES).value is Decides.ANY
    assert figures(page) == {"Rows kept": 4, "Rows removed": 3}
    assert WRITE_TO_OTHERS in told(page)
    assert not [each for each in page.button if each.key == "keep by any"]


def test_the_files_hold_what_the_page_counts_and_name_one_address_to_write_to(runtime, upload, show):
    page = show("EXPORT", list=str(upload))
    page.segmented_control(key="format").set_value(Format.CSV).run()
    page.segmented_control(key=DECIDES).set_value(Decides.ANY).run()
    kept, removed = (each.export for each in contents(page) if isinstance(each, Rows))
    place = export_header(runtime.database, kept).index("send_to")
    assert [row[place].split("@")[0] for row in export_rows(runtime.database, kept)] == [
        "pear",
        "quince",
        "melon",
        "lime",
    ]
    gone = list(export_rows(runtime.database, removed))
    assert [row[-1].partition(":")[0] for row in gone] == ["Duplicate", "Invalid", "Never-asked list"]
    assert len(gone) == figures(page)["Rows removed"]
    assert {row[place] for row in gone} == {""}, "nobody writes to whoever goes"


@pytest.mark.parametrize("preset", list(Preset))
@pytest.mark.parametrize("decides", list(CHOICES))
def test_what_page_reckoning_table_and_report_say_adds_up(runtime, upload, show, preset, decides):
    page = show("EXPORT", list=str(upload))
    page.segmented_control(key=DECIDES).set_value(decides).run()
    page.segmented_control(key="preset").set_value(preset).run()
    kept, removed = figures(page).values()
    assert kept + removed == len(CELLS)
    assert not removed or sum(page.dataframe[0].value["Rows"]) == removed
    selection = next(each.export.selection for each in contents(page) if isinstance(each, Rows))
    summary, outcomes = counted_for(runtime.database, summarise(runtime.database, upload), selection)
    assert reckon(summary, outcomes, selection).rows == split(outcomes, selection).kept == kept
    digest = digest_of(summary, outcomes, selection, "", today())
    assert (digest.kept, sum(number for _, number in digest.removals)) == (kept, removed)
    assert ("any of them" in keeps_sentence(digest)) is (decides is Decides.ANY)


def test_how_addresses_become_rows_is_said_for_either_choice(runtime, upload):
    summary = summarise(runtime.database, upload)
    by_first, by_any = (
        say_reckoning(reckon(*counted_for(runtime.database, summary, each), each))
        for each in (SAFE_ROWS, ANY)
    )
    assert by_first == (
        "7 addresses are safe to send. Of these, 3 are not the first in their rows and 1 is on your "
        "never-asked list. That leaves 3 rows for the file."
    )
    assert by_any == (
        "7 addresses are safe to send. Of these, 1 stands beside the address that its row is kept or removed "
        "by, 1 repeats an earlier row and 1 is on your never-asked list. That leaves 4 rows for the file."
    )


def test_it_is_said_which_address_decides_and_in_which_file_a_row_stands(runtime, upload):
    summary = summarise(runtime.database, upload)
    assert "What was found of the first one decides" in shared_sentence(5, SAFE_ROWS)
    assert "no row above is written to" in shared_sentence(5, ANY)
    assert "no row above" not in shared_sentence(5, replace(ANY, exclude=frozenset()))
    assert "first address" in by_status_sentence(summary, SAFE_ROWS)
    assert "best address" in by_status_sentence(summary, ANY)
    assert (for_every_row(SAFE_ROWS).decides, for_every_row(ANY).decides) == (Decides.FIRST, Decides.BEST)


def test_while_a_list_is_checked_no_row_is_offered_that_may_stay_by_itself(runtime, save, show):
    upload = save(*LINES, head="n,email", is_started=True)
    assert not [each for each in show("EXPORT", list=str(upload)).button if each.key == "keep by any"]


def test_of_many_rows_that_are_still_checked_figures_and_counts_are_of_one_moment(
    runtime, save, settle, monkeypatch
):
    monkeypatch.setattr(segment, "MANY", 0)
    upload = save(*LINES, "7,later.sloe@orchard.sandbox", head="n,email", is_started=True)
    seen = counted_for(runtime.database, summarise(runtime.database, upload), ANY)
    settle()
    now = summarise(runtime.database, upload)
    assert now != seen[0]
    assert counted_for(runtime.database, now, ANY) == seen
    by_first = counted_for(runtime.database, now, SAFE_ROWS)
    assert by_first[0] == now
    assert reckon(*by_first, SAFE_ROWS).rows == split(by_first[1], SAFE_ROWS).kept


def test_the_address_to_write_to_is_in_the_file_whatever_was_chosen_for_another_list(
    runtime, upload, save, show
):
    alone = save("quince@orchard.sandbox")
    page = show("EXPORT", list=str(alone))
    page.multiselect(key="columns to add, none").set_value(["status"]).run()
    page.query_params["list"] = str(upload)
    page.run()
    page.segmented_control(key=DECIDES).set_value(Decides.ANY).run()
    kept = next(each.export for each in contents(page) if isinstance(each, Rows))
    assert kept.upload == upload
    assert "send_to" in export_header(runtime.database, kept)
    page.multiselect(key="columns to add, always").set_value([]).run()
    kept = next(each.export for each in contents(page) if isinstance(each, Rows))
    assert export_header(runtime.database, kept) == ["n", "email", "send_to", "other_results"]
