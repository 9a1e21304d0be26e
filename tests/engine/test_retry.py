import pytest

from engine.reason import Reason
from engine.reply import Reply, Stage, Unreached
from engine.retry import LONGEST_HINT_S, comes_later, wait_s, why_of
from engine.settings import Settings

SETTINGS = Settings(greylist_retry_seconds=(45, 900, 7200), outage_retry_seconds=(300, 3600))


def later(text: str) -> Reply:
    return Reply(451, f"4.7.1 greylisted, {text}", Stage.RCPT)


def test_without_a_hint_the_delays_are_those_that_are_set():
    waits = [wait_s(later("try again later"), attempts, SETTINGS) for attempts in range(4)]
    assert waits == [45, 900, 7200, None]


def test_an_unreachable_host_has_delays_of_its_own():
    shut = Unreached(Stage.CONNECT, Reason.UNREACHABLE, "in 5 minutes")
    assert [wait_s(shut, attempts, SETTINGS) for attempts in range(3)] == [300, 3600, None]


@pytest.mark.parametrize(
    ("hint", "seconds"),
    [
        ("come back in 5 minutes", 300),
        ("come back in 10 seconds", 45),
        ("come back in 12 hours", LONGEST_HINT_S),
        ("come back in 00:10:00", 600),
    ],
)
def test_the_hosts_own_hint_is_honoured_between_the_first_delay_and_four_hours(hint, seconds):
    assert wait_s(later(hint), 0, SETTINGS) == seconds


def test_a_host_that_says_soon_again_and_again_is_believed_twice():
    waits = [wait_s(later("come back in 5 minutes"), attempts, SETTINGS) for attempts in range(4)]
    assert waits == [300, 300, 7200, None]


def test_a_hint_gives_no_further_attempts():
    assert wait_s(later("come back in 5 minutes"), 3, SETTINGS) is None
    assert wait_s(later("in 5 minutes"), 0, Settings(greylist_retry_seconds=())) is None


@pytest.mark.parametrize(
    ("answer", "is_later", "why"),
    [
        (later("later"), True, Reason.GREYLISTED),
        (Reply(452, "4.2.2 mailbox full", Stage.RCPT), True, Reason.MAILBOX_FULL),
        (Reply(452, "4.3.1 insufficient system storage", Stage.RCPT), True, Reason.TEMPORARY),
        (Reply(450, "4.2.1 receiving mail at a rate", Stage.RCPT), False, Reason.ACCEPTED),
        (Reply(550, "5.1.1 no such user", Stage.RCPT), False, Reason.MAILBOX_MISSING),
        (Unreached(Stage.CONNECT, Reason.TIMEOUT), True, Reason.TIMEOUT),
        (Unreached(Stage.RCPT, Reason.BUDGET), False, Reason.BUDGET),
    ],
)
def test_an_answer_says_whether_to_come_back_and_for_what(answer, is_later, why):
    assert (comes_later(answer, "other"), why_of(answer, "other")) == (is_later, why)
