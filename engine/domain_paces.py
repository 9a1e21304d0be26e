"""The domains that were asked lately, and which of them wait for their next session."""

from engine.accept_all import wants_decoy
from engine.batch import Batch
from engine.domain_pace import PATIENCE, DomainPace
from engine.settings import Settings
from engine.timetable import Timetable


class DomainPaces:
    """Each domain's pace, forgotten when it rests. `held` are those that are held back just now.

    Times are seconds of one clock. A look at it costs by what opens just then, not by what is remembered.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._paces: dict[str, DomainPace] = {}
        self.held: set[str] = set()
        self._openings = Timetable()
        self._rests = Timetable()

    def begin(self, batch: Batch, now: float) -> None:
        """Note that a batch goes out."""
        name = batch.domain.name
        pace = self._paces.setdefault(name, DomainPace())
        is_alone = wants_decoy(batch.domain) or batch.domain.rounds > 0
        pace.begin(now, len(batch.recipients), is_alone=is_alone)
        self._look_at(name, pace, now)

    def end(self, name: str, now: float, *, is_turned_away: bool, has_asked: bool) -> None:
        """Note that a domain's batch is stored."""
        pace = self._paces[name]
        pace.end(now, self._settings, is_turned_away=is_turned_away, has_asked=has_asked)
        self._look_at(name, pace, now)
        if not pace.out:
            self._rests.add(pace.rests_at, name)

    def is_out(self, name: str) -> bool:
        """Tell whether a batch of a domain is out."""
        pace = self._paces.get(name)
        return pace is not None and pace.out > 0

    def is_patient(self, name: str) -> bool:
        """Tell whether a domain that turned us away is worth another try before it counts as an attempt."""
        pace = self._paces.get(name)
        return pace is None or pace.turned_away < PATIENCE

    def look_again(self, now: float) -> None:
        """Let those go whose time has come."""
        for name in self._openings.due(now):
            self._look_at(name, self._paces.get(name), now)

    def _look_at(self, name: str, pace: DomainPace | None, now: float) -> None:
        """Hold a domain back, or let it go, by what is known of it now."""
        opens_at = pace.next_at(now, self._settings) if pace else now
        if opens_at <= now:
            self.held.discard(name)
            return
        self.held.add(name)
        if opens_at < float("inf"):
            self._openings.add(opens_at, name)

    def next_opening(self) -> float | None:
        """Say when the first of them opens, if any does by time alone; look again before."""
        return self._openings.first_at

    def forget(self, now: float) -> None:
        """Let go of domains at rest."""
        for name in self._rests.due(now):
            pace = self._paces.get(name)
            if pace and pace.rests_at <= now:
                del self._paces[name]
                self.held.discard(name)
