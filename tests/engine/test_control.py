import pytest

from engine.control import is_in_doubt, let_in_after, needs_control
from engine.reason import Reason
from engine.reply import Reply, Stage, Unreached

YES = Reply(250, "2.1.5 ok", Stage.RCPT)
NO = Reply(550, "5.1.1 no such user here", Stage.RCPT)
VAGUE = Reply(550, "address rejected", Stage.RCPT)
POLICY = Reply(550, "5.7.1 no such user", Stage.RCPT)
BLOCKED = Reply(554, "5.7.1 client host blocked", Stage.RCPT)
LATE = Unreached(Stage.RCPT, Reason.TIMEOUT)


@pytest.mark.parametrize(
    ("answer", "has_doubt"),
    [(YES, False), (NO, False), (VAGUE, True), (POLICY, True), (BLOCKED, False), (LATE, False)],
)
def test_a_refusal_is_in_doubt_without_words_for_the_recipient_or_with_a_code_of_policy(answer, has_doubt):
    assert is_in_doubt(answer, "other") is has_doubt


@pytest.mark.parametrize(
    ("answers", "needed"),
    [
        ([], False),
        ([NO, NO], False),
        ([VAGUE], True),
        ([VAGUE, YES], False),
        ([YES, VAGUE], True),
        ([VAGUE, YES, NO], False),
        ([VAGUE, YES, VAGUE], True),
        ([POLICY, NO], True),
        ([BLOCKED], False),
    ],
)
def test_postmaster_is_asked_only_where_nobody_was_let_in_after_a_refusal_in_doubt(answers, needed):
    assert needs_control(answers, "other") is needed


def test_who_was_let_in_stands_in_for_postmaster():
    assert let_in_after([VAGUE, NO, YES, NO], "other") == YES
    assert let_in_after([YES, VAGUE], "other") is None
    assert let_in_after([YES, NO], "other") is None, "nothing is in doubt there"
