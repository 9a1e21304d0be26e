"""What came of a batch that went through the stages, and how its hosts bore that."""

from engine.batch import Outcome, Pause
from engine.bearing import Bearing
from engine.questions import NO_QUESTIONS, Questions
from engine.session import Session
from engine.session_end import Course
from engine.value import value


@value
class Checked:
    """A batch's outcome, and how the hosts bore its session.

    `has_connected` is None where no connection was tried; `ip` is the host reached. `is_unreached` when
    nobody took the connection, or greeted us; not `is_believed` where that was our own port's fault.
    Where its `session` is found out of step later on, it is not to be believed. `pause` is the one that its
    hosts were under when it was judged. `course` says how the session went, None where there was none.
    """

    outcome: Outcome
    has_connected: bool | None = None
    ip: str = ""
    is_turned_away: bool = False
    has_asked: bool = False
    questions: Questions = NO_QUESTIONS
    bearing: Bearing = Bearing.ELSE
    is_unreached: bool = False
    is_believed: bool = True
    session: Session | None = None
    pause: Pause | None = None
    course: Course | None = None

    @property
    def has_taught_nothing(self) -> bool:
        """Whether its session went well, and what is known of the domain stands as it was claimed.

        The next claim then finds the same, be this outcome stored or not.
        """
        is_borne = not (self.is_unreached or self.is_turned_away)
        is_smooth = self.has_asked and bool(self.has_connected) and is_borne
        return is_smooth and self.outcome.domain == self.outcome.batch.domain
