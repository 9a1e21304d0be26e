"""What a page sets stays where it stands: the watch over all tests of pages does find what does not."""

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from engine.batch import DomainFacts
from engine.policy import Policy
from pages.parts.together import DECIDES
from storage.policies import NamedPolicy, save_policy
from storage.routes import keep_routes
from tests.pages.answers import ROUTE
from tests.pages.clicked import chart_of, click_bar

PAGE = """
import contextlib
import streamlit as st
st.button("Clear", on_click=lambda: st.session_state.update({{"points": 0}}))
with {around}:
    if st.session_state.get("points"):
        st.caption("Only some")
st.slider("Points", 0, 100, key="points")
"""


def test_what_is_set_and_moved_in_one_run_is_found():
    page = AppTest.from_string(PAGE.format(around="contextlib.nullcontext()")).run()
    page.slider[0].set_value(40).run()
    with pytest.raises(AssertionError, match="moved in the same run"):
        page.button[0].click().run()


def test_what_is_set_under_a_container_of_what_goes_stays_where_it_stands():
    page = AppTest.from_string(PAGE.format(around="st.container()")).run()
    page.slider[0].set_value(40).run()
    assert page.button[0].click().run().slider[0].value == 0


def test_a_text_pasted_after_the_sample_moves_no_policy(demo_runtime, show):
    save_policy(demo_runtime.database, NamedPolicy("Plum", Policy(least_confidence=70)))
    page = show("NEW_LIST", sample="1")
    page.segmented_control(key="way").set_value("Paste addresses").run()
    page.text_area[0].set_value("email\nfig@orchard.sandbox\nplum@orchard.sandbox").run()
    assert not page.exception
    assert page.selectbox(key="client policy").value == ""


def test_a_list_without_rows_of_several_addresses_moves_no_choice_of_the_list_before(save, settle, show):
    several = save('1,"fig@orchard.sandbox; no.plum@orchard.sandbox"', head="n,email")
    single = save("quince@orchard.sandbox", name="b.csv")
    settle()
    page = show("EXPORT", list=str(several))
    assert DECIDES in {each.key for each in page.get("button_group")}
    page.selectbox(key="list picker").set_value(single).run()
    assert not page.exception
    assert DECIDES not in {each.key for each in page.get("button_group")}


def test_the_last_domain_looked_up_moves_no_search(runtime, save, show):
    save("plum@orchard.sandbox", "apple@marsh.sandbox", is_started=True)
    known = [DomainFacts(name, ROUTE, provider="google") for name in ("orchard.sandbox", "marsh.sandbox")]
    with runtime.database.writing() as connection:
        keep_routes(connection, known[:1])
    page = show("DOMAINS")
    page.text_input(key="find domain").set_value("orch").run()
    with runtime.database.writing() as connection:
        keep_routes(connection, known[1:])
    st.cache_data.clear()
    click_bar(page, chart_of(page, "providers"), "google")
    assert page.text_input(key="find domain").value == ""
