import smtplib

import pytest

from engine.verdict import AcceptAll

pytestmark = pytest.mark.postfix

VALID = ("valid", "accepted")
MISSING = ("invalid", "mailbox_missing")
FULL = ("risky", "mailbox_full")


@pytest.mark.parametrize("kind", ["plain", "local", "relay"])
def test_who_has_a_mailbox_and_who_has_none_is_told_in_each_of_postfix_own_words(ask, kind):
    asked = ask(f"apple@{kind}.sandbox", f"Pear@{kind}.sandbox", f"nobody@{kind}.sandbox")
    assert asked.verdicts == {
        f"apple@{kind}.sandbox": VALID,
        f"Pear@{kind}.sandbox": VALID,
        f"nobody@{kind}.sandbox": MISSING,
    }
    assert asked.facts(f"{kind}.sandbox").accept_all is AcceptAll.NO


def test_a_domain_that_takes_all_mail_is_told_as_that(ask):
    asked = ask("apple@catchall.sandbox", "nobody@catchall.sandbox")
    assert set(asked.verdicts.values()) == {("accept_all", "accept_all")}
    assert asked.facts("catchall.sandbox").accept_all is AcceptAll.YES


def test_a_full_mailbox_is_risky_whether_it_is_full_for_good_or_for_now(ask):
    asked = ask("full@plain.sandbox", "fullnow@plain.sandbox", "apple@plain.sandbox")
    assert asked.verdicts == {
        "full@plain.sandbox": FULL,
        "fullnow@plain.sandbox": FULL,
        "apple@plain.sandbox": VALID,
    }
    assert "552 5.2.2" in asked.trace("full@plain.sandbox")
    assert asked.trace("fullnow@plain.sandbox").count("452 4.2.2") == 3


def test_a_disabled_mailbox_and_one_that_moved_are_invalid(ask):
    asked = ask("closed@plain.sandbox", "moved@plain.sandbox")
    assert asked.verdicts == {
        "closed@plain.sandbox": ("invalid", "mailbox_disabled"),
        "moved@plain.sandbox": ("invalid", "mailbox_moved"),
    }


def test_a_host_that_does_not_serve_the_domain_says_nothing_of_its_mailboxes(ask):
    asked = ask("apple@foreign.sandbox", "nobody@foreign.sandbox")
    assert set(asked.verdicts.values()) == {("unknown", "relay_denied")}
    assert "554 5.7.1" in asked.trace("apple@foreign.sandbox")


def test_a_host_that_may_serve_the_domain_later_says_nothing_of_its_mailboxes_either(ask):
    asked = ask("apple@foreignsoon.sandbox")
    assert asked.verdicts == {"apple@foreignsoon.sandbox": ("unknown", "temporary")}
    assert asked.trace("apple@foreignsoon.sandbox").count("454 4.7.1") == 3


def test_a_local_part_beyond_ascii_is_asked_about_where_the_host_offers_it(ask):
    asked = ask("jürgen@plain.sandbox", "jörg@plain.sandbox", "apple@plain.sandbox")
    assert asked.verdicts == {
        "jürgen@plain.sandbox": VALID,
        "jörg@plain.sandbox": MISSING,
        "apple@plain.sandbox": VALID,
    }


def test_a_local_part_beyond_ascii_stays_unknown_where_the_host_does_not_offer_it(ask):
    asked = ask("jürgen@noutf8.sandbox", "apple@noutf8.sandbox")
    assert asked.verdicts == {
        "jürgen@noutf8.sandbox": ("unknown", "smtputf8_needed"),
        "apple@noutf8.sandbox": VALID,
    }


def test_postfix_would_tell_if_anybody_said_data(started, commands_in):
    start = len(started.log())
    with smtplib.SMTP(
        started.hosts["plain.sandbox"], started.port, local_hostname="prober.sandbox"
    ) as client:
        client.ehlo()
        client.docmd("MAIL", "FROM:<verify@prober.sandbox>")
        assert client.docmd("DATA")[0] == 554  # no recipient was named, so nothing is sent
    assert "data" in commands_in(started.closed_log(start))
