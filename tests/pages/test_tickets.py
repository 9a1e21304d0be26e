"""Tickets for downloads."""

from pages.parts.tickets import LIFE_S, MOST, Download, Page, Tickets

DOWNLOAD = Download(1, Page("<p>"), "customers - report.html")


def test_a_ticket_is_good_once():
    mine = Tickets()
    ticket = mine.hand_out(DOWNLOAD)
    assert mine.take_back(ticket) == DOWNLOAD
    assert mine.take_back(ticket) is None


def test_a_ticket_lives_for_a_minute():
    assert LIFE_S == 60.0


def test_a_ticket_ends_with_its_life():
    now = [0.0]
    mine = Tickets(clock=lambda: now[0])
    early, late = mine.hand_out(DOWNLOAD), mine.hand_out(DOWNLOAD)
    now[0] = LIFE_S - 1
    assert mine.take_back(early) == DOWNLOAD
    now[0] = LIFE_S
    assert mine.take_back(late) is None


def test_no_two_tickets_are_alike_and_a_made_up_one_is_good_for_nothing():
    mine = Tickets()
    handed_out = {mine.hand_out(DOWNLOAD) for _ in range(100)}
    assert len(handed_out) == 100
    assert min(map(len, handed_out)) >= 32
    assert mine.take_back("") is None
    assert mine.take_back("x" * 32) is None


def test_too_many_tickets_cost_the_oldest():
    mine = Tickets()
    first = mine.hand_out(DOWNLOAD)
    others = [mine.hand_out(DOWNLOAD) for _ in range(MOST)]
    assert mine.take_back(first) is None
    assert mine.take_back(others[0]) == DOWNLOAD
