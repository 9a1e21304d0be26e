import pytest

from engine.address import Address
from engine.flight import fault_of_ours, is_confusing, rcpt
from engine.reason import Reason
from engine.reply import Reply, Stage, Unreached

RSET = Reply(250, "flushed", Stage.MAIL)
MAIL = Reply(250, "ok", Stage.MAIL)
YES = Reply(250, "ok", Stage.RCPT)
NO = Reply(550, "5.1.1 no such user", Stage.RCPT)


def sender(code: int, text: str = "no") -> Reply:
    return Reply(code, text, Stage.MAIL)


def told(code: int, text: str) -> Reply:
    return Reply(code, text, Stage.RCPT)


def lost(why: Reason, stage: Stage = Stage.RCPT) -> Unreached:
    return Unreached(stage, why)


def test_a_recipient_is_asked_about_in_our_own_spelling():
    assert rcpt(Address("Fig", "plum.sandbox")) == (Stage.RCPT, "RCPT TO:<Fig@plum.sandbox>")


@pytest.mark.parametrize(
    "answers",
    [
        [MAIL, lost(Reason.TIMEOUT)],
        [MAIL, lost(Reason.BUDGET)],
        [MAIL, YES, lost(Reason.TIMEOUT)],
        [MAIL, lost(Reason.DROPPED)],
        [lost(Reason.DROPPED, Stage.MAIL)],
        [MAIL, told(500, "5.5.1 command unrecognized"), told(500, "5.5.1 command unrecognized")],
        [MAIL, YES, told(503, "5.5.1 bad sequence")],
        [sender(501, "5.5.4 syntax"), lost(Reason.TIMEOUT)],
        [sender(503), YES],
    ],
)
def test_a_host_that_cannot_take_a_flight_shows_it_in_its_answers(answers):
    assert is_confusing(answers)


@pytest.mark.parametrize(
    "answers",
    [
        [MAIL, YES, NO],
        [RSET, MAIL, NO, NO],
        [MAIL, YES, NO, lost(Reason.DROPPED)],
        [MAIL, told(421, "4.7.0 enough")],
        [MAIL, told(501, "5.1.3 bad recipient address")],
        [MAIL, told(452, "4.5.3 too many recipients")],
        [sender(550, "5.7.1 blocked"), told(503, "5.5.1 need MAIL")],
        [sender(530, "5.7.0 STARTTLS first"), told(530, "5.7.0 STARTTLS first")],
        [sender(550, "5.7.1 blocked"), lost(Reason.DROPPED)],
        [lost(Reason.TIMEOUT, Stage.MAIL)],
        [MAIL, lost(Reason.UNCLEAR)],
    ],
)
def test_what_can_be_said_to_a_flight_is_no_sign_of_confusion(answers):
    assert not is_confusing(answers)


def test_a_host_finds_fault_with_us_where_its_first_refusal_says_syntax_and_names_no_recipient():
    fault = sender(501, "5.5.4 syntax error")
    assert fault_of_ours([RSET, fault, told(503, "5.5.1 bad sequence")]) == fault
    assert fault_of_ours([MAIL, NO, told(501, "5.5.4 syntax error")]) is None, "it may follow from the first"
    assert fault_of_ours([MAIL, told(501, "5.1.3 bad recipient address")]) is None
    assert fault_of_ours([MAIL, YES]) is None
    assert fault_of_ours([MAIL, lost(Reason.DROPPED)]) is None
