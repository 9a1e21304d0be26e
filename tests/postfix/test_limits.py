import re

import pytest

pytestmark = pytest.mark.postfix

VALID = ("valid", "accepted")
MISSING = ("invalid", "mailbox_missing")
HAVE = ("apple", "pear", "quince", "plum")


def truth_of(kind: str, missing: int) -> dict[str, tuple[str, str]]:
    """Say what is true of four who have a mailbox and of so many who have none, these in between."""
    nobody = [f"nobody{n}@{kind}.sandbox" for n in range(missing)]
    have = [f"{name}@{kind}.sandbox" for name in HAVE]
    return dict.fromkeys(have[:2], VALID) | dict.fromkeys(nobody, MISSING) | dict.fromkeys(have[2:], VALID)


def sessions(log: str) -> list[tuple[int, int]]:
    """Give how many RCPTs were taken in each session, and how many were said."""
    return [(int(taken), int(said or taken)) for taken, said in re.findall(r" rcpt=(\d+)(?:/(\d+))?", log)]


def test_who_did_not_fit_into_a_session_is_asked_in_the_next(ask):
    truth = truth_of("few", 2)
    asked = ask(*truth)
    assert asked.verdicts == truth
    assert len(sessions(asked.log)) > 1


def test_nobody_is_lost_where_the_host_hangs_up_after_three_errors(ask):
    truth = truth_of("strict", 7)
    asked = ask(*truth)
    assert asked.verdicts == truth
    assert "too many errors after RCPT" in asked.log


def test_the_error_limits_that_postfix_has_by_default_are_never_met(ask):
    truth = truth_of("patient", 25)
    asked = ask(*truth)
    assert asked.verdicts == truth
    assert "too many errors" not in asked.log
    assert all(said - taken < 10 for taken, said in sessions(asked.log))


def test_a_host_that_slows_down_after_an_error_is_borne_with(ask):
    truth = truth_of("slow", 2)
    assert ask(*truth).verdicts == truth


def test_nobody_is_lost_where_too_many_connections_are_turned_away(ask, monkeypatch):
    monkeypatch.setattr("engine.lane.MINUTE_S", 2.0)  # this host's own minute, by its configuration
    truth = truth_of("hurried", 9)
    asked = ask(*truth, greylist_retry_seconds=(2.1,) * 4)
    assert asked.verdicts == truth
    assert "Connection rate limit exceeded" in asked.log


def test_nobody_is_lost_where_only_so_many_recipients_may_be_asked_in_a_time(ask):
    truth = truth_of("rationed", 3)
    asked = ask(*truth, greylist_retry_seconds=(2.1,) * 6)
    assert asked.verdicts == truth
    assert "Recipient address rate limit exceeded" in asked.log
