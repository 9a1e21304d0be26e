"""Whom a client's policy lets nobody ask about: settled at the start, for this client's lists alone."""

import time

import pytest

from engine.batch import Outcome, Pause, Scope
from engine.intake.correction import Correction
from engine.policy import DEFAULT_POLICY, Policy
from engine.reason import Reason
from storage.policies import NamedPolicy
from storage.rejudge import apply_policy
from storage.runs import finish_changes

OWN = NamedPolicy("Orchard", Policy(never_probed_domains=("orchard.com",)))
USUAL = NamedPolicy()


def _reasons(desk, upload):
    rows = desk.rows("SELECT reason FROM entry WHERE upload_id = :u ORDER BY row, ordinal", u=upload)
    return [reason for (reason,) in rows]


def test_a_clients_domains_and_those_under_them_are_neither_looked_up_nor_asked_for_its_list(desk, recount):
    upload = desk.save("fig@orchard.com", "pear@sub.orchard.com", "plum@mill.com", policy=OWN)
    desk.start(upload)
    assert desk.acquire()

    assert desk.resolve() == ["mill.com"]
    assert desk.finish() == ["plum@mill.com"]
    assert _reasons(desk, upload) == ["never_probed", "never_probed", "accepted"]
    assert desk.value("SELECT state FROM upload") == "done"
    recount(desk)


def test_another_clients_list_may_ask_and_its_answer_is_none_for_this_one(desk, recount):
    first = desk.begin("fig@orchard.com", policy=OWN)
    second = desk.begin("fig@orchard.com")

    assert desk.finish() == ["fig@orchard.com"]
    assert (_reasons(desk, first), _reasons(desk, second)) == (["never_probed"], ["accepted"])
    third = desk.begin("fig@orchard.com", policy=OWN)
    assert _reasons(desk, third) == ["never_probed"]
    recount(desk)


def test_a_list_that_runs_is_held_to_a_policy_that_it_is_given(desk, recount):
    other = desk.begin("plum@orchard.com")
    upload = desk.begin("fig@orchard.com", "plum@orchard.com", "pear@mill.com")
    apply_policy(desk.database, upload, OWN)

    assert sorted(desk.finish()) == ["pear@mill.com", "plum@orchard.com"]
    assert _reasons(desk, upload) == ["never_probed", "never_probed", "accepted"]
    assert _reasons(desk, other) == ["accepted"]
    recount(desk)


def test_what_a_kill_broke_off_while_a_list_was_held_to_its_policy_is_made_up_for(desk):
    desk.begin("fig@orchard.com")
    with desk.database.writing() as connection:
        connection.exec_driver_sql(
            "UPDATE upload SET policy = '{\"never_probed_domains\": [\"orchard.com\"]}', judged_policy = ''"
        )
    finish_changes(desk.database, desk.settings)
    assert desk.finish() == []


def test_a_paused_list_is_held_to_its_policy_when_it_goes_on(desk):
    upload = desk.save("fig@orchard.com")
    apply_policy(desk.database, upload, OWN)
    assert _reasons(desk, upload) == [None]
    desk.start(upload)
    assert _reasons(desk, upload) == ["never_probed"]


def test_answers_are_set_aside_by_a_policy_and_come_back_under_another(desk, recount):
    upload = desk.begin("info@orchard.com", "plum@mill.com")
    desk.finish()
    apply_policy(desk.database, upload, OWN)
    assert _reasons(desk, upload) == ["never_probed", "accepted"]

    apply_policy(desk.database, upload, USUAL)
    assert _reasons(desk, upload) == ["role", "accepted"]
    recount(desk)


def test_who_was_not_asked_stays_so_when_a_domain_is_taken_out_until_the_list_is_checked_again(desk):
    upload = desk.begin("fig@orchard.com", policy=OWN)
    apply_policy(desk.database, upload, USUAL)
    assert _reasons(desk, upload) == ["never_probed"]
    assert desk.finish() == []

    again = desk.begin("fig@orchard.com")
    assert desk.finish() == ["fig@orchard.com"]
    assert _reasons(desk, again) == ["accepted"]


def test_a_list_that_asks_the_dns_alone_looks_no_such_domain_up(desk, recount):
    upload = desk.save("fig@orchard.com", "plum@mill.com", policy=OWN, is_dns_only=True)
    desk.start(upload)
    assert desk.acquire()
    assert desk.resolve() == ["mill.com"]
    assert _reasons(desk, upload) == ["never_probed", "dns_only"]
    recount(desk)


def test_answers_that_are_taken_back_have_nobody_asked_for_such_a_list(desk, clock, recount):
    other = desk.begin("fig@orchard.com")
    upload = desk.begin("fig@orchard.com", "plum@mill.com", policy=OWN)
    batch = next(each for each in desk.claim() if each.domain.name == "orchard.com")
    desk.settle(desk.answer(batch))
    with desk.database.writing() as connection:
        connection.exec_driver_sql("UPDATE upload SET state = 'paused' WHERE id = ?", (other,))
    pause = Pause(Scope.PROVIDER, "other", clock(), time.time() + 900, 1, 0.6)
    desk.settle(Outcome(batch, batch.domain, pause=pause, doubted=(batch.recipients[0].mailbox,)))

    assert _reasons(desk, upload)[0] == "never_probed"
    assert desk.value("SELECT is_wanted FROM mailbox WHERE folded = 'fig'") == 0
    recount(desk)


def test_a_slip_of_such_a_domain_is_not_corrected(desk):
    own = NamedPolicy("Slips", Policy(never_probed_domains=("gmial.com",)))
    upload = desk.begin("fig@gmial.com", policy=own, corrections=(Correction("gmial.com", "gmail.com"),))
    assert desk.finish() == []
    assert _reasons(desk, upload) == [Reason.NEVER_PROBED]


@pytest.mark.parametrize("policy", [DEFAULT_POLICY, Policy(trusted_domains=("orchard.com",))])
def test_a_policy_that_names_no_such_domain_holds_nobody_back(desk, policy):
    desk.begin("fig@orchard.com", policy=NamedPolicy("Mill", policy))
    assert desk.finish() == ["fig@orchard.com"]
