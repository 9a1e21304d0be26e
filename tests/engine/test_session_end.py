import pytest

from engine.address import Address
from engine.batch import Recipient
from engine.probing import Probing
from engine.question import Heard
from engine.reason import Reason
from engine.reply import Reply, Stage, Unreached
from engine.session_end import ReplyClass, SessionEnd, course_of

YES = Reply(250, "2.1.5 ok", Stage.RCPT)
LATER = Reply(451, "4.7.1 later", Stage.RCPT)
NO = Reply(550, "5.1.1 no such mailbox", Stage.RCPT)


def heard(answer) -> Heard:
    return Heard(Recipient(1, Address("pear", "plum.example")), answer)


def lost(why: Reason, *, has_connected: bool = True) -> Probing:
    return Probing(stopped=Unreached(Stage.BANNER, why), has_connected=has_connected)


@pytest.mark.parametrize(
    ("probing", "end"),
    [
        (Probing((heard(YES),), has_connected=True), SessionEnd.CLEAN),
        (Probing((heard(YES),), stopped=Reply(421, "4.7.0 enough", Stage.RCPT)), SessionEnd.CLOSED),
        (Probing(stopped=Reply(554, "5.7.1 go away", Stage.BANNER)), SessionEnd.REFUSED),
        (lost(Reason.UNREACHABLE, has_connected=False), SessionEnd.UNREACHED),
        (lost(Reason.TIMEOUT, has_connected=False), SessionEnd.UNREACHED),
        (lost(Reason.DROPPED), SessionEnd.DROPPED),
        (lost(Reason.TIMEOUT), SessionEnd.SILENT),
        (lost(Reason.BUDGET), SessionEnd.SILENT),
        (lost(Reason.UNCLEAR), SessionEnd.UNCLEAR),
    ],
)
def test_a_session_ends_by_what_kept_us_from_asking_on(probing, end):
    assert course_of(probing, is_turned_away=False).end is end


def test_a_host_that_had_no_room_has_turned_us_away():
    probing = Probing(stopped=Reply(421, "4.7.0 too many", Stage.BANNER), has_connected=True)
    assert course_of(probing, is_turned_away=True).end is SessionEnd.TURNED_AWAY


def test_replies_are_counted_by_class_also_those_to_made_up_addresses():
    silent = Unreached(Stage.RCPT, Reason.TIMEOUT)
    probing = Probing(
        tuple(map(heard, (YES, YES, LATER, silent))),
        decoy=NO,
        second_decoy=NO,
        control=YES,
        has_connected=True,
    )
    assert dict(course_of(probing, is_turned_away=False).replies) == {
        ReplyClass.YES: 3,
        ReplyClass.LATER: 1,
        ReplyClass.NO: 2,
        ReplyClass.NONE: 1,
    }
