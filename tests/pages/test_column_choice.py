"""The choice of address columns: by a click on the preview or by name, both in step."""

from pages.parts.column_choice import toggled

COLUMNS = ["No.", "work", "home"]


def test_a_clicked_column_joins_the_choice_in_the_lists_order():
    assert toggled(["home"], ["work"], COLUMNS) == ["work", "home"]


def test_a_column_that_is_clicked_again_leaves_the_choice():
    assert toggled(["work", "home"], ["work"], COLUMNS) == ["home"]


def test_a_click_on_the_row_numbers_changes_nothing():
    assert toggled(["work"], ["Row"], COLUMNS) == ["work"]
    assert toggled(["work"], [], COLUMNS) == ["work"]
