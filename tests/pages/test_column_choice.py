"""The choice of address columns: by a click on the preview or by name, both in step."""

from engine.intake.read import read_sheet
from pages.parts.column_choice import addresses_first, toggled

COLUMNS = ["No.", "work", "home"]


def test_a_clicked_column_joins_the_choice_in_the_lists_order():
    assert toggled(["home"], ["work"], COLUMNS) == ["work", "home"]


def test_a_column_that_is_clicked_again_leaves_the_choice():
    assert toggled(["work", "home"], ["work"], COLUMNS) == ["home"]


def test_a_click_on_the_row_numbers_changes_nothing():
    assert toggled(["work"], ["Row"], COLUMNS) == ["work"]
    assert toggled(["work"], [], COLUMNS) == ["work"]


def test_columns_with_addresses_stand_first_in_the_lists_own_order():
    sheet = read_sheet(b"No.,town,work,home\n1,Mill,fig@mill.com,plum@mill.com\n", "fruits.csv")
    assert addresses_first(sheet, ["home", "work"]) == ["work", "home", "No.", "town"]
    assert addresses_first(sheet, []) == ["No.", "town", "work", "home"]
