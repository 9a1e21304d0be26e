import pytest

from engine.about import About, is_about_us, said_about
from engine.address import Address
from engine.batch import Recipient
from engine.probing import Probing
from engine.question import Heard
from engine.reason import Reason
from engine.reply import Reply, Stage, Unreached

YES = Reply(250, "2.1.5 ok", Stage.RCPT)
NO = Reply(550, "5.1.1 no such user here", Stage.RCPT)
VAGUE = Reply(550, "address rejected", Stage.RCPT)
BLOCKED = Reply(554, "5.7.1 client host blocked", Stage.RCPT)
US, ACCEPTED, ELSE = About.US, About.ACCEPTED, About.ELSE


def session(*answers, **more) -> Probing:
    recipients = (Recipient(n, Address(f"pear{n}", "plum.example")) for n in range(len(answers)))
    return Probing(tuple(map(Heard, recipients, answers)), has_connected=True, **more)


@pytest.mark.parametrize(
    ("probing", "about"),
    [
        (session(YES, NO, BLOCKED), (ACCEPTED, ELSE, US)),
        (session(VAGUE, NO), (ELSE, ELSE)),
        (session(VAGUE, NO, control=VAGUE), (US, ELSE)),
        (session(VAGUE, control=YES), (ELSE,)),
        (session(stopped=Reply(554, "5.7.1 no service for you", Stage.BANNER)), (US,)),
        (session(stopped=Reply(550, "5.1.8 sender rejected", Stage.MAIL)), (US,)),
        (session(stopped=Reply(530, "5.7.0 must issue STARTTLS first", Stage.MAIL)), ()),
        (session(stopped=Reply(421, "4.3.2 too busy", Stage.BANNER)), ()),
        (session(NO, stopped=Reply(554, "5.7.1 blocked", Stage.RCPT)), (ELSE,)),
        (session(), ()),
    ],
)
def test_answers_speak_of_us_of_who_was_accepted_or_of_something_else(probing, about):
    assert said_about(probing, "other") == about


def test_no_answer_at_all_is_not_about_us():
    assert not is_about_us(Unreached(Stage.CONNECT, Reason.UNREACHABLE), "other")
