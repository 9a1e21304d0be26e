"""Tooltips: what names mean, from the same tables as everywhere."""

from engine.reason import Reason
from engine.verdict import Flag, Status
from pages.parts.reasons import REASONS
from pages.parts.tips import flags_tip, on_a_bar, reasons_tip, statuses_tip
from pages.parts.words import FLAGS, STATUSES, Saying


def test_a_tip_says_of_each_what_its_name_means():
    assert statuses_tip().split("\n\n") == [
        f"**{STATUSES[status].name}**: {STATUSES[status].advice}" for status in Status
    ]
    role = FLAGS[Flag.ROLE]
    assert flags_tip([Flag.ROLE]) == f"**{role.name}**: {role.advice}"
    assert flags_tip([]) == ""


def test_what_is_named_twice_is_explained_once():
    full = REASONS[Reason.MAILBOX_FULL]
    assert reasons_tip([Reason.MAILBOX_FULL] * 3) == f"**{full.name}**: {full.advice}"


def test_of_many_only_the_first_are_explained_and_help_is_named():
    lines = reasons_tip(Reason).split("\n\n")
    assert len(lines) == 9
    assert lines[-1] == "Help tells of the others."


def test_on_a_bar_a_long_meaning_is_broken_into_lines():
    told = on_a_bar(Saying("Plum", "A fruit " * 12)).split("<br>")
    assert told[0] == "<b>Plum</b>"
    assert len(told) > 2
    assert max(map(len, told)) <= 48
