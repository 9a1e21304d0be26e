"""An address's report as plain text."""

from engine.verdict import LedgerLine, TraceLine
from pages.parts.report import Said, report


def test_a_report_says_sentences_ledger_and_conversation_below_each_other():
    ledger = (LedgerLine("the address is well-formed", 40), LedgerLine("bounced before", -40))
    trace = (TraceLine("us", "EHLO winnow.sandbox"), TraceLine("host", "250-mx\n250 PIPELINING"))
    said = Said("fig@orchard.com", ("Invalid: bounced", "", "Remove it."), 86_400.0, ledger, trace)
    assert report(said) == (
        "fig@orchard.com\nInvalid: bounced\nRemove it.\nChecked 1970-01-02 00:00 UTC\n\n"
        "Why its confidence is what it is\n +40  the address is well-formed\n -40  bounced before\n"
        "   0  confidence, of 100\n\n"
        "What was said (no message was sent)\nWe: EHLO winnow.sandbox\nHost: 250-mx\n      250 PIPELINING"
    )


def test_what_is_not_known_is_left_out():
    assert report(Said("fig", ("Not an address.",), None, (), ())) == "fig\nNot an address."
