"""A trace, set out as a conversation."""

import re

from engine.verdict import TraceLine
from pages.parts.conversation import conversation


def said(*lines: TraceLine) -> list[str]:
    """Give the words of each line, as a reader has them."""
    items = re.findall(r"<li.*?</li>", conversation(lines), re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", item).split()) for item in items]


def test_it_says_who_spoke_when_and_what_that_means():
    assert said(
        TraceLine("dns", "MX orchard.sandbox: 10 mx.orchard.sandbox"),
        TraceLine("note", "connecting to 203.0.113.7 port 25", 0),
        TraceLine("host", "220 mx.orchard.sandbox ESMTP", 40),
        TraceLine("us", "RCPT TO:<plum@orchard.sandbox>", 1250),
        TraceLine("host", "550 5.1.1 no such user", 1290),
    ) == [
        "DNS MX orchard.sandbox: 10 mx.orchard.sandbox",
        "0.00 s connecting to 203.0.113.7 port 25",
        "Host 0.04 s 220 mx.orchard.sandbox ESMTP Go ahead.",
        "We 1.25 s RCPT TO:&lt;plum@orchard.sandbox&gt; Would you take mail for this address?",
        "Host 1.29 s 550 5.1.1 no such user No.",
    ]


def test_each_further_attempt_to_connect_has_a_heading():
    connecting = TraceLine("note", "connecting to 203.0.113.7 port 25", 0)
    host_says_so = TraceLine("host", "451 connecting to us again may help", 40)
    assert said(connecting, host_says_so, connecting, connecting)[2:] == [
        "Attempt 2",
        "0.00 s connecting to 203.0.113.7 port 25",
        "Attempt 3",
        "0.00 s connecting to 203.0.113.7 port 25",
    ]


def test_what_went_out_together_stands_in_the_order_of_time_and_each_reply_says_what_it_answers():
    assert said(
        TraceLine("us", "MAIL FROM:<verify@winnow.sandbox>", 95),
        TraceLine("host", "250 2.1.0 sender ok", 124),
        TraceLine("us", "RCPT TO:<plum@orchard.sandbox>", 95),
        TraceLine("host", "550 5.1.1 no such mailbox", 125),
    ) == [
        "We 0.10 s MAIL FROM:&lt;verify@winnow.sandbox&gt; This is who would be writing.",
        "We 0.10 s RCPT TO:&lt;plum@orchard.sandbox&gt; Would you take mail for this address?",
        "Host 0.12 s 250 2.1.0 sender ok To MAIL FROM: Yes.",
        "Host 0.12 s 550 5.1.1 no such mailbox To RCPT TO: No.",
    ]


def test_a_second_visit_comes_behind_the_first_though_its_times_begin_anew():
    looked_up = TraceLine("dns", "MX orchard.sandbox: 10 mx.orchard.sandbox")
    connecting = TraceLine("note", "connecting to 203.0.113.7 port 25", 0)
    dropped = TraceLine("note", "dropped: the host hung up", 40)
    assert said(looked_up, connecting, dropped, looked_up, connecting)[2:] == [
        "0.04 s dropped: the host hung up",
        "Attempt 2",
        "DNS MX orchard.sandbox: 10 mx.orchard.sandbox",
        "0.00 s connecting to 203.0.113.7 port 25",
    ]


def test_what_a_host_can_do_stands_small_behind_its_yes():
    (line,) = said(TraceLine("host", "250 mx.orchard.sandbox\nSIZE 1000\nSTARTTLS"))
    assert line.endswith("250 mx.orchard.sandbox Yes. SIZE 1000 · STARTTLS")


def test_a_refusal_keeps_all_its_lines_together():
    (line,) = said(TraceLine("host", "550 5.7.1 refused\nsee our list"))
    assert line.endswith("550 5.7.1 refused see our list No.")


def test_a_greylisting_host_says_not_now():
    (line,) = said(TraceLine("host", "451 4.7.1 come back"))
    assert line.endswith("Not now.")


def test_a_host_cannot_speak_in_markup():
    shown = conversation([TraceLine("host", "550 <script>alert(1)</script>\n<b>x"), TraceLine("dns", "<i>")])
    assert "<script" not in shown
    assert "<i>" not in shown
    assert "&lt;script&gt;" in shown


def test_words_without_a_known_meaning_are_shown_as_they_stand():
    assert said(TraceLine("us", "VRFY plum"), TraceLine("host", "")) == ["We 0.00 s VRFY plum", "Host 0.00 s"]
