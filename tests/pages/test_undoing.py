"""The bar that takes back what was done last."""

import pytest
from streamlit.testing.v1 import AppTest

from pages.parts import undoing
from pages.parts.undoing import Undo

pytestmark = pytest.mark.usefixtures("session")


def _page() -> None:
    import streamlit as st

    from pages.parts.undoing import Undo, undo_bar

    undo: Undo[str] = Undo("picked here")

    def put_back(fruit: str) -> None:
        undo.forget()
        undo.say(f"{fruit} hangs again")

    if st.button("Pick"):
        undo.offer("quince")
    undo_bar(undo, lambda fruit: f"Picked {fruit}.", put_back)


def labels(page):
    return [each.label for each in page.button]


def test_what_was_done_can_be_taken_back_and_that_is_said_once():
    page = AppTest.from_function(_page).run()
    assert labels(page) == ["Pick"]
    page.button[0].click().run()
    assert labels(page) == ["Pick", "Undo"]
    assert page.markdown[0].value == ":material/delete: Picked quince."
    page.button[1].click().run()
    assert labels(page) == ["Pick"]
    assert [each.value for each in page.toast] == ["quince hangs again"]
    assert not page.run().toast


def test_after_a_while_it_is_offered_no_more(monkeypatch: pytest.MonkeyPatch):
    undo: Undo[str] = Undo("picked")
    undo.offer("plum")
    assert undo.offered == "plum"
    monkeypatch.setattr(undoing, "UNDO_S", -1.0)
    undo.offer("plum")
    assert undo.offered is None
