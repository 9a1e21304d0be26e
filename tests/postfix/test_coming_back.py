import pytest

from engine.verdict import AcceptAll

pytestmark = pytest.mark.postfix

VALID = ("valid", "accepted")
MISSING = ("invalid", "mailbox_missing")


def test_postgrey_lets_us_in_when_we_come_back_after_its_delay(ask):
    texts = ("apple@grey.sandbox", "pear@grey.sandbox", "nobody@grey.sandbox", "plum@greyall.sandbox")
    asked = ask(*texts, greylist_retry_seconds=(5.1, 5.1))
    assert asked.verdicts == dict(
        zip(texts, (VALID, VALID, MISSING, ("accept_all", "accept_all")), strict=True)
    )
    for text in ("apple@grey.sandbox", "plum@greyall.sandbox"):
        assert asked.trace(text).count("Greylisted") == 1
        assert asked.log.count(
            f"Greylisted, see http://postgrey.schweikert.ch/help/{text.partition('@')[2]}.html"
        )
        assert asked.finding(text).attempts == 2
    assert asked.facts("grey.sandbox").accept_all is AcceptAll.NO
    assert asked.facts("greyall.sandbox").accept_all is AcceptAll.YES


def test_who_never_comes_back_late_enough_is_not_told_anything_by_postgrey(ask):
    asked = ask("quince@grey.sandbox", greylist_retry_seconds=(0.1,))
    assert asked.verdicts == {"quince@grey.sandbox": ("unknown", "greylisted")}


def test_an_address_that_postfix_verifies_first_is_told_when_we_come_back(ask):
    asked = ask("apple@verified.sandbox", "nobody@verified.sandbox")
    assert asked.verdicts == {"apple@verified.sandbox": VALID, "nobody@verified.sandbox": MISSING}
    assert "450 4.1.1" in asked.trace("nobody@verified.sandbox")
    assert "verification in progress" in asked.trace("apple@verified.sandbox")


def test_an_address_that_postfix_never_verifies_stays_unknown_though_its_words_say_more(ask):
    asked = ask("apple@unverified.sandbox", "nobody@unverified.sandbox")
    assert asked.verdicts == {
        "apple@unverified.sandbox": VALID,
        "nobody@unverified.sandbox": ("unknown", "temporary"),
    }
    assert "said: 550 5.1.1" in asked.trace("nobody@unverified.sandbox")


def test_postscreen_does_not_ban_us_since_we_hear_its_whole_banner_first(ask):
    asked = ask("apple@screened.sandbox", "nobody@screened.sandbox")
    assert asked.verdicts == {"apple@screened.sandbox": VALID, "nobody@screened.sandbox": MISSING}
    assert "please wait for the rest\n" in asked.trace("apple@screened.sandbox")
    assert "PASS NEW" in asked.log
    assert "PREGREET" not in asked.log


def test_postscreen_lets_us_in_when_we_come_back_after_its_deep_tests(ask):
    asked = ask("apple@deep.sandbox", "nobody@deep.sandbox")
    assert asked.verdicts == {"apple@deep.sandbox": VALID, "nobody@deep.sandbox": MISSING}
    assert asked.trace("apple@deep.sandbox").count("450 4.3.2") == 1
    assert "PASS NEW" in asked.log
    assert "PASS OLD" in asked.log


def test_a_host_whose_disk_is_full_says_nothing_of_any_mailbox(ask):
    asked = ask("apple@diskless.sandbox", "nobody@diskless.sandbox")
    assert set(asked.verdicts.values()) == {("unknown", "temporary")}
    assert "452 4.3.1" in asked.trace("apple@diskless.sandbox")
