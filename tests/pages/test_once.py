"""What is kept for the length of a visit."""

from streamlit.testing.v1 import AppTest

SCRIPT = """
import streamlit as st

from pages.parts.once import stay

stay("kept")
if not st.session_state.get("is elsewhere"):
    for key in ("kept", "let go"):
        st.session_state.setdefault(key, "none")
        st.text_input(key, key=key)
"""


def test_what_a_widget_is_set_to_stays_while_another_page_is_shown():
    page = AppTest.from_string(SCRIPT).run()
    for field in page.text_input:
        field.set_value("fig")
    page.run()
    page.session_state["is elsewhere"] = True
    page.run()
    page.run()
    page.session_state["is elsewhere"] = False
    page.run()
    assert {field.key: field.value for field in page.text_input} == {"kept": "fig", "let go": "none"}
