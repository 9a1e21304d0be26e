"""Stores what came of batches, and lets their domains go out again."""

from engine.batch import Outcome
from engine.checked import Checked
from engine.gates import Gates
from engine.metrics import Metrics
from engine.news import News
from engine.outbox import Outbox, parts_of
from engine.value import replace


class Settling:
    """Heeds how a batch's session went, and stores its outcome; `news` tells when its domain is free."""

    def __init__(self, gates: Gates, outbox: Outbox, metrics: Metrics, news: News) -> None:
        self._gates = gates
        self._outbox = outbox
        self._metrics = metrics
        self._news = news

    async def store(self, checked: Checked) -> None:
        """Store what came of a batch; where that taught nothing, its domain need not wait for it."""
        if checked.course is not None:
            self._metrics.asked(checked.questions, checked.course)
        outcome = self._with_breaker(checked)
        is_free = not (outcome.pause or outcome.ended) and checked.has_taught_nothing
        if is_free:
            self._end(checked)
        for part in parts_of(outcome):
            await self._outbox.store(part)
        if not is_free:
            self._end(checked)

    def _end(self, checked: Checked) -> None:
        """Let the domain go out again."""
        self._gates.pacing.end(
            checked.outcome.batch,
            is_turned_away=checked.is_turned_away,
            has_asked=checked.has_asked,
        )
        self._news.tell()

    def _with_breaker(self, checked: Checked) -> Outcome:
        """Let pace and breaker heed a missing connection that is believed; a pause may begin with it."""
        outcome, pacing = checked.outcome, self._gates.pacing
        facts = outcome.batch.domain
        if checked.has_connected is False:
            pacing.believe(outcome.batch)
        if checked.has_connected is None or not checked.is_believed:
            return outcome
        if checked.has_connected is False:
            pacing.hear(outcome.batch, checked.bearing)
        breaker = self._gates.breaker
        if not checked.is_unreached:
            ended = breaker.answered(facts)
            return replace(outcome, ended=ended) if ended else outcome
        begun = breaker.failed(facts, is_lane_alive=pacing.has_others_in(outcome.batch))
        return replace(outcome, pause=begun) if begun and outcome.pause is None else outcome
