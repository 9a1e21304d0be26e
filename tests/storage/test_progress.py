"""How far the writing of a file is."""

from storage.progress import EVERY_ROWS, told


def test_all_rows_pass_and_the_share_of_a_later_pass_begins_where_the_earlier_ended():
    shares = []
    rows = range(EVERY_ROWS * 2)
    assert list(told(iter(rows), len(rows), shares.append)) == [*rows]
    assert shares == [0.0, 0.5]
    assert list(told(iter(rows), len(rows), shares.append, after=1, of=2)) == [*rows]
    assert shares[2:] == [0.5, 0.75]


def test_a_list_that_is_longer_than_was_said_is_never_more_than_done():
    shares = []
    list(told(iter(range(EVERY_ROWS * 3)), 1, shares.append))
    assert max(shares) == 1.0
    list(told(iter([1]), 0, shares.append))
    assert shares[-1] == 0.0
