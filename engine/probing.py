"""What a session brought, what of it is believed, and whether another host may tell more. Pure."""

from engine.batch import Recipient
from engine.question import Heard
from engine.reading import LASTING, read_reply
from engine.reason import Reason
from engine.reply import Answer, Meaning, Reply, Stage, Unreached
from engine.session import Session
from engine.value import replace, value
from engine.verdict import TraceLine

OUT_OF_STEP = "the host's answers do not fit what was asked"


@value
class Probing:
    """What one session brought.

    `heard` holds the recipients that were answered, `stopped` what kept the others from it (the set-up's
    failure, or the end of the session), `ended_by` whom it ended at, `trace` the lines that belong to the
    session as a whole. `ip` is the host's address; `has_connected` is None where no connection was tried,
    and `offers_tls` where no host said whether it can encrypt (STARTTLS).

    The host had `borne` RCPTs of other domains in the same session before; `cut_short` questions were asked
    in vain. `session` is the one it was: once that is not in step any more, nothing heard in it is certain.
    """

    heard: tuple[Heard, ...] = ()
    decoy: Answer | None = None
    control: Reply | None = None
    stopped: Answer | None = None
    mx_host: str = ""
    ip: str = ""
    has_connected: bool | None = None
    trace: tuple[TraceLine, ...] = ()
    offers_tls: bool | None = None
    second_decoy: Answer | None = None
    ended_by: Recipient | None = None
    borne: int = 0
    cut_short: int = 0
    session: Session | None = None
    breaks_flights: bool = False


def has_failed_at_tls(found: Probing) -> bool:
    """Tell whether encryption is what kept a session from everything else."""
    return isinstance(found.stopped, Unreached) and found.stopped.stage is Stage.STARTTLS and not found.heard


def without_answers(found: Probing) -> Probing:
    """Believe nothing of a session in which the host said more than it was asked."""
    stopped = found.stopped
    if not isinstance(stopped, Unreached):
        stopped = Unreached(Stage.RCPT, Reason.UNCLEAR, OUT_OF_STEP)
    made_up = (found.decoy, found.second_decoy, found.control)
    in_vain = len(found.heard) + sum(each is not None for each in made_up)
    return replace(
        found,
        heard=(),
        decoy=None,
        second_decoy=None,
        control=None,
        stopped=stopped,
        cut_short=found.cut_short + in_vain,
    )


def is_in_vain(found: Probing) -> bool:
    """Tell whether a session that was open before ended before it said anything of this question."""
    return found.stopped is not None and not found.heard and found.decoy is None


_REACHED = {True: 2, False: 1, None: 0}


def joined(earlier: Probing, latest: Probing) -> Probing:
    """Keep what tells most: answers before none, a host that was reached before one that was not.

    One that might not be tried at all tells least, since a retry cannot mend that.
    """
    best = _best_of(earlier, latest)
    in_vain = earlier.cut_short + latest.cut_short
    return best if best.cut_short == in_vain else replace(best, cut_short=in_vain)


def _best_of(earlier: Probing, latest: Probing) -> Probing:
    offers_tls = earlier.offers_tls if latest.offers_tls is None else latest.offers_tls
    if earlier.heard and not latest.heard:
        return replace(earlier, offers_tls=offers_tls)
    if _REACHED[earlier.has_connected] > _REACHED[latest.has_connected]:
        return replace(earlier, trace=latest.trace)
    if latest.offers_tls is not None:
        return latest
    return replace(latest, offers_tls=offers_tls)


def tries_next_host(result: Probing, provider: str) -> bool:
    """Tell whether the next MX may help.

    It may where nobody was answered and nothing lasting was said of us, but that the host wants encryption,
    at which it fails itself; or where all were told that the host takes no mail for their domain.
    """
    if result.heard:
        return _is_elsewhere(result, provider)
    if isinstance(result.stopped, Reply):
        is_lasting = result.stopped.code >= LASTING
        return not is_lasting or read_reply(result.stopped, provider).meaning is Meaning.TLS_REQUIRED
    return result.stopped is not None


def _is_elsewhere(result: Probing, provider: str) -> bool:
    """Tell whether all were told that the host takes no mail for their domain."""
    return bool(result.heard) and all(_is_misrouted(heard.answer, provider) for heard in result.heard)


def _is_misrouted(answer: Answer, provider: str) -> bool:
    return isinstance(answer, Reply) and read_reply(answer, provider).meaning is Meaning.DOMAIN_NOT_HERE
