"""Claims: both queues give the same convoys, and the one in SQL is fair between lists."""

import asyncio
from dataclasses import replace

import pytest

from engine.address import Address
from engine.batch import Closed, Deferral, Outcome, Pause, Scope
from engine.memory_queue import MemoryQueue
from engine.prober import longest_probe_s
from engine.reason import Reason
from engine.verdict import AcceptAll
from storage import claims, turns
from storage.runs import pause_upload

SHARED = {"route_key": "shared"}


class Sql:
    """The queue in SQL: addresses are handed in as a list, and started."""

    def __init__(self, desk) -> None:
        self.desk = desk
        self.queue = desk.queue

    def fill(self, texts, **known) -> None:
        self.desk.start(self.desk.save(*texts))
        assert self.desk.acquire()
        self.desk.resolve(**known)


class Memory:
    """The queue in memory."""

    def __init__(self, desk) -> None:
        self.desk = desk
        self.queue = MemoryQueue(desk.clock)

    def fill(self, texts, **known) -> None:
        for text in texts:
            self.queue.add(Address(*text.split("@")))
        waiting = asyncio.run(self.queue.claim_domains(1000))
        asyncio.run(self.queue.keep([self.desk.facts(each.name, **known) for each in waiting]))


@pytest.fixture(params=["sql", "memory"])
def twin(request, desk):
    return Sql(desk) if request.param == "sql" else Memory(desk)


def claim(twin, limit=100, **closed):
    return asyncio.run(twin.queue.claim(limit, Closed(**closed)))


def sizes(convoys) -> list[list[int]]:
    return sorted([len(batch.recipients) for batch in convoy.batches] for convoy in convoys)


def names(convoys) -> set[str]:
    return {batch.domain.name for convoy in convoys for batch in convoy.batches}


def test_domains_behind_the_same_hosts_share_a_session(twin):
    twin.fill([f"pear@plum{n}.example" for n in range(10)], **SHARED)
    assert sizes(claim(twin)) == [[1] * 2, [1] * 8]


def test_domains_behind_other_hosts_do_not(twin):
    twin.fill([f"pear@plum{n}.example" for n in range(3)])
    assert sizes(claim(twin)) == [[1]] * 3


def test_a_convoy_counts_as_one_session_in_limit_and_room(twin):
    twin.fill([f"pear@plum{n}.example" for n in range(30)], **SHARED)
    assert sizes(claim(twin, limit=1)) == [[1] * 8]
    assert sizes(claim(twin, room={"shared": 2})) == [[1] * 8] * 2


def test_recipients_and_decoys_of_a_convoy_stay_within_what_a_session_carries(twin):
    texts = [f"pear{n}@plum{d}.example" for d in range(4) for n in range(6)]
    twin.fill(texts, accept_all=None, **SHARED)
    assert sizes(claim(twin)) == [[6] * 2, [6] * 2]


def test_the_biggest_goes_out_first_and_the_smallest_go_along(twin):
    texts = [*(f"pear{n}@big.example" for n in range(15)), *(f"fig{n}@middle.example" for n in range(12))]
    twin.fill([*texts, "plum@small.example", "plum@tiny.example"], **SHARED)
    convoys = claim(twin)
    assert convoys[0].batches[0].domain.name == "big.example"
    assert names(convoys[:1]) == {"big.example", "small.example", "tiny.example"}
    assert names(convoys[1:]) == {"middle.example"}


def test_a_domain_whose_sessions_were_cut_short_travels_alone(twin):
    twin.fill(["pear@plum.example", "pear@fig.example"], session_limit=4, **SHARED)
    assert sizes(claim(twin)) == [[1], [1]]


def test_who_is_put_off_together_comes_back_together(twin, clock):
    twin.fill([f"pear@plum{n}.example" for n in range(3)], **SHARED)
    (convoy,) = claim(twin)
    until = clock() + 45
    outcomes = [_put_off(batch, until + n * 0.3) for n, batch in enumerate(convoy.batches)]
    asyncio.run(twin.queue.settle(outcomes))
    assert claim(twin) == []
    clock.ahead_s += 45.1
    assert sizes(claim(twin)) == [[1, 1, 1]]


def _put_off(batch, until):
    later = (Deferral(replace(r, attempts=1), until, Reason.GREYLISTED) for r in batch.recipients)
    return Outcome(batch, batch.domain, deferrals=tuple(later))


def test_neither_closed_nor_paused_domains_go_along(twin, clock):
    twin.fill([f"pear@plum{n}.example" for n in range(4)], **SHARED)
    pause = Pause(Scope.DOMAIN, "plum1.example", clock(), clock() + 60)
    convoys = claim(twin, domains=frozenset({"plum2.example"}), pauses=(pause,))
    assert names(convoys) == {"plum0.example", "plum3.example"}


def test_what_needs_no_question_takes_no_session(twin):
    twin.fill([f"pear@plum{n}.example" for n in range(5)], accept_all=AcceptAll.YES, **SHARED)
    assert sizes(claim(twin, limit=0, room={"shared": 0})) == [[1]] * 5


def test_a_lease_lasts_for_all_of_a_convoy_since_none_is_stored_before_its_end(desk, clock):
    Sql(desk).fill([f"pear@plum{n}.example" for n in range(3)], **SHARED)
    (convoy,) = claim(Sql(desk))
    (until,) = {batch.lease_until for batch in convoy.batches}
    assert until - clock() > 3 * longest_probe_s(desk.settings, 1, "other")
    assert [row.due_at for row in desk.rows("SELECT due_at FROM mailbox")] == [until] * 3


def test_a_claim_of_nothing_but_what_its_domain_settles_is_bounded(desk, monkeypatch):
    monkeypatch.setattr(claims, "UNASKED_RECIPIENTS", 4)
    texts = [f"pear{n}@plum{d}.example" for d in range(5) for n in range(3)]
    Sql(desk).fill(texts, accept_all=AcceptAll.YES, portion=500)
    assert sizes(claim(Sql(desk))) == [[3], [3]]


def test_a_domain_comes_again_in_the_next_claim_while_pacing_allows_it(desk):
    Sql(desk).fill([f"pear{n}@plum.example" for n in range(50)])
    assert [sizes(claim(Sql(desk))) for _ in range(4)] == [[[20]], [[20]], [[10]], []]


def test_a_small_list_that_starts_beside_a_big_one_is_looked_up_and_asked_at_once(desk):
    desk.begin(*(f"pear@plum{n}.example" for n in range(200)))
    for _ in range(5):
        assert len(desk.claim(10)) == 10
    desk.start(desk.save(*(f"fig@mill{n}.example" for n in range(5))))
    desk.resolve()
    asked = {batch.domain.name for batch in desk.claim(12)}
    assert {f"mill{n}.example" for n in range(5)} <= asked


def test_its_domains_are_looked_up_before_the_rest_of_the_big_one(desk):
    desk.start(desk.save(*(f"pear@plum{n}.example" for n in range(200))))
    assert desk.acquire()
    waiting = asyncio.run(desk.queue.claim_domains(50))
    asyncio.run(desk.queue.keep([desk.facts(each.name) for each in waiting]))
    desk.start(desk.save(*(f"fig@mill{n}.example" for n in range(5))))
    next_ones = {each.name for each in asyncio.run(desk.queue.claim_domains(12))}
    assert {f"mill{n}.example" for n in range(5)} <= next_ones


def test_two_long_lists_share_what_is_left(desk):
    desk.begin(*(f"pear@plum{n}.example" for n in range(100)))
    for _ in range(3):
        desk.claim(10)
    desk.start(desk.save(*(f"fig@mill{n}.example" for n in range(100))))
    desk.resolve()
    asked = [batch.domain.name for _ in range(4) for batch in desk.claim(10)]
    assert 15 <= sum(name.startswith("mill") for name in asked) <= 25


def test_a_lane_that_lags_behind_is_shared_by_its_own_clock(desk):
    """The common lane is far ahead when the second list starts; at the provider both begin side by side."""
    texts = [f"pear@plum{n}.example" for n in range(120)]
    desk.start(desk.save(*texts))
    assert desk.acquire()
    _resolve_every_second_at(desk, "zoho")
    shut = Closed(room={"zoho": 0})
    while desk.claim(20, shut):
        pass
    desk.start(desk.save(*(f"fig@mill{n}.example" for n in range(60))))
    desk.resolve(provider="zoho")
    asked = [batch.domain.name for batch in desk.claim(30)]
    assert 10 <= sum(name.startswith("mill") for name in asked) <= 22


def _resolve_every_second_at(desk, provider):
    waiting = asyncio.run(desk.queue.claim_domains(1000))
    known = [{"provider": provider} if n % 2 else {} for n in range(len(waiting))]
    facts = [desk.facts(each.name, **more) for each, more in zip(waiting, known, strict=True)]
    asyncio.run(desk.queue.keep(facts))


def test_within_one_huge_domain_a_small_list_comes_within_a_few_claims(desk):
    desk.begin(*(f"pear{n}@huge.example" for n in range(600)))
    for _ in range(3):
        desk.claim()
    desk.start(desk.save(*(f"fig{n}@huge.example" for n in range(5))))
    asked = [str(each.address) for _ in range(2) for batch in desk.claim() for each in batch.recipients]
    assert sum(text.startswith("fig") for text in asked) == 5


def test_who_was_put_off_comes_before_any_new_list(desk, clock):
    desk.begin(*(f"pear{n}@huge.example" for n in range(40)))
    (batch,) = desk.claim()
    desk.settle(desk.put_off(batch, clock() + 45))
    clock.ahead_s = 46
    desk.start(desk.save(*(f"fig{n}@huge.example" for n in range(5))))
    (again,) = desk.claim()
    assert {each.mailbox for each in again.recipients} == {each.mailbox for each in batch.recipients}


def test_a_domain_that_two_lists_want_has_the_earlier_turn_of_the_two(desk):
    desk.begin(*(f"pear@plum{n}.example" for n in range(60)))
    last = desk.value("SELECT name FROM domain ORDER BY rank DESC LIMIT 1")
    desk.claim(10)
    desk.start(desk.save(f"fig@{last}"))
    assert last in {batch.domain.name for batch in desk.claim(3)}


def test_a_list_that_goes_on_has_its_turn_anew(desk):
    paused = desk.begin(*(f"pear@plum{n}.example" for n in range(30)))
    pause_upload(desk.database, paused, desk.settings)
    desk.begin(*(f"fig@mill{n}.example" for n in range(60)))
    for _ in range(4):
        desk.claim(10)
    desk.start(paused)
    asked = [batch.domain.name for batch in desk.claim(20)]
    assert 5 <= sum(name.startswith("plum") for name in asked) <= 15


def test_an_mx_set_that_many_share_becomes_a_lane_of_its_own(desk, monkeypatch):
    monkeypatch.setattr(turns, "CROWD", 4)
    Sql(desk).fill([f"pear@plum{n}.example" for n in range(3)], **SHARED)
    assert _lanes(desk) == {""}
    Sql(desk).fill(["pear@plum3.example"], **SHARED)
    assert _lanes(desk) == {"shared"}
    Sql(desk).fill(["pear@plum4.example"], **SHARED)
    assert _lanes(desk) == {"shared"}, "who comes later joins it at once"
    assert desk.claim(closed=Closed(room={"shared": 0})) == []
    assert len(desk.claim()) == 5


def _lanes(desk) -> set[str]:
    return {row.lane for row in desk.rows("SELECT lane FROM domain")}


def test_a_crowded_lane_stays_one_when_its_domains_learn_something(desk, monkeypatch):
    monkeypatch.setattr(turns, "CROWD", 2)
    Sql(desk).fill(["pear@plum0.example", "pear@plum1.example"], **SHARED)
    batches = desk.claim()
    told = [replace(desk.answer(each), domain=replace(each.domain, offers_tls=True)) for each in batches]
    desk.settle(*told)
    assert _lanes(desk) == {"shared"}
    assert desk.value("SELECT min(offers_tls) FROM domain") == 1


def test_a_domain_that_seemed_due_and_is_not_is_looked_at_once(desk):
    Sql(desk).fill(["pear@plum.example"])
    with desk.database.writing() as connection:
        connection.exec_driver_sql("UPDATE mailbox SET due_at = due_at + 1000")
    assert desk.claim() == []
    assert desk.value("SELECT due_at > :soon FROM domain", soon=desk.clock() + 500)


@pytest.mark.parametrize(
    "order", ["ix_domain_turn", "ix_domain_mates", "ix_domain_look_up", "ix_mailbox_turn"]
)
def test_claims_walk_indexes_in_their_order_and_sort_nothing(desk, order):
    statements = {
        "ix_domain_turn": claims._ON_A_LANE,
        "ix_domain_mates": claims._BEHIND_A_ROUTE,
        "ix_domain_look_up": claims._LOOK_UPS,
        "ix_mailbox_turn": claims._FRESH,
    }
    sql = statements[order]
    with desk.database.reading() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", (1,) * sql.count("?")).all()
    assert order in str(plan)
    assert "TEMP B-TREE" not in str(plan)
