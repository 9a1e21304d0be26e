"""The index of three-letter pieces: what is asked of it, and that it forgets with the entries."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from storage.entries import Search, find_entries
from storage.words import is_indexed, pieces_of

AROUND = (
    "{}",
    " {} ",
    "<{}>",
    "Jo <{}>",
    "mailto:{}",
    "“{}”",
    "\u200b{}",
    "(Jo) {}",
    "Mail: {}",
    "1) {}",
    "'{}'",
)


@pytest.mark.parametrize(
    ("words", "pieces"),
    [
        ("fig", '"fig"'),
        ("figs@", '"fig" "igs" "gs@"'),
        ("aaaa", '"aaa"'),
        ('a"b', '"a""b"'),
        ("fi", ""),
    ],
)
def test_words_are_asked_for_by_all_their_pieces(words, pieces):
    assert pieces_of(words) == pieces


@pytest.mark.parametrize(
    ("words", "pieces"),
    [
        ("FIG", '"fig"'),
        ("XN--tdafi", '"xn-" "n--" "--t" "-td" "tda" "daf" "afi"'),
        ("üfi", '"xn-" "n--" OR ((("üfi") OR ("u\u0308f" AND "\u0308fi")))'),
    ],
)
def test_words_with_marks_are_asked_for_composed_and_not_and_behind_an_a_label(words, pieces):
    assert pieces_of(words) == pieces
    assert is_indexed(words)


@pytest.mark.parametrize("words", ["mü", "mu\u0308", "xn--tda", "İb"])
def test_words_that_are_short_in_one_of_their_forms_are_not_in_the_index(words):
    assert not is_indexed(words)


def test_a_capital_that_the_index_does_not_fold_is_found(desk):
    upload = desk.save("İBRAHİM@mill.com", "I\u0307BRAHI\u0307M@mill.com", "ibrahim@mill.com")
    for words in ("İBRAHİM", "i\u0307brahi\u0307m"):
        assert [each.row for each in find_entries(desk.database, upload, Search(words=words))] == [0, 1]


def test_words_that_an_address_begins_with_are_asked_for_behind_each_sign_that_may_stand_before_one():
    asked, letters = pieces_of("figs", is_begin=True).split(") AND ")
    assert letters == '"fig" AND "igs"'
    assert {'" fi"', '"<fi"', '"""fi"', '":fi"', '"\u200bfi"'} <= set(asked.removeprefix("(").split(" OR "))
    assert is_indexed("fi", is_begin=True)
    assert not is_indexed("f", is_begin=True)


@given(
    st.lists(st.tuples(st.sampled_from(AROUND), st.text("fFiIgG.", min_size=1, max_size=5)), min_size=1),
    st.text("fig.@", min_size=1, max_size=4),
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_who_begins_with_words_is_found_whatever_stands_round_the_address(desk, written, words):
    upload = desk.save(*(around.format(f"{name}@mill.com") for around, name in written))
    everybody = find_entries(desk.database, upload, Search(), limit=1000)
    found = find_entries(desk.database, upload, Search(words=words, is_begin=True), limit=1000)
    assert found == [each for each in everybody if each.asked.lower().startswith(words)]


def test_long_words_are_asked_for_by_their_first_pieces():
    assert pieces_of("abcdefghijklmnopqrstuvwxyz").count(" ") == 15


def test_what_is_shorter_than_a_piece_is_not_in_the_index():
    assert [is_indexed(words) for words in ("", "fi", "fig")] == [False, False, True]


def _held(desk):
    return desk.rows("SELECT rowid FROM entry_words WHERE entry_words MATCH '\"fig\"' ORDER BY rowid")


def test_the_index_forgets_the_entries_of_a_list_that_is_deleted(desk):
    upload, other = desk.save("fig@orchard.com", "figs@mill.com"), desk.save("fig@farm.com")
    assert len(_held(desk)) == 3
    with desk.database.writing() as connection:
        connection.execute(text("DELETE FROM upload WHERE id = :upload"), {"upload": upload})
    kept = desk.rows("SELECT id FROM entry WHERE upload_id = :other", other=other)
    assert [each.rowid for each in _held(desk)] == [each.id for each in kept]
