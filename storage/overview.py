"""Draws the summary sheet of a workbook: sentences, figures, and the spreadsheet's own charts of them."""

from typing import Any

from storage.order import Chart, Overview

_CHART_COLUMN = 3
_CHART_ROWS = 17  # rows of usual height that a chart covers
_WIDTH_PX, _HEIGHT_PX = 620, 320
_NAME_WIDTH, _NUMBER_WIDTH = 44, 14  # characters


def draw_overview(book: Any, name: str, overview: Overview) -> None:
    """Add the sheet to an xlsxwriter workbook, from the top to the bottom."""
    sheet = book.add_worksheet(name)
    sheet.set_column(0, 0, _NAME_WIDTH)
    sheet.set_column(1, 1, _NUMBER_WIDTH)
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.write_string(0, 0, overview.heading, book.add_format({"bold": True, "font_size": 16}))
    for row, sentence in enumerate(overview.sentences, start=1):
        sheet.write_string(row, 0, sentence)
    row = len(overview.sentences) + 2
    for chart in overview.charts:
        row = _draw_chart(book, sheet, row, chart)


def _draw_chart(book: Any, sheet: Any, top: int, chart: Chart) -> int:
    """Write a chart's table with the chart beside it; give the row below both."""
    bold, whole = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0"})
    sheet.write_string(top, 0, chart.title, bold)
    first = top + 1
    for row, each in enumerate(chart.slices, start=first):
        sheet.write_string(row, 0, each.name)
        sheet.write_number(row, 1, each.number, whole)
    if chart.slices:
        last = first + len(chart.slices) - 1
        drawn = _bars(book, sheet.get_name(), chart, first, last)
        sheet.insert_chart(top, _CHART_COLUMN, drawn, {"description": _said(chart)})
    return top + max(_CHART_ROWS, len(chart.slices) + 2)


def _bars(book: Any, sheet: str, chart: Chart, first: int, last: int) -> Any:
    bars = book.add_chart({"type": "bar"})
    bars.add_series(
        {
            "categories": [sheet, first, 0, last, 0],
            "values": [sheet, first, 1, last, 1],
            "points": [{"fill": {"color": each.colour}} for each in chart.slices],
            "data_labels": {"value": True, "num_format": "#,##0"},
            "gap": 60,
        }
    )
    bars.set_title({"name": chart.title, "name_font": {"size": 13}, "overlay": False})
    bars.set_legend({"none": True})
    bars.set_y_axis({"reverse": True, "line": {"none": True}})
    bars.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
    bars.set_size({"width": _WIDTH_PX, "height": _HEIGHT_PX})
    return bars


def _said(chart: Chart) -> str:
    """Say in words what a chart shows, for who cannot see it."""
    return "; ".join([chart.title, *(f"{each.name} {each.number:,}" for each in chart.slices)])
