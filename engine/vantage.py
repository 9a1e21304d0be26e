"""Notices when hosts turn against us: how many of their last answers spoke of us, and who is then let alone.

Three circles are watched by the same rule, five answers in a row that speak of us (BREAKER_FAILURES), or more
than 30 % of at least 20. Where it applies, the circle is paused for BREAKER_MINUTES (0: never):

- all hosts, when at least five providers refuse us;
- a provider's hosts, or those of one MX set where nobody knows the provider, when at least three of their
  domains refuse us;
- a domain, by its own answers. So one that refuses us for a policy of its own pauses itself and nobody else.
  What it refuses before it takes somebody else in the same session is about these recipients.

Of each domain of a provider, and of each provider of all, the last five answers count. With the pause, what
was answered in its circle in the last 15 minutes is taken back and asked again later, but for those who were
accepted: who refuses us does not say yes. Should it go on within as long a time after the pause (at least 15
minutes), it is no use to wait. Then who is due is settled as unknown, `blocked`, without a question, for that
time again and 15 minutes more, so that whoever waited for a narrower pause is among them. After a restart the
pauses go on, and what was told in the last 15 minutes may still be taken back; which answers spoke of us is
forgotten.
"""

from collections import deque
from collections.abc import Callable, Iterable, Sequence

from engine.about import About
from engine.batch import Circle, DomainFacts, Pause, Scope, place_of
from engine.circle_window import WINDOW_S, CircleWindow, Spoken
from engine.reason import Reason
from engine.reply import Reply
from engine.retry import is_yes
from engine.settings import Settings
from engine.value import value
from engine.verdict import Evidence, Finding, Vantage

PER_PART = 5
DOMAINS_OF_A_PROVIDER = 3
PROVIDERS_OF_ALL = 5
MINUTE_S = 60.0
MOST_WINDOWS = 5_000
MOST_NOTED = 200_000
"""Mailboxes noted at most, some 30 MB; beyond that, the oldest are believed."""

_ALL: Circle = (Scope.ALL, "")


def _of_domain(answers: Sequence[About]) -> Sequence[About]:
    """Let refusals before the last yes of a session speak of their recipients."""
    if About.US not in answers:
        return answers
    last = max((place for place, each in enumerate(answers) if each is About.ACCEPTED), default=-1)
    return [About.ELSE if place < last and each is About.US else each for place, each in enumerate(answers)]


_WINDOWS: dict[Scope, Callable[[], CircleWindow]] = {
    Scope.ALL: lambda: CircleWindow(PER_PART, PROVIDERS_OF_ALL),
    Scope.PROVIDER: lambda: CircleWindow(PER_PART, DOMAINS_OF_A_PROVIDER),
    Scope.ROUTE: lambda: CircleWindow(PER_PART, DOMAINS_OF_A_PROVIDER),
    Scope.DOMAIN: CircleWindow,
}
_LASTING_CIRCLES = frozenset({Scope.ALL, Scope.PROVIDER})
"""Circles that are watched from their first answer on; of the many others only those that have refused us."""


@value
class Noted:
    """A mailbox that was told no yes, when (Unix seconds), and its domain, route key and provider."""

    at: float
    place: tuple[str, str, str]
    mailbox: int


def may_be_doubted(evidence: Evidence) -> bool:
    """Tell whether a host's answer may have to be taken back: any but a yes."""
    answer = evidence.rcpt
    return isinstance(answer, Reply) and not is_yes(answer, evidence.provider)


class VantageWatch:
    """What is known of how we stand with the hosts. `clock` gives Unix seconds."""

    def __init__(self, settings: Settings, clock: Callable[[], float]) -> None:
        self._in_a_row = settings.breaker_failures
        self._span_s = settings.breaker_minutes * MINUTE_S
        self._clock = clock
        self._windows: dict[Circle, CircleWindow] = {}
        self._pauses: dict[Circle, Pause] = {}
        self._noted: deque[Noted] = deque(maxlen=MOST_NOTED)

    def remember(self, pauses: Iterable[Pause]) -> None:
        """Go on with the pauses that an earlier engine began."""
        blocked = (pause for pause in pauses if pause.why is Reason.BLOCKED)
        self._pauses.update({(pause.scope, pause.name): pause for pause in blocked})

    def remember_told(self, noted: Iterable[Noted]) -> None:
        """Go on with what an earlier engine was told lately, oldest first: it may have ended in a doubt."""
        self._noted.extend(noted)

    def pauses(self) -> tuple[Pause, ...]:
        """Give the pauses under which nobody is to be asked now, nor settled."""
        now = self._clock()
        return tuple(each for each in self._pauses.values() if now < each.until and not each.is_final)

    @property
    def is_all_paused(self) -> bool:
        """Whether nobody at all is to be asked now."""
        return any(each.scope is Scope.ALL for each in self.pauses())

    def pause_over(self, facts: DomainFacts) -> Pause | None:
        """Give the widest pause that a domain's hosts are under now."""
        if not self._pauses:
            return None
        now = self._clock()
        found = (self._pauses.get(circle) for circle in (_ALL, place_of(facts), (Scope.DOMAIN, facts.name)))
        return next((each for each in found if each is not None and now < each.until), None)

    def hear(self, facts: DomainFacts, answers: Sequence[About]) -> Pause | None:
        """Take a session's answers in; give the pause that begins with them, if any does."""
        if not self._span_s or not answers or self.pause_over(facts):
            return None
        place = place_of(facts)
        own: Circle = (Scope.DOMAIN, facts.name)
        self._add(_ALL, place[1], answers)
        self._add(place, facts.name, answers)
        self._add(own, "", _of_domain(answers))
        for circle in (_ALL, place, own):
            if circle in self._windows and self._windows[circle].is_trouble(self._in_a_row):
                return self._begin(circle)
        return None

    def _add(self, circle: Circle, part: str, answers: Sequence[About]) -> None:
        is_kept = circle[0] in _LASTING_CIRCLES or circle in self._windows or About.US in answers
        if not is_kept:
            return
        window = self._windows.get(circle)
        if window is None:
            window = self._windows[circle] = _WINDOWS[circle[0]]()
        now = self._clock()
        for answer in answers[-window.per_part :]:
            window.add(Spoken(now, part, answer is About.US))
        if len(self._windows) > MOST_WINDOWS:
            self._forget_windows(now - WINDOW_S)

    def _forget_windows(self, before: float) -> None:
        old = [circle for circle, window in self._windows.items() if window.latest < before]
        for circle in old:
            del self._windows[circle]

    def _begin(self, circle: Circle) -> Pause:
        """Pause a circle, once more in a row if it was paused lately, and watch it anew."""
        now = self._clock()
        earlier = self._pauses.get(circle)
        is_again = earlier is not None and now <= earlier.until + max(self._span_s, WINDOW_S)
        rounds = earlier.rounds + 1 if earlier and is_again else 1
        until = now + self._span_s + (WINDOW_S if rounds > 1 else 0.0)
        pause = Pause(*circle, now, until, rounds, self._windows[circle].share)
        self._pauses[circle] = pause
        self._forget_circle(circle)
        return pause

    def _forget_circle(self, circle: Circle) -> None:
        """Let go of a circle's answers, and of its domains'."""
        if circle == _ALL:
            self._windows.clear()
            return
        window = self._windows.pop(circle)
        for part in window.parts:
            self._windows.pop((Scope.DOMAIN, part), None)

    def vantage_of(self, facts: DomainFacts) -> Vantage:
        """Say how we stand with a domain's hosts; while there are too few answers, well."""
        pause = self.pause_over(facts)
        if pause:
            return Vantage(refused_share=pause.share)
        window = self._windows.get(place_of(facts))
        is_known = window is not None and len(window) >= self._in_a_row
        return Vantage(refused_share=window.share) if window is not None and is_known else Vantage()

    def note(self, facts: DomainFacts, findings: Iterable[Finding]) -> None:
        """Note what may have to be taken back: findings that do not rest on a yes."""
        now = self._clock()
        while self._noted and self._noted[0].at < now - WINDOW_S:
            self._noted.popleft()
        place = (facts.name, facts.route_key, facts.provider)
        doubtful = (finding for finding in findings if may_be_doubted(finding.evidence))
        self._noted.extend(Noted(now, place, finding.mailbox) for finding in doubtful)

    def take_doubted(self, pause: Pause) -> tuple[int, ...]:
        """Give the mailboxes that were noted within a pause's circle in the last 15 minutes, once."""
        after = self._clock() - WINDOW_S
        doubted = [each for each in self._noted if each.at >= after and pause.covers(*each.place)]
        left = (each for each in self._noted if not pause.covers(*each.place))
        self._noted = deque(left, maxlen=MOST_NOTED)
        return tuple(each.mailbox for each in doubted)
