"""Lists that were deleted, as the Lists page shows them."""

import time

from storage.deletion import KEPT_S
from storage.summaries import standings, summarise
from storage.uploads import UploadState

SECTION = "Recently deleted ({})"


def labels(page):
    return [each.label for each in page.expander]


def test_where_nothing_was_deleted_there_is_no_such_section(runtime, save, show):
    save("quince@orchard.sandbox")
    assert not labels(show("LISTS"))


def test_a_deleted_list_stands_in_the_section_alone_and_is_brought_back_there(runtime, save, show):
    upload = save("quince@orchard.sandbox", name="a.csv")
    runtime.delete_upload(upload)
    page = show("LISTS")
    assert [each.label for each in page.button][:1] == ["Check your first list"]
    assert labels(page) == [SECTION.format(1)]
    assert any(r"**a\.csv**" in each.value and "1 row" in each.value for each in page.markdown)
    page.button(key=f"restore-{upload}").click().run()
    assert not page.exception
    assert [each.upload for each in standings(runtime.database)] == [upload]
    assert [each.value for each in page.subheader] == [r"a\.csv"]


def test_a_list_that_ran_comes_back_paused_and_the_page_says_so(runtime, save, show):
    upload = save("quince@orchard.sandbox", name="a.csv", is_started=True)
    runtime.delete_upload(upload)
    page = show("LISTS")
    page.button(key=f"restore-{upload}").click().run()
    assert summarise(runtime.database, upload).standing.state is UploadState.PAUSED
    assert any("Paused" in each.value for each in page.markdown)


def test_a_list_goes_for_good_only_after_a_question(runtime, save, show):
    upload = save("quince@orchard.sandbox", name="a.csv")
    runtime.delete_upload(upload)
    page = show("LISTS")
    page.button(key=f"gone-{upload}").click().run()
    assert labels(page) == [SECTION.format(1)]
    assert any("cannot be taken back" in each.value for each in page.markdown)
    next(each for each in page.button if each.label == "Delete for good" and not each.key).click().run()
    assert not labels(page)


def test_what_was_deleted_over_a_week_ago_is_not_shown(runtime, save, show):
    upload = save("quince@orchard.sandbox")
    runtime.engine.stop()
    runtime.delete_upload(upload)
    with runtime.database.writing() as connection:
        connection.exec_driver_sql("UPDATE upload SET deleted_at = ?", (time.time() - KEPT_S - 1,))
    assert not labels(show("LISTS"))
