"""Which columns hold addresses."""

import pytest

from engine.intake.columns import guess_columns
from engine.intake.read import read_sheet


def columns_of(text: str) -> tuple[str, ...]:
    return guess_columns(read_sheet(text.encode(), "list.csv"))


def test_the_column_with_addresses_is_found_whatever_its_name():
    assert columns_of("fruit,reach\npear,a@x.com\nplum,b@x.com\n") == ("reach",)


def test_no_column_is_named_where_no_cell_has_an_address():
    assert columns_of("fruit,email\npear,none\nplum,@\n") == ()


def test_the_fuller_column_comes_first():
    text = "second,first\n,a@x.com\nz@x.com,b@x.com\n,c@x.com\n"
    assert columns_of(text) == ("first", "second")


@pytest.mark.parametrize(
    "word", ["Email", "E-MAIL", "Courriel", "correo", "Adresse électronique", "почта", "メール", "邮箱"]
)
def test_a_telling_header_breaks_the_tie(word):
    assert columns_of(f"login,{word}\na@x.com,a@x.com\nb@x.com,b@x.com\n") == (word, "login")


def test_addresses_deep_in_a_long_file_are_found():
    rows = "".join(f"fruit {number},\n" for number in range(5000))
    assert columns_of(f"fruit,note\n{rows}pear,a@x.com\n") == ("note",)


def test_a_list_without_header_has_its_only_column():
    assert columns_of("a@x.com\nb@x.com\n") == ("Column 1",)
