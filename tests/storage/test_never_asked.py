"""The never-probe list as its owner sees it: counted, taken off list by list, given back as a file."""

import csv

from engine.intake.listed import read_pasted
from engine.never_probed import ListedAs, parse_listed, written
from storage import never_asked, never_probed
from storage.files import EXACT
from storage.never_asked import (
    count_lines,
    never_asked_lines,
    remove_line,
    remove_source,
    sources,
    state_of_list,
)
from storage.never_probed import Origin, find_lines, write_lines

LEFT = Origin("they asked us", "Unsubscribed 2026")
PARTNERS = Origin("", "Partners")


def _write(database, origin, *names, tell=lambda _share: None):
    write_lines(database, [parse_listed(name) for name in names], origin, tell)


def _names(database):
    return [written(line.listed) for line in find_lines(database)]


def test_what_two_lists_name_counts_once_and_stays_until_both_are_off(database):
    _write(database, LEFT, "fig@mill.com", "orchard.com")
    _write(database, PARTNERS, "orchard.com", "mx:mill.com")
    assert count_lines(database) == {ListedAs.DOMAIN: 1, ListedAs.MX: 1, ListedAs.ADDRESS: 1}
    assert remove_source(database, "Unsubscribed 2026", lambda _share: None) == 2
    assert _names(database) == ["orchard.com", "mx:mill.com"]
    assert remove_source(database, "Partners", lambda _share: None) == 2
    assert _names(database) == []


def test_one_line_is_taken_off_of_its_own_list_alone(database):
    _write(database, LEFT, "orchard.com")
    _write(database, PARTNERS, "orchard.com")
    remove_line(database, find_lines(database)[0])
    assert [line.origin for line in find_lines(database)] == [LEFT]


def test_lists_stand_by_what_was_added_last_with_how_many_lines_they_have(database):
    _write(database, LEFT, "fig@mill.com", "orchard.com")
    _write(database, PARTNERS, "quay.com")
    assert [(each.name, each.lines) for each in sources(database)] == [
        ("Partners", 1),
        ("Unsubscribed 2026", 2),
    ]


def test_lines_are_found_by_the_name_of_their_list_and_page_by_page(database):
    _write(database, LEFT, "a.com", "b.com")
    _write(database, PARTNERS, "a.com", "b.com")
    assert len(find_lines(database, words="unsub")) == 2
    seen, after = [], None
    while page := find_lines(database, after=after, limit=1):
        after = page[0]
        seen.append((after.listed.name, after.origin.source))
    assert seen == [
        (name, source) for name in ("a.com", "b.com") for source in ("Partners", "Unsubscribed 2026")
    ]


def test_a_change_of_the_list_is_told_from_no_change(database):
    before = state_of_list(database)
    _write(database, LEFT, "a.com")
    changed = state_of_list(database)
    assert changed != before
    assert state_of_list(database) == changed


def test_long_lists_go_on_and_off_in_sets_and_say_how_far_that_is(database, monkeypatch):
    monkeypatch.setattr(never_probed, "CHUNK_LINES", 2)
    monkeypatch.setattr(never_asked, "CHUNK_LINES", 2)
    on, off = [], []
    _write(database, LEFT, *(f"orchard{n}.com" for n in range(5)), tell=on.append)
    assert remove_source(database, LEFT.source, off.append) == 5
    assert on == [0.4, 0.8, 1.0]
    assert off == on


def test_the_file_of_the_list_can_be_handed_in_again(database, monkeypatch):
    monkeypatch.setattr(never_asked, "_PAGE_LINES", 2)
    names = ["fig@mill.com", "mill.com", "orchard.com", "mx:quay.com"]
    _write(database, LEFT, *names)
    header, *rows = csv.reader("".join(never_asked_lines(database, EXACT)).splitlines())
    assert header[0] == "address or domain"
    assert rows[0][:4] == ["fig@mill.com", "address", "Unsubscribed 2026", "they asked us"]
    read = read_pasted("\n".join(row[0] for row in rows))
    assert ([written(each) for each in read.lines], read.unread) == (names, 0)


def test_the_list_stands_otherwise_where_a_line_was_taken_off_and_another_added(database):
    _write(database, LEFT, "orchard.com", "mill.com")
    before = state_of_list(database)
    (line,) = find_lines(database, words="mill")
    remove_line(database, line)
    _write(database, LEFT, "grove.com")
    assert state_of_list(database) != before
