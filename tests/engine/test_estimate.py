"""Estimates held against what really happened, in many simulated runs under a clock that costs no time."""

import heapq
import math
import random
from collections import defaultdict
from dataclasses import dataclass, field, replace

import pytest

from engine.adaptive import Growth
from engine.ahead import Ahead, Kind, Later, Return, Stretch
from engine.duration import FOUND_S, RCPT_S, SETUP_S, TURN_S
from engine.estimate import estimate
from engine.limits import LaneLimits, Limits
from engine.sharing import Crowd, domains_together, sessions_of, stretch_of

PORTION = 20
TOGETHER = domains_together("")


@dataclass
class Domain:
    """A domain of a simulated list. `puts_off` times it says 451 to everybody, who come back later."""

    name: str
    lane: str
    total: int
    puts_off: int = 0
    portion: int = PORTION
    hosts: str = ""
    left: int = 0
    hand: int = 0
    out: int = 0
    attempts: int = 0
    due_at: float = 0.0
    found_at: float = 0.0
    asked: bool = False
    was_put_off: bool = False
    opens_at: float = 0.0
    begun: list[float] = field(default_factory=list)

    def __post_init__(self):
        self.left = self.total

    def may_begin_at(self, limits):
        at = max(self.opens_at, self.found_at)
        most = limits.domain_sessions_per_minute
        if most and len(self.begun) >= most:
            at = max(at, self.begun[-most] + 60)
        return at


@dataclass
class Run:
    """A run of the limits alone: sessions begin as soon as they may and take what chance says."""

    domains: list[Domain]
    limits: Limits
    pace: float
    chance: random.Random
    is_big_first: bool = True
    looks: list[tuple[float, Ahead]] = field(default_factory=list)
    end: float = 0.0

    def __post_init__(self):
        self.smallest_first = sorted(self.domains, key=lambda each: each.total)

    def play(self, look_every_s):
        now, ends = 0.0, []
        lanes = defaultdict(int)
        next_look = look_every_s
        order = sorted(self.domains, key=lambda each: -each.total) if self.is_big_first else self.domains
        while True:
            for domain in order:
                while self.may_begin(domain, lanes, len(ends), now):
                    ends.append(self.begin(domain, lanes, now, len(ends)))
                    heapq.heapify(ends)
            moments = [each.may_begin_at(self.limits) for each in order if each.left and not each.out]
            moments = [at for at in moments if at > now]
            later = min(([ends[0][0]] if ends else []) + ([min(moments)] if moments else []), default=None)
            if later is None:
                break
            while next_look <= later:
                self.looks.append((next_look, self.ahead(next_look)))
                next_look += look_every_s
            now = later
            while ends and ends[0][0] <= now:
                _, _, riders = heapq.heappop(ends)
                lanes[riders[0][0].lane] -= 1
                for domain, count in riders:
                    self.finish(domain, count, now)
        self.end = now

    def may_begin(self, domain, lanes, out, now):
        limits = self.limits
        room = (limits.lane(domain.lane).at_once or 10**9) - lanes[domain.lane]
        is_free = out < limits.global_concurrency and room > 0
        has_work = domain.left > 0 and domain.out < limits.per_domain_concurrency
        return is_free and has_work and domain.may_begin_at(limits) <= now

    def begin(self, leader, lanes, now, out):
        """Open a session for a domain, and for others with the same hosts as far as there is room."""
        riders = [(leader, self.board(leader, now))]
        room = leader.portion - riders[0][1]
        for mate in self.smallest_first if leader.hosts else ():
            fits = mate.hosts == leader.hosts and 0 < mate.left <= room and len(riders) < TOGETHER
            if fits and self.may_begin(mate, defaultdict(int), out, now):
                riders.append((mate, self.board(mate, now)))
                room -= riders[-1][1]
        lanes[leader.lane] += 1
        usual = SETUP_S + RCPT_S * sum(count for _, count in riders) + TURN_S * (len(riders) - 1)
        takes = self.pace * usual * self.chance.lognormvariate(0, 0.3)
        return now + takes, self.chance.random(), riders

    def board(self, domain, now):
        count = min(domain.left, domain.portion)
        domain.left -= count
        domain.hand += count
        domain.out += 1
        domain.begun.append(now)
        return count

    def finish(self, domain, count, now):
        domain.out -= 1
        domain.hand -= count
        domain.asked = True
        backoff = self.limits.session_backoff_s
        domain.opens_at = now + backoff * self.chance.uniform(0.75, 1.25)
        if domain.attempts < domain.puts_off and domain.attempts < len(self.limits.delays_s):
            domain.left += count
            domain.was_put_off = True
            domain.due_at = now + self.limits.delays_s[domain.attempts]
            domain.found_at = domain.due_at + self.chance.uniform(0, 2 * FOUND_S)
            domain.attempts += 1

    def ahead(self, now):
        """Freeze what a database would say."""
        stretches, lanes, soon = [], defaultdict(list), []
        for each in self.domains:
            is_waiting = each.was_put_off and each.due_at > now and each.left
            if each.was_put_off and each.left + each.hand:
                soon.append(each)
            lanes[each.lane].append((each, each.hand + (0 if is_waiting else each.left)))
        everything = [pair for members in lanes.values() for pair in members]
        for each, left in everything:
            stretches.append(_stretch(Kind.DOMAIN, each.name, [(each, left)]))
        for lane, members in lanes.items():
            if lane in self.limits.lanes:
                stretches.append(_stretch(Kind.PROVIDER, lane, members))
        stretches.append(_stretch(Kind.NUMBER, "", everything))
        asked = [each for each in self.domains if each.asked]
        share = sum(each.was_put_off for each in asked) / max(len(asked), 1)
        return Ahead(
            tuple(stretches),
            now,
            self.pace * self.chance.uniform(0.85, 1.2) if asked else 1.0,
            tuple(self.returning(each, now) for each in soon),
            fresh_domains=len(self.domains) - len(asked),
            put_off_share=share,
            again_share=sum(each.attempts > 1 for each in asked)
            / max(sum(each.was_put_off for each in asked), 1),
        )

    def returning(self, each, now):
        count = each.left + each.hand
        due_s = max(each.due_at - now, 0.0)
        sessions = math.ceil(count / each.portion)
        return Return(count, sessions, due_s, each.attempts, is_again=each.attempts > 1)


def _stretch(kind, name, members):
    by_hosts = defaultdict(list)
    for each, count in members:
        by_hosts[each.hosts or each.name].append((each, count))
    return stretch_of(kind, name, [_crowd(group) for group in by_hosts.values()])


def _crowd(group):
    done = [(each, each.total - each.left - each.hand) for each, _ in group]
    return Crowd("", *_counts(group), 0, *_counts(done))


def _counts(members):
    """Sum addresses, visits, and the sessions that these share."""
    addresses = sum(count for _, count in members)
    visits = sum(math.ceil(count / each.portion) for each, count in members)
    return addresses, visits, sessions_of(visits, addresses, members[0][0].portion, TOGETHER)


def made_up(seed, *, is_big_first=True):
    """Mix a list, limits and a speed at random."""
    chance = random.Random(seed)
    pick = chance.choice
    limits = Limits(
        global_concurrency=pick([8, 24, 96]),
        per_domain_concurrency=pick([1, 1, 2]),
        domain_sessions_per_minute=pick([0, 10, 10, 30]),
        session_backoff_s=pick([0.0, 0.3, 1.2]),
        lanes={"google": LaneLimits(5), "outlook": LaneLimits(1)},
        delays_s=pick([(2.2, 2.2, 2.2), (45.0,), (20.0, 20.0)]),
    )
    domains = [Domain("gmail.com", "google", pick([0, 40, 200, 1000]))]
    domains += [Domain("outlook.com", "outlook", pick([0, 10, 30]), portion=1)]
    for number in range(pick([30, 150, 400])):
        size = int(math.exp(chance.uniform(0, math.log(pick([3, 6, 41])))))
        puts_off = chance.choices([0, 1, 3], [94, 4, 2])[0]
        lane, hosts = pick([("google", "g"), ("m", ""), ("own", ""), ("own", f"h{number % 9}")])
        domains.append(Domain(f"d{number}", lane, max(size, 1), puts_off, hosts=hosts))
    return Run(
        [each for each in domains if each.total], limits, pick([0.1, 0.3, 1.0, 2.0]), chance, is_big_first
    )


def share_inside(run):
    """Say which part of the looks past half of the run had the true time left in their range."""
    past = [(at, ahead) for at, ahead in run.looks if at >= run.end / 2]
    hits = 0
    for at, ahead in past:
        said = estimate(ahead, run.limits)
        hits += said is not None and said.low_s <= run.end - at <= said.high_s
    return hits / max(len(past), 1)


@pytest.mark.parametrize("is_big_first", [True, False])
def test_past_half_of_a_run_the_true_time_left_is_in_the_range_in_four_of_five_looks(is_big_first):
    shares = [share_inside(played(seed, is_big_first=is_big_first)) for seed in range(14)]
    assert sum(shares) / len(shares) >= 0.8


def played(seed, *, is_big_first):
    run = made_up(seed, is_big_first=is_big_first)
    run.play(run.chance.choice([0.5, 1.0]))
    return run


def test_the_ends_of_every_range_are_at_most_two_to_one_apart():
    run = played(3, is_big_first=True)
    said = [estimate(ahead, run.limits) for _, ahead in run.looks]
    assert len(said) > 20
    assert all(1 < each.high_s / each.low_s <= 2 for each in said if each)


LIMITS = Limits(96, domain_sessions_per_minute=10, session_backoff_s=1.2, lanes={"google": LaneLimits(5)})
ALONE = Stretch(Kind.NUMBER, "", 4000, 200)
GMAIL = Stretch(Kind.DOMAIN, "gmail.com", 4000, 200)


def middle_s(said):
    return (said.low_s * said.high_s) ** 0.5


def test_a_domain_takes_as_many_minutes_as_its_sessions_a_minute_allow():
    said = estimate(Ahead((ALONE, GMAIL)), LIMITS)
    assert middle_s(said) == pytest.approx(19 * 60 + 54, rel=0.05)
    assert said.causes[0].kind is Kind.DOMAIN
    assert (said.causes[0].name, said.causes[0].per_minute, said.causes[0].addresses) == (
        "gmail.com",
        10,
        4000,
    )


def test_a_providers_sessions_at_once_make_many_small_domains_slow():
    google = Stretch(Kind.PROVIDER, "google", 1000, 1000)
    said = estimate(Ahead((replace(ALONE, addresses=1000, sessions=1000), google)), LIMITS)
    assert middle_s(said) == pytest.approx(1000 * (SETUP_S + RCPT_S) / 5, rel=0.01)
    assert (said.causes[0].kind, said.causes[0].at_once) == (Kind.PROVIDER, 5)


def test_a_list_that_shares_the_engine_takes_longer():
    alone, shared = (estimate(Ahead((ALONE,)), replace(LIMITS, share=share)) for share in (1.0, 0.5))
    assert middle_s(shared) == pytest.approx(2 * middle_s(alone), rel=0.01)


def test_recipients_a_minute_bound_a_domain_too():
    said = estimate(Ahead((GMAIL,)), replace(LIMITS, domain_rcpts_per_minute=100))
    assert middle_s(said) == pytest.approx(40 * 60, rel=0.01)


def test_sessions_that_went_faster_than_usual_shorten_the_estimate():
    begun = replace(ALONE, addresses=2000, sessions=100, done=2000, done_sessions=100)
    slow, fast = (estimate(Ahead((begun,), active_s=at, pace=1.0), LIMITS) for at in (10.0, 1.0))
    assert middle_s(fast) < middle_s(slow) / 2


def test_a_run_that_takes_longer_than_its_limits_explain_goes_on_so():
    begun = replace(ALONE, addresses=2000, sessions=100, done=2000, done_sessions=100)
    usual, longer = (estimate(Ahead((begun,), active_s=at), LIMITS) for at in (4.0, 7.0))
    assert middle_s(longer) > 1.4 * middle_s(usual)


def test_who_comes_back_soon_is_waited_for_and_who_waits_long_is_not():
    soon = Return(3, 1, 40.0)
    later = Later(12, 900.0, 7200.0)
    said = estimate(Ahead((), returns=(soon,), later=later), LIMITS)
    assert middle_s(said) == pytest.approx(40 + FOUND_S + SETUP_S + 3 * RCPT_S, rel=0.01)
    assert said.causes[0].kind is Kind.RETRIES
    assert said.later == later
    assert estimate(Ahead((), later=later), LIMITS) is None


def test_who_was_put_off_again_is_expected_to_be_put_off_to_the_end():
    limits = replace(LIMITS, delays_s=(45.0, 45.0, 45.0, 900.0))
    once, twice = (
        estimate(Ahead((), returns=(Return(1, 1, 40.0, attempts, is_again=attempts > 1),)), limits)
        for attempts in (1, 2)
    )
    assert middle_s(twice) == pytest.approx(middle_s(once) + 45 + FOUND_S + SETUP_S + RCPT_S, rel=0.01)


def test_nothing_left_is_no_estimate():
    assert estimate(Ahead((replace(ALONE, addresses=0, sessions=0),)), LIMITS) is None


def test_domains_that_share_sessions_take_the_sessions_set_up_once():
    alone = replace(ALONE, addresses=600, sessions=600)
    shared = replace(ALONE, addresses=600, sessions=100, turns=500)
    longer, shorter = (middle_s(estimate(Ahead((each,)), Limits(4))) for each in (alone, shared))
    assert longer == pytest.approx(600 * (SETUP_S + RCPT_S) / 4, rel=0.01)
    assert shorter == pytest.approx((100 * SETUP_S + 600 * RCPT_S + 500 * TURN_S) / 4, rel=0.01)


def test_what_hosts_bear_in_a_minute_makes_their_lane_slow_and_is_named_as_the_cause():
    lane = Stretch(Kind.PROVIDER, "a1b2", 3000, 300, made_up=100)
    by_rcpts = replace(LIMITS, lanes={"a1b2": LaneLimits(5, None, Growth(60, 60), "mx.orchard.sandbox")})
    by_sessions = replace(LIMITS, lanes={"a1b2": LaneLimits(5, Growth(10, 10), None)})
    rcpts, sessions = (estimate(Ahead((lane,)), each) for each in (by_rcpts, by_sessions))
    assert middle_s(rcpts) == pytest.approx(3100 / 60 * 60, rel=0.01)
    assert (rcpts.causes[0].name, rcpts.causes[0].rcpts_per_minute) == ("mx.orchard.sandbox", 60)
    assert middle_s(sessions) == pytest.approx(300 / 10 * 60, rel=0.01)
    assert (sessions.causes[0].per_minute, sessions.causes[0].at_once) == (10, 0)


def test_who_is_expected_to_put_us_off_is_counted_by_domains():
    limits = replace(LIMITS, delays_s=(45.0,))
    said = estimate(Ahead((ALONE,), fresh_domains=1000, put_off_share=0.03), limits)
    assert next(each for each in said.causes if each.kind is Kind.RETRIES).domains == 30


def test_those_of_a_domain_that_are_put_off_again_come_back_session_by_session():
    limits = replace(LIMITS, delays_s=(2.2, 2.2, 2.2))
    few, many = (
        estimate(Ahead((), returns=(Return(8 * sessions, sessions, 1.0, 2, is_again=True),)), limits)
        for sessions in (1, 5)
    )
    session_s = SETUP_S + 8 * RCPT_S
    assert middle_s(few) == pytest.approx(1.0 + 2.2 + 2 * (FOUND_S + session_s))
    assert middle_s(many) == pytest.approx(1.0 + FOUND_S + session_s + 5 * (session_s + 1.2))
