"""Numbers in words."""

import pytest

from pages.parts.counting import count, holdings, several


def test_a_number_has_thousands_separators():
    assert count(1234567) == "1,234,567"


@pytest.mark.parametrize(("number", "said"), [(1, "1 row"), (0, "0 rows"), (5021, "5,021 rows")])
def test_what_is_counted_is_named_with_its_number(number, said):
    assert several(number, "row") == said


def test_what_a_list_holds_is_said_with_all_its_parts():
    assert holdings(5021, 5009, 12) == "5,009 addresses in 5,021 rows, 12 of them without an address"
    assert holdings(1, 1, 0) == "1 address in 1 row"
