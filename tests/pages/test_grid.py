"""Tables whose rows open: a click opens the row that was clicked, and a late one nothing else."""

import gc
from weakref import ref

import pytest
from streamlit.testing.v1 import AppTest

from engine.never_probed import parse_listed, written
from pages.parts import listed_table
from pages.parts.evidence import OPENED
from pages.parts.frame import RESULTS
from pages.parts.paging import PAGE_ROWS
from storage.entry_detail import read_entry
from storage.never_probed import Origin, write_lines
from tests.pages.clicked import click_cell, grid_of


def _page() -> None:
    import pandas as pd
    import streamlit as st

    from pages.parts.grid import clickable_table

    lines, figures = st.session_state["lines"], st.session_state.get("figures", 0)
    clickable_table(
        "orchard",
        pd.DataFrame({"Tree": lines, "Pears": figures}),
        lines,
        lambda line: st.session_state.update(opened=line),
        told_by=lambda line: line,
        columns={},
        order=["Tree"],
        alt="Trees",
    )
    st.text(f"{len(st.session_state)} keys")


def _shown(lines: list[str]) -> AppTest:
    page = AppTest.from_function(_page, default_timeout=20)
    page.session_state["lines"] = lines
    return page.run()


def _trees(place: str, number: int) -> list[str]:
    return [f"{place} {each}" for each in range(number)]


@pytest.mark.parametrize("rows", [50, 5])
def test_a_late_click_opens_no_row_that_stands_in_the_clicked_ones_place_by_now(rows: int):
    page = _shown(_trees("hill", 50))
    before = grid_of(page)
    page.session_state["lines"] = _trees("dale", rows)
    click_cell(page.run(), before, 30, "Tree")
    assert not page.exception
    assert "opened" not in page.session_state
    assert click_cell(page, grid_of(page), 3, "Tree").session_state["opened"] == "dale 3"


def test_a_late_click_finds_nothing_where_one_row_vanished():
    page = _shown(_trees("hill", 5))
    before = grid_of(page)
    page.session_state["lines"] = _trees("hill", 5)[1:]
    click_cell(page.run(), before, 4, "Tree")
    assert not page.exception
    assert "opened" not in page.session_state


def test_rows_that_stay_keep_their_table_while_their_figures_change():
    page = _shown(_trees("hill", 5))
    before = grid_of(page)
    page.session_state["figures"] = 7
    assert grid_of(page.run()) == before
    assert click_cell(page, before, 4, "Tree").session_state["opened"] == "hill 4"


def test_the_same_cell_can_be_clicked_again():
    page = click_cell(shown := _shown(_trees("hill", 5)), grid_of(shown), 2, "Tree")
    assert page.session_state["opened"] == "hill 2"
    del page.session_state["opened"]
    assert click_cell(page, grid_of(page), 2, "Tree").session_state["opened"] == "hill 2"


class _Trees(list[str]):
    """Lines of which it can be told whether anything keeps them still."""


def test_a_visit_keeps_no_page_of_a_table_but_the_one_that_it_shows():
    page = _shown(first := _Trees(_trees("hill", 5)))
    kept, counted = ref(first), []
    del first
    for number in range(5):
        page.session_state["lines"] = _Trees(_trees(f"dale {number}", 5))
        counted.append(page.run().text[0].value)
    gc.collect()
    assert kept() is None
    assert len(set(counted)) == 1, counted


def _late_click(page: AppTest, screen_next: str, column: str) -> AppTest:
    """Go to a table's next page and click the last row of the one before, which is still seen."""
    before = grid_of(page)
    page.button(key=screen_next).click().run()
    return click_cell(page, before, PAGE_ROWS - 1, column)


@pytest.mark.parametrize("further", [PAGE_ROWS, 3])
def test_a_late_click_opens_no_other_address(runtime, save, show, further: int):
    upload = save(*(f"plum{number:03}@orchard.com" for number in range(PAGE_ROWS + further)))
    page = _late_click(show("RESULTS"), "entries page next", "Address")
    assert not page.exception
    assert OPENED not in page.session_state
    click_cell(page, grid_of(page), 2, "Address")
    detail = read_entry(runtime.database, upload, page.session_state[OPENED])
    assert detail.line.text == f"plum{PAGE_ROWS + 2:03}@orchard.com"


def test_a_late_click_opens_no_address_of_another_list(runtime, save, show):
    first, second = (save("plum@orchard.com", "fig@orchard.com", name=name) for name in ("a.csv", "b.csv"))
    page = show("RESULTS", list=str(first))
    before = grid_of(page)
    page.query_params["list"] = str(second)
    page.switch_page(RESULTS).run()
    assert grid_of(page) != before
    click_cell(page, before, 1, "Address")
    assert not page.exception
    assert OPENED not in page.session_state


@pytest.mark.parametrize("further", [PAGE_ROWS, 3])
def test_a_late_click_opens_no_other_domain(save, show, further: int):
    save(*(f"plum@field{number:03}.com" for number in range(PAGE_ROWS + further)))
    page = _late_click(show("DOMAINS"), "domains page next", "Domain")
    assert not page.exception
    assert "opened domain" not in page.session_state
    click_cell(page, grid_of(page), 2, "Domain")
    assert page.session_state["opened domain"][1].name == f"field{PAGE_ROWS + 2:03}.com"


@pytest.mark.parametrize("further", [PAGE_ROWS, 3])
def test_a_late_click_offers_no_other_line_to_be_taken_off(runtime, show, further: int):
    names = (parse_listed(f"field{number:03}.com") for number in range(PAGE_ROWS + further))
    write_lines(runtime.database, list(names), Origin())
    page = _late_click(show("NEVER_ASKED"), "listed page next", "Name")
    assert not page.exception
    assert listed_table.OPENED.slot not in page.session_state
    click_cell(page, grid_of(page), 2, "Name")
    assert written(page.session_state[listed_table.OPENED.slot].listed) == f"field{PAGE_ROWS + 2:03}.com"


def test_a_late_click_opens_no_other_address_where_rows_vanish_by_themselves(save, settle, show):
    save("plum@orchard.com", "later.fig@orchard.com", "later.pear@orchard.com", is_started=True)
    page = show("RESULTS")
    page.session_state["find status"] = "waiting"
    before = grid_of(page.run())
    settle()
    page.button(key="look again").click().run()
    assert len(next(each.value for each in page.dataframe if each.proto.id == grid_of(page))) == 2
    click_cell(page, before, 1, "Address")
    assert not page.exception
    assert OPENED not in page.session_state
