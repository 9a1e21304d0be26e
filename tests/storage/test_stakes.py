"""What puts the rows of a list at stake."""

import asyncio
import random
import re
import time

import pytest

from engine.batch import DomainFacts
from engine.exchange import LookupFailed, NoMail
from engine.reason import Reason
from engine.reply import Reply, Stage
from engine.survey import Survey
from engine.value import replace
from engine.verdict import AcceptAll, TraceLine
from storage import at_stake
from storage.at_stake import at_stake_by_reason
from storage.domain_kinds import kinds_of_domains
from storage.domains import DomainSearch, find_domains
from storage.routes import keep_routes
from storage.sayings import sayings_at, sayings_of
from storage.stake import BY_KIND, BY_RARE_REASON, BY_REASON, OF_ADDRESSES, Stake
from storage.stakes import StakeBoard, stake_board
from storage.surveys import write_surveys
from storage.tables.lists import AT_STAKE


def board_of(desk, upload):
    kinds = kinds_of_domains(desk.database, upload)
    return stake_board(desk.database, kinds, at_stake_by_reason(desk.database, upload))


REFUSED = Reply(550, "5.7.1 your address is on a block list", Stage.RCPT)


@pytest.fixture
def lost(desk):
    """A list of five domains, four of which are known to have something wrong."""
    upload = desk.save(
        "a@dead.com", "b@dead.com", "c@dead.com", "a@null.com", "b@null.com", "a@parked.com", "a@fine.com"
    )
    with desk.database.writing() as connection:
        keep_routes(
            connection,
            [
                DomainFacts("dead.com", NoMail(Reason.NO_SUCH_DOMAIN)),
                DomainFacts("null.com", NoMail(Reason.NULL_MX)),
                desk.facts("parked.com", accept_all=AcceptAll.YES),
                desk.facts("fine.com"),
            ],
        )
        write_surveys(connection, [Survey("parked.com", time.time(), is_parked=True)])
    return upload


def test_what_is_wrong_is_ranked_by_the_rows_it_puts_at_stake(desk, lost):
    board = board_of(desk, lost)
    assert [(line.stake, line.rows, line.largest) for line in board.lines] == [
        (Stake.NO_SUCH_DOMAIN, 3, (("dead.com", 3),)),
        (Stake.NULL_MX, 2, (("null.com", 2),)),
        (Stake.PARKED, 1, (("parked.com", 1),)),
    ]


def test_a_domain_with_two_things_wrong_stands_where_most_is_told_of_it(desk, lost):
    assert board_of(desk, lost).rows == 6
    with desk.database.writing() as connection:
        write_surveys(connection, [Survey("null.com", time.time(), is_parked=True)])
    stakes = [line.stake for line in board_of(desk, lost).lines]
    assert stakes == [Stake.NO_SUCH_DOMAIN, Stake.NULL_MX, Stake.PARKED], "no mail reaches it, parked or not"


def test_what_a_host_said_of_some_counts_no_row_again_that_its_domain_puts_at_stake(desk):
    upload = desk.begin("a@parked.com", "b@parked.com")
    (batch,) = desk.claim()
    desk.settle(desk.answer(batch, {"a@parked.com": REFUSED, "b@parked.com": REFUSED}))
    with desk.database.writing() as connection:
        write_surveys(connection, [Survey("parked.com", time.time(), is_parked=True)])
    (line,) = board_of(desk, upload).lines
    assert (line.stake, line.rows) == (Stake.PARKED, 2)


def test_a_line_finds_its_domains_in_the_table(desk, lost):
    for line in board_of(desk, lost).lines:
        found = find_domains(desk.database, lost, DomainSearch(among=line.domains))
        assert [each.name for each in found] == [name for name, _ in line.largest]


def test_an_empty_list_has_nothing_at_stake(desk):
    assert board_of(desk, 99) == StakeBoard(0, ())


def test_a_look_up_that_failed_is_no_dead_domain(desk):
    upload = desk.save("a@marsh.com")
    with desk.database.writing() as connection:
        keep_routes(connection, [DomainFacts("marsh.com", LookupFailed(Reason.DNS_FAILED, "SERVFAIL"))])
    assert [each.stake for each in board_of(desk, upload).lines] == [Stake.NOT_LOOKED_UP]


@pytest.fixture
def refused(desk, replies):
    """A list with a domain whose host refused us for one of two addresses, in its own words."""
    upload = desk.begin("a@strict.com", "b@strict.com", "a@fine.com")
    for batch in desk.claim():
        outcome = desk.answer(
            batch,
            {
                str(each.address): REFUSED if str(each.address) == "b@strict.com" else replies["accepted"]
                for each in batch.recipients
            },
        )
        said = (TraceLine("us", "RCPT TO:<b@strict.com>"), TraceLine("host", "550 5.7.1 b@strict.com: no"))
        desk.settle(replace(outcome, findings=tuple(replace(each, trace=said) for each in outcome.findings)))
    return upload


def test_a_host_that_refuses_us_puts_the_rows_at_stake_that_it_refused(desk, refused):
    (line,) = board_of(desk, refused).lines
    assert (line.stake, line.rows, line.largest) == (Stake.BLOCKED, 1, (("strict.com", 1),))


def test_rows_of_one_domain_with_different_reasons_are_all_at_stake(desk):
    upload = desk.begin("a@strict.com", "b@strict.com", "c@strict.com")
    (batch,) = desk.claim()
    later = Reply(451, "4.3.0 try again later", Stage.RCPT)
    answers = {"a@strict.com": REFUSED, "b@strict.com": later, "c@strict.com": later}
    desk.settle(desk.answer(batch, answers))
    board = board_of(desk, upload)
    assert {line.stake: line.rows for line in board.lines} == {Stake.WAITING: 2, Stake.BLOCKED: 1}
    assert board.rows == 3


def test_what_a_host_said_is_given_in_its_own_words_without_the_address(desk, refused):
    (line,) = board_of(desk, refused).lines
    (said,) = sayings_of(desk.database, line.domains, line.samples)
    assert (said.text, said.hosts, said.domains) == ("550 5.7.1 the address: no", ("mx.strict.com",), 1)


def test_who_was_put_off_or_is_held_waits(desk):
    upload = desk.begin("a@grey.com", "a@held.com", "b@held.com")
    batches = {each.domain.name: each for each in desk.claim()}
    held = batches["held.com"]
    desk.settle(desk.put_off(batches["grey.com"], desk.clock() + 600))
    facts = replace(held.domain, held_until=desk.clock() + 600, held_for=Reason.UNREACHABLE)
    outcome = desk.put_off(held, desk.clock() + 600, Reason.UNREACHABLE)
    desk.settle(replace(outcome, domain=facts))
    lines = {line.stake: line.rows for line in board_of(desk, upload).lines}
    assert lines == {Stake.UNREACHABLE: 2, Stake.WAITING: 1}


def test_rows_of_one_domain_that_wait_for_several_reasons_are_all_counted(desk):
    upload = desk.begin("a@grey.com", "b@grey.com", "c@grey.com", "d@grey.com")
    (batch,) = desk.claim()
    first, second = batch.recipients[:2], batch.recipients[2:]
    later = desk.clock() + 600
    greylisted = desk.put_off(replace(batch, recipients=first), later)
    limited = desk.put_off(replace(batch, recipients=second), later, Reason.RATE_LIMITED)
    desk.settle(replace(greylisted, batch=batch, deferrals=(*greylisted.deferrals, *limited.deferrals)))
    board = board_of(desk, upload)
    assert [(line.stake, line.rows) for line in board.lines] == [(Stake.WAITING, 4)]
    assert board.rows == 4


def test_hosts_that_said_nothing_are_given_without_words(desk):
    upload = desk.begin("a@grey.com")
    desk.settle(*(desk.put_off(each, desk.clock() + 600) for each in desk.claim()))
    (line,) = board_of(desk, upload).lines
    assert [each.text for each in sayings_of(desk.database, line.domains, line.samples)] == [""]


def test_every_stake_is_led_to_by_a_kind_or_reason():
    by_reason = {*BY_KIND.values(), *BY_REASON.values(), *BY_RARE_REASON.values()}
    assert {*by_reason, Stake.PARKED} == set(Stake)


def test_every_reason_puts_rows_at_stake_in_one_way_or_speaks_of_the_address():
    told = [*BY_KIND, *BY_REASON, *BY_RARE_REASON, *OF_ADDRESSES]
    assert sorted(told) == sorted(Reason)


TLS_WANTED = Reply(530, "5.7.0 Must issue a STARTTLS command first", Stage.MAIL)
UNCLEAR = Reply(252, "2.1.5 Cannot VRFY user", Stage.RCPT)


def test_who_demands_encryption_stands_under_other_reasons_with_the_reason_and_its_count(desk):
    upload = desk.begin("a@strict.com", "b@strict.com", "a@fine.com", "c@strict.com")
    for batch in desk.claim():
        answers = {"a@strict.com": TLS_WANTED, "b@strict.com": TLS_WANTED, "c@strict.com": UNCLEAR}
        desk.settle(desk.answer(batch, answers) if batch.domain.name == "strict.com" else desk.answer(batch))
    (line,) = board_of(desk, upload).lines
    assert (line.stake, line.rows, line.largest) == (Stake.OTHER, 3, (("strict.com", 3),))
    assert line.reasons == ((Reason.TLS_REQUIRED, 2), (Reason.UNCLEAR, 1))


def test_other_reasons_stand_last_whatever_they_count(desk):
    upload = desk.begin("a@strict.com", "b@strict.com", "a@shut.com")
    for batch in desk.claim():
        said = REFUSED if batch.domain.name == "shut.com" else TLS_WANTED
        desk.settle(desk.answer(batch, {str(each.address): said for each in batch.recipients}))
    assert [line.stake for line in board_of(desk, upload).lines] == [Stake.BLOCKED, Stake.OTHER]


def test_addresses_stay_at_stake_whose_domain_takes_mail_again_until_they_are_asked_again(desk):
    upload = desk.save("a@dead.com", "b@dead.com", "a@fine.com")
    desk.start(upload)
    desk.acquire()
    desk.resolve(route=NoMail(Reason.NO_SUCH_DOMAIN))
    desk.finish()
    with desk.database.writing() as connection:
        keep_routes(connection, [desk.facts("dead.com"), desk.facts("fine.com")])
    (line,) = board_of(desk, upload).lines
    assert (line.stake, line.rows) == (Stake.NO_SUCH_DOMAIN, 3)


@pytest.mark.parametrize("said", [Reply(250, "OK", Stage.RCPT), Reply(550, "5.1.1 nobody here", Stage.RCPT)])
def test_no_address_at_a_domain_that_came_back_is_hidden_by_as_many_at_one_that_went(desk, said):
    upload = desk.save(*(f"{name}@{domain}" for name in "abc" for domain in ("back.com", "gone.com")))
    desk.start(upload)
    desk.acquire()
    dead = NoMail(Reason.NO_SUCH_DOMAIN)
    waiting = asyncio.run(desk.queue.claim_domains(1000))
    assert {each.name for each in waiting} == {"back.com", "gone.com"}
    asyncio.run(desk.queue.keep([desk.facts("back.com", route=dead), desk.facts("gone.com")]))
    desk.finish(said)
    with desk.database.writing() as connection:
        keep_routes(connection, [desk.facts("back.com"), desk.facts("gone.com", route=dead)])
    assert board_of(desk, upload).rows == 6


def test_addresses_that_a_worthless_yes_calls_accept_all_are_at_stake_beside_what_their_host_refused(desk):
    upload = desk.save("a@any.com", "b@any.com", "c@any.com")
    desk.start(upload)
    desk.acquire()
    desk.resolve(provider="yahoo")
    (batch,) = desk.claim()
    yes = Reply(250, "2.1.5 OK", Stage.RCPT)
    desk.settle(desk.answer(batch, {"a@any.com": yes, "b@any.com": yes, "c@any.com": REFUSED}))
    counted = {line.stake: line.rows for line in board_of(desk, upload).lines}
    assert counted == {Stake.ACCEPT_ALL: 2, Stake.BLOCKED: 1}


def test_each_address_at_a_domain_in_question_stands_in_one_line(desk):
    said = [REFUSED, TLS_WANTED, UNCLEAR, Reply(451, "4.3.0 later", Stage.RCPT), Reply(250, "OK", Stage.RCPT)]
    chance = random.Random(3)
    upload = desk.begin(*(f"p{n}@d{n % 7}.com" for n in range(60)))
    for batch in desk.claim():
        desk.settle(desk.answer(batch, {str(each.address): chance.choice(said) for each in batch.recipients}))
    board = board_of(desk, upload)
    unknown = desk.value("SELECT count(*) FROM entry WHERE status = 'unknown'")
    assert sum(line.rows for line in board.lines) == board.rows == unknown > 0
    (other,) = (line for line in board.lines if line.stake is Stake.OTHER)
    assert sum(rows for _, rows in other.reasons) == other.rows


def test_where_the_sample_heard_nothing_another_mailbox_of_its_domain_tells(desk, refused):
    with desk.database.writing() as connection:
        connection.exec_driver_sql("UPDATE mailbox SET trace = '[]' WHERE folded = 'b'")
    (line,) = board_of(desk, refused).lines
    assert [each.text for each in sayings_of(desk.database, line.domains, line.samples)] == [
        "550 5.7.1 b@strict.com: no"
    ]


def test_one_domain_tells_what_its_host_said_and_one_that_let_us_in_nothing(desk, refused):
    assert [each.text[:3] for each in sayings_at(desk.database, refused, "strict.com")] == ["550"]
    assert sayings_at(desk.database, refused, "fine.com") == []


def test_the_index_of_what_is_at_stake_holds_each_reason_that_puts_rows_at_stake():
    assert sorted(re.findall(r"'(\w+)'", AT_STAKE)) == sorted([*BY_KIND, *BY_REASON])


@pytest.mark.parametrize(("sql", "given"), [(at_stake._SETTLED, 1), (at_stake._OF_REASONS, 3)])
def test_whose_domain_a_mailbox_is_at_is_read_by_index_and_not_in_its_long_row(desk, sql, given):
    with desk.database.reading() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", ("[]",) * given).all()
    assert [row[-1] for row in plan if "mailbox" in row[-1]] == [
        "SEARCH mailbox USING COVERING INDEX ix_mailbox_domain (id=?)"
    ]
