"""Bars: their lengths, their numbers, and the share of a whole in words."""

import pytest

from pages.parts.bars import (
    MOST_BARS,
    OTHERS,
    Bar,
    lying_bars,
    part_of,
    ranked,
    ranked_bars,
    say_ranked,
    share,
)

MANY = {f"field {number:02}": 100 - number for number in range(MOST_BARS + 4)}


def test_the_first_bar_stands_on_top_with_its_label_and_colour():
    drawn = lying_bars("Two fields", [Bar("corn", 3, "3 of 5", "#123456"), Bar("rye", 2, "2 of 5")])
    assert list(drawn.data[0].y) == ["corn", "rye"]
    assert list(drawn.data[0].text) == ["3 of 5", "2 of 5"]
    assert drawn.data[0].marker.color[0] == "#123456"
    assert drawn.layout.yaxis.autorange == "reversed"
    assert drawn.layout.title.text == "Two fields"


def test_there_is_room_for_the_longest_bar_there_could_be():
    few = lying_bars("A few percent", [Bar("corn", 3, "3 %")], longest=100)
    assert few.layout.xaxis.range[1] > 100
    assert lying_bars("", [Bar("corn", 3, "3")]).layout.xaxis.range[1] < 10


def test_beside_long_names_the_axis_is_longer_so_that_the_label_fits():
    short, long = (lying_bars("", [Bar(name, 10, "10")]) for name in ("corn", "a field far beyond the mill"))
    assert long.layout.xaxis.range[1] > short.layout.xaxis.range[1] > 10


def test_a_chart_without_bars_is_still_drawn():
    assert lying_bars("Nothing", []).layout.height > 0


def test_the_smallest_are_counted_together_and_none_is_lost():
    kept = ranked(MANY)
    assert len(kept) == MOST_BARS
    assert list(kept)[-1] == OTHERS
    assert sum(kept.values()) == sum(MANY.values())


def test_the_largest_comes_first_and_is_said_first():
    assert list(ranked_bars("Fields", {"rye": 2, "corn": 3}).data[0].y) == ["corn", "rye"]
    assert say_ranked("Fields", {"rye": 2, "corn": 3}) == "Fields. corn 3; rye 2."
    assert say_ranked("No field", {}) == "No field."


def test_a_number_stands_with_its_share():
    assert part_of(1204, 5000) == "1,204  (24.1 %)"


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [
        (0, 0, "0 %"),
        (0, 10, "0 %"),
        (1, 3, "33.3 %"),
        (1, 100_000, "under 0.1 %"),
        (99_999, 100_000, "over 99.9 %"),
        (7, 7, "100.0 %"),
    ],
)
def test_a_share_is_never_rounded_to_nothing_or_to_all(part: int, whole: int, said: str):
    assert share(part, whole) == said
