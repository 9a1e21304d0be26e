"""Files and texts of whom never to ask: read whatever stands in them, and nothing guessed at."""

import pytest

from engine.intake.correction import Correction
from engine.intake.listed import (
    Unasked,
    count_unasked,
    guess_listed_column,
    listed_in,
    parse_one,
    read_listed,
    read_pasted,
)
from engine.intake.read import read_sheet
from engine.never_probed import Listed, Unlistable, never_probed_of, parse_listed, written


def _sheet(text, name="never.csv"):
    return read_sheet(text.encode(), name)


def _names(read):
    return [written(line) for line in read.lines]


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Fig@Orchard.com", ["fig@orchard.com"]),
        ('"Pear, Anjou" <pear@orchard.com>', ["pear@orchard.com"]),
        ("orchard.com, plum@mill.com", ["orchard.com", "plum@mill.com"]),
        ("@orchard.com *.mill.com", ["orchard.com", "mill.com"]),
        ("*@orchard.com", ["orchard.com"]),
        ("Everybody <*@orchard.com>; fig@mill.com", ["orchard.com", "fig@mill.com"]),
        ("Info*@Orchard.com", ["Info*@Orchard.com"]),
        ("mx:mail.orchard.com", ["mx:mail.orchard.com"]),
        ("Unsubscribed", ["Unsubscribed"]),
        ("Pear Tree", ["Pear Tree"]),
        ("", []),
    ],
)
def test_a_cell_names_addresses_domains_and_hosts_and_what_names_nobody_is_given_back(cell, names):
    assert [written(each) if isinstance(each, Listed) else each for each in listed_in(cell)] == names


@pytest.mark.parametrize("text", ["com", " gov ", "localhost"])
def test_a_single_word_is_refused_since_it_would_stand_for_a_whole_country(text):
    with pytest.raises(Unlistable, match=rf"write \*\.{text.strip()}"):
        parse_one(text)


def test_an_ending_that_is_meant_is_taken():
    assert written(parse_one("*.gov")) == "gov"


def test_a_text_is_read_line_by_line_and_each_name_counts_once():
    read = read_pasted("orchard.com\nORCHARD.com; fig@mill.com\nnobody at all\n\n")
    assert _names(read) == ["orchard.com", "fig@mill.com"]
    assert (read.unread, read.examples[0].number, read.examples[0].text) == (1, 3, "nobody at all")


def test_the_column_with_most_addresses_is_guessed():
    sheet = _sheet("name,reached at,since\nFig,fig@mill.com,2020\nPlum,plum@mill.com,2021")
    assert guess_listed_column(sheet) == "reached at"
    assert _names(read_listed(sheet, "reached at")) == ["fig@mill.com", "plum@mill.com"]


def test_a_column_of_domains_is_guessed_where_there_is_no_address():
    sheet = _sheet("Firm,Domain\nThe Orchard,orchard.com\nThe Mill,mill.com\n")
    assert guess_listed_column(sheet) == "Domain"
    assert _names(read_listed(sheet, "Domain")) == ["orchard.com", "mill.com"]


def test_a_header_that_is_a_domain_itself_is_read_as_one():
    sheet = read_sheet(b"orchard.com,1\nmill.com,2\n", "never.csv", has_header=True)
    read = read_listed(sheet, "orchard.com")
    assert _names(read) == ["orchard.com", "mill.com"]


def test_a_file_that_names_nobody_has_no_column():
    assert guess_listed_column(_sheet("Name,Age\nFig,3\nPlum,4")) is None


def test_whoever_reads_a_long_file_hears_how_far_it_is():
    heard = []
    read = read_listed(
        _sheet("\n".join(f"fig{n}@orchard.com" for n in range(12_000))), "Column 1", heard.append
    )
    assert len(read.lines) == 12_000
    assert heard == sorted(heard)
    assert len(heard) == 3


def test_distinct_addresses_on_the_list_are_counted_whichever_way_they_are_on_it():
    listed = never_probed_of(map(parse_listed, ("orchard.com", "fig@mill.com")))
    sheet = _sheet("email\nfig@mill.com\nFIG@mill.com\npear@sub.orchard.com\nplum@mill.com\nno address")
    assert count_unasked(sheet, ["email"], listed) == Unasked(by_list=2)


def test_an_address_counts_as_it_is_written_and_as_it_is_asked():
    sheet = _sheet("email\nfig@gmial.com\nplum@gmial.com\npear@gmial.com\n", "l.csv")
    listed = never_probed_of(map(parse_listed, ("fig@gmial.com", "plum@gmail.com")))
    mended = [Correction("gmial.com", "gmail.com")]
    assert count_unasked(sheet, ["email"], listed, corrections=mended) == Unasked(by_list=2)


def test_whom_only_a_client_lets_nobody_ask_about_is_counted_apart():
    sheet = _sheet("email\nfig@orchard.com\nplum@sub.orchard.com\nPLUM@sub.orchard.com\npear@gmial.com\n")
    listed = never_probed_of([parse_listed("fig@orchard.com")])
    mended = [Correction("gmial.com", "gmail.com")]
    own = ("orchard.com", "gmial.com")
    assert count_unasked(sheet, ["email"], listed, own, mended) == Unasked(by_list=1, by_client=2)
    assert count_unasked(sheet, ["email"], listed) == Unasked(by_list=1)
