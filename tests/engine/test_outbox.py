import asyncio

from engine.batch import Batch, Deferral, DomainFacts, Outcome, Pause, Recipient, Scope
from engine.metrics import Metrics
from engine.outbox import DOUBTED_AT_ONCE, Outbox, parts_of
from engine.reason import Reason

FACTS = DomainFacts("plum.example")
PAUSE = Pause(Scope.ALL, "", 0.0, 60.0)


def outcome(doubted: int = 0) -> Outcome:
    recipient = Recipient(1, None)
    deferral = Deferral(recipient, 60.0, Reason.BLOCKED)
    return Outcome(
        Batch(FACTS, (recipient,)), FACTS, deferrals=(deferral,), pause=PAUSE, doubted=tuple(range(doubted))
    )


def test_an_outcome_that_takes_little_back_is_stored_whole():
    whole = outcome(DOUBTED_AT_ONCE)
    assert list(parts_of(whole)) == [whole]


def test_what_takes_much_back_is_stored_in_parts_and_what_became_of_the_batch_only_once():
    parts = list(parts_of(outcome(2 * DOUBTED_AT_ONCE + 1)))

    assert [len(part.doubted) for part in parts] == [DOUBTED_AT_ONCE, DOUBTED_AT_ONCE, 1]
    assert [mailbox for part in parts for mailbox in part.doubted] == list(range(2 * DOUBTED_AT_ONCE + 1))
    assert [len(part.deferrals) for part in parts] == [1, 0, 0]
    assert {part.pause for part in parts} == {PAUSE}


class Rows:
    """A queue that keeps what it is given, in order."""

    def __init__(self) -> None:
        self.stored: list[Outcome] = []

    async def settle(self, outcomes):
        self.stored += outcomes


def test_outcomes_are_stored_in_the_order_in_which_they_came():
    rows = Rows()
    outcomes = [outcome(n) for n in range(20)]

    async def store_all():
        outbox = Outbox(rows, Metrics())
        running = asyncio.create_task(outbox.run())
        await asyncio.gather(*(outbox.store(each) for each in outcomes))
        running.cancel()

    asyncio.run(store_all())
    assert rows.stored == outcomes


class Sets(Rows):
    """A queue that remembers in which sets it was given outcomes."""

    def __init__(self) -> None:
        super().__init__()
        self.sizes: list[int] = []

    async def settle(self, outcomes):
        self.sizes.append(len(outcomes))
        await super().settle(outcomes)


def test_the_first_outcome_after_a_quiet_time_is_stored_at_once_and_the_next_ones_together():
    rows = Sets()

    async def store_all():
        outbox = Outbox(rows, Metrics())
        running = asyncio.create_task(outbox.run())
        await outbox.store(outcome())
        await asyncio.gather(*(_store_later(outbox, turns) for turns in range(10)))
        running.cancel()

    asyncio.run(store_all())
    assert rows.sizes == [1, 10]


async def _store_later(outbox, turns):
    for _ in range(turns):
        await asyncio.sleep(0)
    await outbox.store(outcome())
