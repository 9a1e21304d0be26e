"""Counters equal a recount, whatever happens to lists in whatever order."""

import asyncio
import random

from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import text

from engine.batch import Closed, Outcome
from engine.reply import Reply, Stage
from storage.runs import cancel_upload, pause_upload
from storage.summaries import summarise

STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["save", "start", "claim", "settle", "defer", "release", "pause", "cancel", "expire"]
        ),
        st.integers(0, 2**32),
    ),
    min_size=5,
    max_size=25,
)


@hypothesis_settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_the_counters_equal_a_recount_whatever_happens_in_whatever_order(open_desk, recount, steps):
    desk = open_desk()
    _empty(desk)
    desk.clock.ahead_s = 0.0
    assert desk.acquire()
    out, lists = [], [desk.save("pear1@orchard.com", "no address", "pear2@orchard.com; pear1@orchard.com")]
    for step, seed in steps:
        _take(desk, step, random.Random(seed), lists, out)
        recount(desk)
    for upload in lists:
        desk.start(upload)
    desk.settle(*(desk.answer(each) for each in out))
    desk.clock.ahead_s += 10_000
    desk.finish()
    recount(desk)
    assert desk.value("SELECT count(*) FROM entry WHERE status IS NULL") == 0
    checks = desk.rows("SELECT mailbox_id, count(*) AS n FROM settled_check GROUP BY mailbox_id")
    assert {each.mailbox_id: each.n for each in checks} == {
        each.id: each.checks for each in desk.rows("SELECT id, checks FROM mailbox WHERE checks > 0")
    }
    asyncio.run(desk.queue.let_go())


def _take(desk, step, rng, lists, out):
    """Do one step of a random day at the desk."""
    if step == "save":
        lines = [
            f"pear{rng.randrange(6)}@orchard{rng.choice(['', '2'])}.com" for _ in range(rng.randint(1, 6))
        ]
        lists.append(desk.save(*lines, reuse_days=0.0 if rng.random() < 0.3 else None))
    elif step == "start":
        desk.start(rng.choice(lists))
        desk.resolve()
    elif step == "claim":
        out += desk.claim(rng.randint(1, 3), Closed(frozenset(each.domain.name for each in out)))
    elif step in {"pause", "cancel"}:
        change = {"pause": pause_upload, "cancel": cancel_upload}[step]
        change(desk.database, rng.choice(lists), desk.settings)
    elif step == "expire":
        _expire(desk)
    elif out:
        desk.settle(_outcome(desk, step, out.pop(rng.randrange(len(out))), rng))


def _outcome(desk, step, batch, rng):
    if step == "defer":
        return desk.put_off(batch, desk.clock() + rng.choice([0.0, 900.0]))
    if step == "release":
        return Outcome(batch, batch.domain, released=batch.recipients)
    code = rng.choice(["250 2.1.5 ok", "550 5.1.1 no such mailbox", "552 5.2.2 mailbox full"])
    return desk.answer(batch, Reply(int(code[:3]), code[4:], Stage.RCPT))


def _expire(desk):
    with desk.database.writing() as connection:
        connection.execute(text("UPDATE mailbox SET expires_at = 0 WHERE state = 'settled'"))


def _empty(desk):
    with desk.database.writing() as connection:
        for table in ("settled_check", "upload", "mailbox", "domain", "engine_lease"):
            connection.execute(text(f"DELETE FROM {table}"))


def test_a_list_whose_counters_stay_as_they_were_is_told_apart_where_outcomes_changed_places(desk):
    accepted, missing = Reply(250, "2.1.5 ok", Stage.RCPT), Reply(550, "5.1.1 no such user", Stage.RCPT)
    answers = {"fig@orchard.com": accepted, "plum@orchard.com": missing}
    upload = desk.begin(*answers)
    desk.finish(answers)
    before = summarise(desk.database, upload)
    desk.begin(*answers, reuse_days=0.0)
    desk.finish({"fig@orchard.com": missing, "plum@orchard.com": accepted})
    after = summarise(desk.database, upload)
    assert (after.cells, after.standing.statuses) == (before.cells, before.standing.statuses)
    assert after.standing.revision > before.standing.revision


def test_a_list_whose_addresses_are_answered_as_before_stands_as_it_did(desk):
    upload = desk.begin("fig@orchard.com")
    desk.finish()
    before = summarise(desk.database, upload).standing
    desk.begin("fig@orchard.com", reuse_days=0.0)
    assert desk.finish() == ["fig@orchard.com"]
    assert summarise(desk.database, upload).standing == before
