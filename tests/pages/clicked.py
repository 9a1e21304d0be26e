"""Clicks as a browser tells them: on a cell of a table, even one drawn no more, and on a bar of a chart."""

import json

from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.testing.v1 import AppTest


def grid_of(page: AppTest) -> str:
    """Give the one table of a page whose rows open."""
    (grid,) = (each.proto.id for each in page.dataframe if each.proto.selection_mode)
    return grid


def chart_of(page: AppTest, key: str) -> str:
    """Give the chart whose key begins so."""
    (chart,) = (each.proto.id for each in page.get("plotly_chart") if f"-{key}" in each.proto.id)
    return chart


def click_cell(page: AppTest, grid: str, row: int, column: str) -> AppTest:
    """Click a cell of a table."""
    return _select(page, grid, {"rows": [], "columns": [], "cells": [[row, column]]})


def click_bar(page: AppTest, chart: str, opens: str) -> AppTest:
    """Click the bar that opens this."""
    return _select(page, chart, {"points": [{"customdata": [opens]}], "box": [], "lasso": []})


def _select(page: AppTest, drawn: str, selection: dict) -> AppTest:
    clicks = WidgetStates()
    clicks.widgets.add(id=drawn).string_value = json.dumps({"selection": selection})
    return page._run(clicks)
