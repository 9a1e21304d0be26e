"""Lists that run are held to the never-probe list, also by how their addresses were written."""

import pytest

from engine.intake.correction import Correction
from engine.never_probed import parse_listed
from storage.never_probed import Origin, write_lines
from storage.runs import finish_changes
from storage.withholding import never_probe

SLIPS = (Correction("gmial.com", "gmail.com"), Correction("gmial.com.de", "gmail.com"))


def _never(desk, *names):
    never_probe(desk.database, [parse_listed(name) for name in names], Origin())


def test_a_list_that_was_saved_before_is_held_to_a_line_as_its_addresses_are_written(desk, recount):
    upload = desk.save("fig@gmial.com", "pear@gmial.com", corrections=SLIPS)
    _never(desk, "fig@gmial.com")
    desk.start(upload)
    assert desk.acquire()
    assert desk.finish() == ["pear@gmail.com"]
    recount(desk)


def test_a_list_that_runs_is_held_to_a_line_as_its_addresses_are_written(desk, recount):
    other = desk.begin("plum@gmail.com")
    desk.begin("fig@gmial.com", "plum@gmial.com", "pear@gmial.com", corrections=SLIPS)
    _never(desk, "fig@gmial.com", "plum@gmial.com")
    assert sorted(desk.finish()) == ["pear@gmail.com", "plum@gmail.com"]
    assert desk.value("SELECT status FROM entry WHERE upload_id = :upload", upload=other) == "valid"
    recount(desk)


def test_what_a_kill_broke_off_is_made_up_for_by_how_it_was_written_too(desk):
    desk.begin("fig@gmial.com", "pear@gmial.com", corrections=SLIPS)
    write_lines(desk.database, [parse_listed("fig@gmial.com")], Origin())
    finish_changes(desk.database, desk.settings)
    assert desk.finish() == ["pear@gmail.com"]


@pytest.mark.parametrize("line", ["gmial.com", "com", "fig@gmial.com", "gmail.com", "fig@gmail.com"])
def test_a_line_holds_an_address_as_it_is_written_and_as_it_is_asked(desk, recount, line):
    desk.begin("fig@gmial.com", "pear@orchard.de", corrections=SLIPS)
    _never(desk, line)
    assert desk.finish() == ["pear@orchard.de"]
    recount(desk)


def test_a_domain_that_is_listed_after_the_start_holds_addresses_that_were_written_so(desk, recount):
    desk.begin("fig@gmial.com", "Plum <PLUM@Gmial.Com>", "pear@gmail.com", corrections=SLIPS)
    _never(desk, "gmial.com")
    assert desk.finish() == ["pear@gmail.com"]
    recount(desk)


@pytest.mark.parametrize(
    "line", ["ig@gmial.com", "fig@gmial.co", "fig@gmial.com", "gmial.com", "mial.com.de"]
)
def test_a_line_that_only_stands_in_what_is_written_holds_nobody(desk, line):
    desk.begin("fig@gmial.com.de", corrections=SLIPS)
    _never(desk, line)
    assert desk.finish() == ["fig@gmail.com"]
