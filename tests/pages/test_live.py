"""What is drawn again while a list runs: its parts speak of one moment, and of a later one later."""

from streamlit.testing.v1 import AppTest

from pages.parts import live
from pages.parts.live import _latest


def _page() -> None:
    import streamlit as st

    from pages.parts.live import lively
    from runtime import current
    from storage.summaries import summarise

    summary = summarise(current().database, 1)
    shown = st.session_state["shown"] = []
    for _ in range(2):
        lively(current(), summary, lambda _runtime, now: shown.append(now is summary))


def test_parts_that_are_drawn_together_show_the_figures_that_the_page_was_drawn_with(runtime, save):
    assert save("plum@orchard.sandbox") == 1
    page = AppTest.from_function(_page).run()
    assert not page.exception
    assert page.session_state["shown"] == [True, True]


def test_a_moment_later_they_are_asked_for_anew_once_for_all_parts(runtime, save, session, monkeypatch):
    upload, other = save("plum@orchard.sandbox"), save("fig@orchard.sandbox")
    first = _latest(runtime, upload)
    assert _latest(runtime, upload) is first
    assert _latest(runtime, other).standing.upload == other
    monkeypatch.setattr(live, "ONE_MOMENT_S", 0.0)
    later = _latest(runtime, upload)
    assert later is not first
    assert later.standing.upload == upload
