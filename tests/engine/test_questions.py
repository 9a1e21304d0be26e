from dataclasses import replace

from engine.address import Address
from engine.batch import DomainFacts, Recipient
from engine.probing import Probing
from engine.question import Heard
from engine.questions import NO_QUESTIONS, Questions, count_questions
from engine.reason import Reason
from engine.reply import Reply, Stage, Unreached
from engine.verdict import TraceLine

FACTS = DomainFacts("plum.example", provider="other")
YES = Reply(250, "2.1.5 ok", Stage.RCPT)
LATER = Reply(451, "4.7.1 greylisted", Stage.RCPT)


def heard(*recipients: Recipient) -> tuple[Heard, ...]:
    return tuple(Heard(recipient, YES) for recipient in recipients)


def pear(number: int, **known) -> Recipient:
    return Recipient(number, Address(f"pear{number}", "plum.example"), **known)


def test_each_kind_of_question_is_counted_for_itself():
    probing = Probing(heard(pear(1), pear(2)), decoy=YES, second_decoy=YES, control=YES)
    assert count_questions(FACTS, probing) == Questions(2, decoys=1, second_decoys=1, controls=1)


def test_who_was_asked_before_is_asked_again():
    before = (TraceLine("host", "554 blocked"),)
    probing = Probing(heard(pear(1, attempts=1), pear(2, trace=before), pear(3)), decoy=YES)
    known = replace(FACTS, decoy_answer=LATER)
    assert count_questions(known, probing) == Questions(first=1, again=3)


def test_a_question_that_ended_the_session_is_counted_and_a_session_that_never_began_asks_nobody():
    closing = Reply(421, "4.7.0 enough", Stage.RCPT)
    assert count_questions(FACTS, Probing(heard(pear(1)), stopped=closing, cut_short=1)) == Questions(
        1, cut_short=1
    )
    shut = Unreached(Stage.CONNECT, Reason.UNREACHABLE)
    assert count_questions(FACTS, Probing(stopped=shut)) == NO_QUESTIONS


def test_the_total_is_of_all_kinds():
    assert Questions(1, 2, 3, 4, 5, 6).total == 21
