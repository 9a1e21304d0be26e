import pytest

from engine.address import Address
from engine.batch import DomainFacts, Recipient
from engine.bearing import Bearing, bearing_of, is_turned_away, is_unreached
from engine.probing import Probing
from engine.question import Heard
from engine.reason import Reason
from engine.reply import Reply, Stage, Unreached

FACTS = DomainFacts("plum.example")
PEAR = Recipient(1, Address("pear", "plum.example"))
YES = Heard(PEAR, Reply(250, "2.1.5 ok", Stage.RCPT))
LIMITED = Reply(450, "4.7.1 too much mail from you", Stage.RCPT)
GREYLISTED = Reply(451, "4.7.1 greylisting in action", Stage.RCPT)
CLOSING = Reply(421, "4.7.0 closing", Stage.RCPT)


def lost(stage: Stage, why: Reason, *, has_connected: bool | None = True) -> Probing:
    return Probing(stopped=Unreached(stage, why), has_connected=has_connected)


NO_CONNECTION = lost(Stage.CONNECT, Reason.UNREACHABLE, has_connected=False)
SILENT = lost(Stage.BANNER, Reason.TIMEOUT)
HUNG_UP = lost(Stage.EHLO, Reason.DROPPED)


@pytest.mark.parametrize(
    ("probing", "bearing"),
    [
        (Probing((YES, YES)), Bearing.EASY),
        (Probing((Heard(PEAR, GREYLISTED),)), Bearing.EASY),
        (Probing((YES,), stopped=Unreached(Stage.RCPT, Reason.TIMEOUT)), Bearing.EASY),
        (Probing((YES, Heard(PEAR, LIMITED))), Bearing.SLOWED),
        (Probing((YES,), decoy=LIMITED), Bearing.SLOWED),
        (Probing(stopped=Reply(421, "too many connections", Stage.BANNER)), Bearing.WARNED),
        (Probing(stopped=Reply(451, "not now", Stage.BANNER)), Bearing.WARNED),
        (Probing((YES,), stopped=CLOSING), Bearing.CUT),
        (NO_CONNECTION, Bearing.STRAINED),
        (SILENT, Bearing.STRAINED),
        (lost(Stage.MAIL, Reason.TIMEOUT), Bearing.STRAINED),
        (lost(Stage.CONNECT, Reason.UNREACHABLE, has_connected=None), Bearing.ELSE),
        (Probing(stopped=Reply(554, "5.7.1 go away", Stage.BANNER)), Bearing.ELSE),
        (Probing(), Bearing.ELSE),
    ],
)
def test_a_session_tells_how_the_hosts_bear_our_pace(probing, bearing):
    assert bearing_of(FACTS, probing) is bearing


def test_a_421_at_the_known_limit_of_a_session_is_no_sign_and_one_before_it_is():
    facts = DomainFacts("plum.example", session_limit=5)
    assert bearing_of(facts, Probing((YES,) * 3, stopped=CLOSING)) is Bearing.EASY
    assert bearing_of(facts, Probing((YES,) * 2, stopped=CLOSING)) is Bearing.CUT


@pytest.mark.parametrize("probing", [NO_CONNECTION, SILENT, HUNG_UP])
def test_who_does_not_take_the_connection_or_greet_is_not_reached(probing):
    assert is_unreached(probing)


@pytest.mark.parametrize(
    "probing",
    [
        Probing((YES,)),
        Probing(stopped=Reply(421, "busy", Stage.BANNER), has_connected=True),
        lost(Stage.RCPT, Reason.TIMEOUT),
        lost(Stage.CONNECT, Reason.UNREACHABLE, has_connected=None),
        lost(Stage.CONNECT, Reason.UNROUTABLE_MX, has_connected=False),
    ],
)
def test_who_answers_or_could_not_be_tried_counts_as_reached(probing):
    assert not is_unreached(probing)


def test_a_421_before_anybody_was_answered_turns_us_away():
    assert is_turned_away(Probing(stopped=CLOSING))
    assert not is_turned_away(Probing((YES,), stopped=CLOSING))
    assert not is_turned_away(Probing(stopped=Reply(554, "no", Stage.BANNER)))
