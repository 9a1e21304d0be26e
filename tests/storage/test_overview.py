"""The summary sheet of a workbook."""

import zipfile

import xlsxwriter

from storage.order import Chart, Overview, Slice
from storage.overview import draw_overview


def test_a_chart_says_in_words_what_it_shows_and_has_the_colours_of_its_slices(tmp_path):
    chart = Chart("2 of 5 are safe", (Slice("Valid", 2_000, "#0072B2"), Slice("Dead", 3, "#D55E00")))
    with xlsxwriter.Workbook(str(tmp_path / "x"), {"constant_memory": True}) as book:
        draw_overview(book, "Summary", Overview("Fruits", (), (chart,)))
    archive = zipfile.ZipFile(tmp_path / "x")
    drawing = archive.read("xl/drawings/drawing1.xml").decode()
    assert "2 of 5 are safe; Valid 2,000; Dead 3" in drawing
    drawn = archive.read("xl/charts/chart1.xml").decode()
    assert drawn.index("0072B2") < drawn.index("D55E00")


def test_a_chart_of_nothing_is_not_drawn(tmp_path):
    with xlsxwriter.Workbook(str(tmp_path / "x"), {"constant_memory": True}) as book:
        draw_overview(book, "Summary", Overview("Fruits", (), (Chart("No row is removed", ()),)))
    assert "xl/charts/chart1.xml" not in zipfile.ZipFile(tmp_path / "x").namelist()
