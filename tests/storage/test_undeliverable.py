"""The suppression file: what must not be sent to."""

import csv
import io

import pytest

from engine.intake.correction import Correction
from engine.never_probed import parse_listed
from engine.policy import Policy, Weight
from storage.files import Dialect
from storage.never_probed import Origin
from storage.policies import NamedPolicy
from storage.rejudge import apply_policy
from storage.undeliverable import suppression_lines
from storage.withholding import never_probe

LINES = (
    "work,home",
    "pear@orchard.com,plum@orchard.com",
    "plum@orchard.com,no address",
    "=1+1@orchard.com,=1+1@orchard.com",
    "Fig Tree <fig@orchard.com>,",
)


@pytest.fixture
def upload(desk, replies):
    """A list whose one good address is pear@orchard.com."""
    upload = desk.begin(*LINES, columns=("work", "home"))
    missing = ("plum@orchard.com", "=1+1@orchard.com", "fig@orchard.com")
    answers = dict.fromkeys(missing, replies["missing"]) | {"pear@orchard.com": replies["accepted"]}
    for batch in desk.claim():
        desk.settle(desk.answer(batch, answers))
    return upload


def _rows(desk, upload, dialect, **wanted):
    lines = suppression_lines(desk.database, upload, dialect, **wanted)
    return list(csv.reader(io.StringIO("".join(lines))))


def test_each_invalid_address_stands_in_it_once_and_nothing_else_does(desk, upload):
    assert _rows(desk, upload, Dialect()) == [
        ["email"], ["plum@orchard.com"], ["=1+1@orchard.com"], ["fig@orchard.com"],
    ]  # fmt: skip


def test_an_address_that_a_spreadsheet_would_run_is_made_harmless_unless_it_is_to_be_exact(desk, upload):
    assert ["'=1+1@orchard.com"] in _rows(desk, upload, Dialect(is_exact=False))


def test_what_waits_is_not_suppressed(desk):
    assert _rows(desk, desk.begin("pear@orchard.com"), Dialect()) == [["email"]]


def test_a_corrected_address_stands_in_it_as_it_was_asked_and_as_it_was_written(desk, replies):
    corrections = (Correction("gmial.com", "gmail.com"),)
    lines = ("<fig@gmial.com>", "fig@gmail.com", "fig@gmial.com", "<fig@gmial.com>", "plum@gmial.com")
    upload = desk.begin("email", *lines, corrections=corrections)
    answers = {"fig@gmail.com": replies["missing"], "plum@gmail.com": replies["accepted"]}
    assert desk.finish(answers) == ["fig@gmail.com", "plum@gmail.com"]
    assert _rows(desk, upload, Dialect()) == [["email"], ["fig@gmail.com"], ["fig@gmial.com"]]


def test_what_is_invalid_for_one_client_alone_is_left_out(desk, replies):
    upload = desk.begin("info@orchard.com", "plum@orchard.com")
    desk.finish({"info@orchard.com": replies["accepted"], "plum@orchard.com": replies["missing"]})
    apply_policy(desk.database, upload, NamedPolicy("strict", Policy(role=Weight.INVALID)))
    assert desk.value("SELECT count(*) FROM entry WHERE status = 'invalid'") == 2
    assert _rows(desk, upload, Dialect()) == [["email"], ["plum@orchard.com"]]


def test_who_is_on_the_never_probe_list_follows_the_dead_once_if_that_is_wanted(desk, upload):
    listed = ("pear@orchard.com", "fig@orchard.com", "mx:orchard.com", "other@orchard.com")
    never_probe(desk.database, [parse_listed(each) for each in listed], Origin())
    dead = [["email"], ["plum@orchard.com"], ["=1+1@orchard.com"], ["fig@orchard.com"]]
    assert _rows(desk, upload, Dialect()) == dead
    assert _rows(desk, upload, Dialect(), has_listed=True) == [*dead, ["pear@orchard.com"]]


def test_who_is_listed_before_anybody_was_asked_is_suppressed_as_written_and_as_corrected(desk):
    upload = desk.save(
        "<fig@gmial.com>", "fig@gmial.com", corrections=(Correction("gmial.com", "gmail.com"),)
    )
    never_probe(desk.database, [parse_listed("fig@gmail.com")], Origin())
    found = _rows(desk, upload, Dialect(), has_listed=True)
    assert found == [["email"], ["fig@gmial.com"], ["fig@gmail.com"]]


def test_who_is_listed_as_written_alone_is_not_suppressed_as_corrected(desk):
    upload = desk.save("fig@gmial.com", corrections=(Correction("gmial.com", "gmail.com"),))
    never_probe(desk.database, [parse_listed("gmial.com")], Origin())
    assert _rows(desk, upload, Dialect(), has_listed=True) == [["email"], ["fig@gmial.com"]]
