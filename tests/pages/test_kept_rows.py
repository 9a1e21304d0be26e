"""What a choice keeps of a list: its figures, and the doubts that are said beside them."""

import pytest
from streamlit.testing.v1 import AppTest

from engine.never_probed import parse_listed
from pages.parts.presets import Preset
from pages.parts.topics import TOPICS, About
from storage.never_probed import Origin, write_lines


def captions(page):
    return [each.value for each in page.caption]


def infos(page):
    return [each.value for each in page.info]


@pytest.fixture
def ended(runtime):
    """Let a list end with nobody having been asked."""

    def end(upload):
        runtime.start_upload(upload)
        runtime.cancel_upload(upload)

    return end


def test_where_a_row_holds_several_addresses_it_is_said_which_one_decides(runtime, save, show):
    save("quince@orchard.sandbox; plum@orchard.sandbox")
    assert any("Several addresses stand together in 1 row." in each for each in captions(show("EXPORT")))


def test_where_each_row_holds_one_nothing_is_said_of_several(runtime, save, show):
    save("quince@orchard.sandbox", "plum@orchard.sandbox")
    assert not any("Several addresses" in each for each in captions(show("EXPORT")))


def test_of_a_list_that_has_ended_no_answer_is_missing(runtime, save, show, ended):
    upload = save("quince@orchard.sandbox")
    assert any("An answer is still missing" in each for each in infos(show("EXPORT", list=str(upload))))
    ended(upload)
    assert not any("An answer is still missing" in each for each in infos(show("EXPORT", list=str(upload))))


def test_whom_nobody_was_to_ask_about_is_not_put_off_till_tomorrow(runtime, save, show, ended):
    write_lines(runtime.database, [parse_listed("quince@orchard.sandbox")], Origin())
    upload = save("quince@orchard.sandbox", "plum@orchard.sandbox")
    ended(upload)
    (said,) = infos(show("EXPORT", list=str(upload)))
    assert said.startswith("1 row goes because its address was not checked.")


def test_that_nobody_could_tell_is_said_of_those_alone_that_were_asked_about(runtime, save, show, settle):
    upload = save("blocked@orchard.sandbox", is_started=True)
    settle()
    (said,) = infos(show("EXPORT", list=str(upload)))
    assert said.startswith("1 row goes because nobody could tell of its address.")


def test_rows_and_addresses_that_differ_are_accounted_for_with_a_way_to_help(runtime, save, show, ended):
    upload = save("quince@orchard.sandbox", "quince@orchard.sandbox", "plum@orchard.sandbox")
    ended(upload)
    page = show("EXPORT", list=str(upload))
    page.segmented_control(key="preset").set_value(Preset.NOT_DEAD).run()
    assert TOPICS[About.COUNTING].title in [each.proto.label for each in page.page_link]


def _page_of_a_list_that_is_gone() -> None:
    import runtime as house
    from engine.verdict import Status
    from pages.parts.kept_rows import kept_rows
    from storage.selection import Selection
    from storage.summaries import summarise

    runtime = house.current()
    standing = summarise(runtime.database, 1).standing
    runtime.delete_upload(1)
    kept_rows(runtime, standing, Selection(frozenset({Status.VALID})), "")


def test_of_a_list_that_was_deleted_meanwhile_nothing_is_shown(runtime, save):
    save("quince@orchard.sandbox")
    page = AppTest.from_function(_page_of_a_list_that_is_gone).run()
    assert not page.exception
    assert not page.metric
