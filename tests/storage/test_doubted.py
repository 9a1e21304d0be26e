"""What was told while hosts turned against us: taken back whole, counters and all, and asked again."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import event

from engine.batch import Outcome, Pause, Scope
from engine.intake.correction import Correction
from engine.never_probed import parse_listed
from engine.reason import Reason
from engine.verdict import AcceptAll
from storage.codec import load_evidence
from storage.never_probed import Origin
from storage.runs import cancel_upload, pause_upload
from storage.sampling import draw_sample
from storage.summaries import summarise
from storage.uploads import UploadState
from storage.withholding import never_probe


def mailbox(desk, folded):
    return desk.value("SELECT id FROM mailbox WHERE folded = :folded", folded=folded)


@pytest.fixture
def doubt(desk, clock):
    """Begin a pause that doubts what these mailboxes were told; give the pause."""

    def begin(batch, *folded, rounds=1):
        pause = Pause(Scope.PROVIDER, "other", clock(), clock() + 900, rounds, 0.6)
        doubted = tuple(mailbox(desk, each) for each in folded)
        desk.settle(Outcome(batch, batch.domain, pause=pause, doubted=doubted))
        return pause

    return begin


def test_doubted_mailboxes_wait_again_and_are_asked_after_the_pause(desk, clock, replies, recount, doubt):
    upload = desk.begin("pear@orchard.com", "PEAR@orchard.com", "plum@orchard.com", "fig@orchard.com")
    (batch,) = desk.claim()
    desk.settle(desk.answer(batch, {str(r.address): replies["missing"] for r in batch.recipients}))
    assert summarise(desk.database, upload).standing.state is UploadState.DONE

    pause = doubt(batch, "pear", "plum")
    summary = summarise(desk.database, upload)
    assert (summary.standing.state, summary.standing.waiting) == (UploadState.RUNNING, 3)
    (deferred,) = summary.deferred
    assert (deferred.why, deferred.count, deferred.first_at) == (Reason.BLOCKED, 3, pause.until)
    recount(desk)

    assert desk.claim() == []
    clock.ahead_s = 901
    (again,) = desk.claim()
    assert sorted(r.address.local_part for r in again.recipients) == ["pear", "plum"]
    desk.settle(desk.answer(again))
    standing = summarise(desk.database, upload).standing
    assert (standing.state, standing.statuses["valid"], standing.statuses["invalid"]) == (
        UploadState.DONE,
        3,
        1,
    )
    recount(desk)


def test_at_a_final_pause_they_are_due_at_once(desk, replies, doubt):
    desk.begin("pear@orchard.com")
    (batch,) = desk.claim()
    desk.settle(desk.answer(batch, replies["missing"]))
    doubt(batch, "pear", rounds=2)
    assert len(desk.claim()) == 1


def test_the_evidence_of_a_doubted_answer_says_how_we_stood_and_is_not_reused(desk, replies, doubt):
    desk.begin("pear@orchard.com")
    (batch,) = desk.claim()
    desk.settle(desk.answer(batch, replies["missing"]))
    doubt(batch, "pear")
    evidence = load_evidence(desk.value("SELECT evidence FROM mailbox"))
    assert evidence.vantage.refused_share == pytest.approx(0.6)
    other = desk.begin("pear@orchard.com")
    assert summarise(desk.database, other).standing.settled == 0


def test_a_list_that_was_done_long_ago_keeps_its_outcome_until_there_is_a_new_one(
    desk, clock, replies, recount, doubt
):
    old = desk.begin("pear@orchard.com")
    desk.finish(replies["missing"])
    with desk.database.writing() as connection:
        connection.exec_driver_sql("UPDATE upload SET finished_at = finished_at - 3600")
    new = desk.begin("pear@orchard.com", reuse_days=0.0)
    (batch,) = desk.claim()
    desk.settle(desk.answer(batch, replies["missing"]))
    doubt(batch, "pear")

    assert summarise(desk.database, old).standing.state is UploadState.DONE
    assert summarise(desk.database, new).standing.waiting == 1
    clock.ahead_s = 901
    desk.finish(replies["accepted"])
    assert {summarise(desk.database, each).standing.statuses["valid"] for each in (old, new)} == {1}
    recount(desk)


def test_a_paused_list_waits_again_and_asks_nobody(desk, clock, replies, recount, doubt):
    upload = desk.begin("pear@orchard.com", "plum@orchard.com")
    (batch,) = desk.claim()
    first = replace(batch, recipients=batch.recipients[:1])
    rest = batch.recipients[1:]
    desk.settle(replace(desk.answer(first, replies["missing"]), batch=batch, released=rest))
    pause_upload(desk.database, upload, desk.settings)
    doubt(first, "pear")

    assert summarise(desk.database, upload).standing.waiting == 2
    recount(desk)
    clock.ahead_s = 901
    assert desk.claim() == []
    desk.start(upload)
    assert len(desk.claim()[0].recipients) == 2


def test_a_cancelled_list_keeps_what_it_has(desk, clock, replies, recount, doubt):
    upload = desk.begin("pear@orchard.com")
    (batch,) = desk.claim()
    cancel_upload(desk.database, upload, desk.settings)
    desk.settle(desk.answer(batch, replies["missing"]))
    doubt(batch, "pear")

    assert summarise(desk.database, upload).standing.settled == 1
    recount(desk)
    clock.ahead_s = 901
    assert desk.claim() == []


def test_what_is_out_or_waits_is_left_as_it_is(desk, doubt):
    desk.begin("pear@orchard.com")
    (batch,) = desk.claim()
    doubt(batch, "pear")
    assert desk.value("SELECT state FROM mailbox") == "active"


def test_a_batch_that_doubts_what_was_known_of_its_domain_is_believed_and_one_that_never_knew_is_not(
    desk, clock
):
    desk.start(desk.save("pear@orchard.com"))
    assert desk.acquire()
    desk.resolve(accept_all_at=clock() - 10)
    (batch,) = desk.claim()
    undecided = replace(batch.domain, accept_all=None, accept_all_at=None)
    ignorant = replace(batch, domain=undecided)

    desk.settle(Outcome(ignorant, undecided))
    assert desk.value("SELECT accept_all FROM domain") == AcceptAll.NO
    desk.settle(Outcome(batch, undecided))
    assert desk.value("SELECT accept_all FROM domain") is None


def test_that_a_domain_does_not_accept_all_is_doubted_with_its_mailboxes(desk, clock, replies, doubt):
    desk.start(desk.save("pear@orchard.com", "plum@mill.com"))
    assert desk.acquire()
    desk.resolve(accept_all_at=clock() - 10)
    orchard, mill = sorted(desk.claim(), key=lambda each: each.domain.name, reverse=True)
    desk.settle(desk.answer(orchard, replies["missing"]), desk.answer(mill))
    doubt(orchard, "pear")

    known = {row.name: row.accept_all for row in desk.rows("SELECT name, accept_all FROM domain")}
    assert known == {"orchard.com": None, "mill.com": AcceptAll.NO}
    clock.ahead_s = 901
    (again,) = desk.claim()
    assert again.domain.accept_all is None


def reasons(desk, upload):
    return [
        row.reason
        for row in desk.rows("SELECT reason FROM entry WHERE upload_id = :u ORDER BY row", u=upload)
    ]


def test_a_list_by_dns_alone_keeps_what_it_has_and_has_nobody_asked(desk, clock, replies, recount, doubt):
    whole = desk.begin("pear@orchard.com", "plum@orchard.com")
    (batch,) = desk.claim()
    cancel_upload(desk.database, whole, desk.settings)
    desk.settle(desk.answer(batch, replies["missing"]))
    by_dns = desk.begin("pear@orchard.com", "fig@orchard.com", is_dns_only=True)
    doubt(batch, "pear")

    assert summarise(desk.database, by_dns).standing.state is UploadState.DONE
    assert reasons(desk, by_dns) == [Reason.MAILBOX_MISSING, Reason.DNS_ONLY]
    recount(desk)
    clock.ahead_s = 901
    assert desk.claim() == []


@pytest.mark.parametrize("ended_s_ago", [0, 3600])
def test_who_is_never_to_be_asked_about_since_then_is_not(desk, clock, replies, recount, doubt, ended_s_ago):
    upload = desk.begin("pear@orchard.com", "fig@orchard.com")
    (batch,) = desk.claim()
    desk.settle(desk.answer(batch, replies["missing"]))
    with desk.database.writing() as connection:
        connection.exec_driver_sql("UPDATE upload SET finished_at = finished_at - ?", (ended_s_ago,))
    never_probe(desk.database, [parse_listed("pear@orchard.com")], Origin("asked us not to"))
    doubt(batch, "pear", "fig")

    told = Reason.MAILBOX_MISSING if ended_s_ago else Reason.NEVER_PROBED
    assert reasons(desk, upload)[0] == told
    recount(desk)
    clock.ahead_s = 901
    assert desk.finish() == ["fig@orchard.com"]
    assert summarise(desk.database, upload).standing.state is UploadState.DONE


def test_an_engine_that_begins_knows_what_was_told_lately_and_may_be_doubted(open_desk, replies, clock):
    desk = open_desk()
    desk.begin("pear@orchard.com", "plum@orchard.com", "fig@orchard.com", "quince@mill.com")
    orchard, mill = sorted(desk.claim(), key=lambda batch: batch.domain.name, reverse=True)
    desk.settle(desk.answer(mill, replies["missing"]))
    clock.ahead_s = 100.0
    since = clock()
    answers = dict.fromkeys(("pear@orchard.com", "fig@orchard.com"), replies["missing"])
    desk.settle(desk.answer(orchard, answers | {"plum@orchard.com": replies["accepted"]}))

    place = ("orchard.com", "key-orchard.com", "other")
    told = asyncio.run(open_desk().queue.told_since(since))
    assert {(each.mailbox, each.place) for each in told} == {
        (mailbox(desk, name), place) for name in ("pear", "fig")
    }
    assert {each.mailbox for each in asyncio.run(desk.queue.told_since(0.0))} == {
        mailbox(desk, name) for name in ("pear", "fig", "quince")
    }


def test_while_a_sample_is_checked_only_who_is_in_it_is_asked_again(desk, replies, recount, doubt):
    lines = [f"plum{number}@orchard.com" for number in range(10)]
    other = desk.begin(*lines, "pear@farm.com")
    sampled = desk.save(*lines, "fig@mill.com")
    draw_sample(desk.database, sampled, 2)
    desk.start(sampled)
    desk.resolve()
    ours = {name for (name,) in desk.rows("SELECT folded FROM sampled JOIN mailbox ON id = mailbox_id")}
    (batch,) = (each for each in desk.claim() if each.domain.name == "orchard.com")
    desk.settle(desk.answer(batch, replies["missing"]))
    cancel_upload(desk.database, other, desk.settings)

    doubt(batch, *(line.partition("@")[0] for line in lines))

    wanted = desk.rows("SELECT folded FROM mailbox WHERE is_wanted = 1 AND due_at IS NOT NULL")
    doubted = {name for (name,) in wanted if name.startswith("plum")}
    assert doubted == {name for name in ours if name.startswith("plum")}
    assert len(doubted) < len(lines)
    recount(desk)


@pytest.mark.parametrize("line", ["pear@gmial.com", "gmial.com"])
def test_who_is_never_to_be_asked_about_as_a_list_writes_it_is_not(
    desk, clock, replies, recount, doubt, line
):
    slips = (Correction("gmial.com", "gmail.com"),)
    upload = desk.begin("pear@gmial.com", "fig@gmail.com", corrections=slips)
    (batch,) = desk.claim()
    desk.settle(desk.answer(batch, replies["missing"]))
    never_probe(desk.database, [parse_listed(line)], Origin("asked us not to"))
    doubt(batch, "pear", "fig")

    assert reasons(desk, upload)[0] == Reason.NEVER_PROBED
    recount(desk)
    clock.ahead_s = 901
    assert desk.finish() == ["fig@gmail.com"]
    assert summarise(desk.database, upload).standing.state is UploadState.DONE


def test_one_list_may_have_asked_whom_another_writes_as_somebody_never_asked(desk, clock, replies, doubt):
    desk.begin("pear@gmail.com")
    held = desk.begin("pear@gmial.com", corrections=(Correction("gmial.com", "gmail.com"),))
    (batch,) = desk.claim()
    desk.settle(desk.answer(batch, replies["missing"]))
    never_probe(desk.database, [parse_listed("gmial.com")], Origin())
    doubt(batch, "pear")

    assert reasons(desk, held) == [Reason.NEVER_PROBED]
    clock.ahead_s = 901
    assert desk.finish() == ["pear@gmail.com"]


def test_who_is_on_the_never_probe_list_is_looked_up_once_however_many_lists_are_open(desk, replies, doubt):
    for _ in range(3):
        desk.begin("pear@orchard.com", "plum@orchard.com", reuse_days=0.0)
    (batch,) = desk.claim()
    answered = replace(batch, recipients=batch.recipients[:1])
    desk.settle(
        replace(desk.answer(answered, replies["missing"]), batch=batch, released=batch.recipients[1:])
    )
    never_probe(desk.database, [parse_listed("fig@mill.com")], Origin())
    with desk.database.writing() as connection:
        engine = connection.engine
    seen = []

    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    doubt(answered, answered.recipients[0].address.local_part)
    event.remove(engine, "before_cursor_execute", note)
    assert len([each for each in seen if "never_probed.kind = json_extract(wanted.value" in each]) == 1
