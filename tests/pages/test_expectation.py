"""How many messages may bounce, in words."""

import pytest

from engine.expected import Share, wilson
from pages.parts.expectation import in_percent, one_in, say_expected, span


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0.005, "5 in 1,000"),
        (0.0001, "1 in 1,000"),
        (0.01, "1 in 100"),
        (0.167, "17 in 100"),
        (1.0, "100 in 100"),
    ],
)
def test_a_share_is_said_as_so_many_of_a_round_number(share, said):
    assert one_in(share) == said


def test_an_interval_is_said_in_percent_with_no_more_decimals_than_it_bears():
    assert span(Share(0.01, 0.0041, 0.0183)) == "0.4 to 1.8 %"
    assert span(Share(0.2, 0.0961, 0.313)) == "9.6 to 31 %"


@pytest.mark.parametrize("number", range(1, 200, 3))
def test_a_share_in_percent_lies_in_its_interval_as_they_are_written(number):
    share = wilson(number, 20_000)
    low, high = span(share).removesuffix(" %").split(" to ")
    assert float(low) <= float(in_percent(share.point)) <= float(high)


def test_what_is_safe_is_said_with_what_may_bounce():
    share = Share(0.01, 0.004, 0.018)
    assert say_expected(share, 90) == (
        "About 1 in 100 of these may still bounce. That is assumed, not measured: 0.4 to 1.8 %."
    )
    assert say_expected(share, 1) == (
        "About 1 in 100 of its kind may still bounce. That is assumed, not measured: 0.4 to 1.8 %."
    )
