"""Estimates held against what really happened, in many simulated runs under a clock that costs no time."""

import heapq
import math
import random
from collections import defaultdict
from dataclasses import dataclass, field

from engine.ahead import Ahead, Kind, Return, Stretch
from engine.estimate import RCPT_S, SETUP_S, Limits, estimate

PORTION = 20


@dataclass
class Domain:
    """A domain of a simulated list. `puts_off` times it says 451 to everybody, who come back after a delay."""

    name: str
    lane: str
    total: int
    puts_off: int = 0
    portion: int = PORTION
    left: int = 0
    hand: int = 0
    out: int = 0
    attempts: int = 0
    due_at: float = 0.0
    asked: bool = False
    was_put_off: bool = False
    opens_at: float = 0.0
    begun: list[float] = field(default_factory=list)

    def __post_init__(self):
        self.left = self.total

    def may_begin_at(self, limits):
        at = max(self.opens_at, self.due_at)
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

    def play(self, look_every_s):
        now, ends = 0.0, []
        lanes = defaultdict(int)
        next_look = look_every_s
        order = sorted(self.domains, key=lambda each: -each.total) if self.is_big_first else self.domains
        while True:
            for domain in order:
                while self.may_begin(domain, lanes, len(ends), now):
                    ends.append(self.begin(domain, lanes, now))
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
                _, _, domain, count = heapq.heappop(ends)
                self.finish(domain, lanes, count, now)
        self.end = now

    def may_begin(self, domain, lanes, out, now):
        limits = self.limits
        room = limits.sessions_at_once.get(domain.lane, 10**9) - lanes[domain.lane]
        is_free = out < limits.global_concurrency and room > 0
        has_work = domain.left > 0 and domain.out < limits.per_domain_concurrency
        return is_free and has_work and domain.may_begin_at(limits) <= now

    def begin(self, domain, lanes, now):
        count = min(domain.left, domain.portion)
        domain.left -= count
        domain.hand += count
        domain.out += 1
        domain.begun.append(now)
        lanes[domain.lane] += 1
        takes = self.pace * (SETUP_S + RCPT_S * count) * self.chance.lognormvariate(0, 0.3)
        return now + takes, self.chance.random(), domain, count

    def finish(self, domain, lanes, count, now):
        domain.out -= 1
        domain.hand -= count
        domain.asked = True
        lanes[domain.lane] -= 1
        backoff = self.limits.session_backoff_s
        domain.opens_at = now + backoff * self.chance.uniform(0.75, 1.25)
        if domain.attempts < domain.puts_off and domain.attempts < len(self.limits.delays_s):
            domain.left += count
            domain.was_put_off = True
            domain.due_at = now + self.limits.delays_s[domain.attempts]
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
            if lane in self.limits.sessions_at_once:
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
        return Return(each.name, count, math.ceil(count / each.portion), due_s, each.attempts)


def _stretch(kind, name, members):
    left = [(each, count) for each, count in members]
    return Stretch(
        kind,
        name,
        sum(count for _, count in left),
        sum(math.ceil(count / each.portion) for each, count in left),
        sum(each.total - each.left - each.hand for each, _ in left),
        sum(math.ceil((each.total - each.left - each.hand) / each.portion) for each, _ in left),
    )


def made_up(seed, is_big_first=True):
    """Mix a list, limits and a speed at random."""
    chance = random.Random(seed)
    pick = chance.choice
    limits = Limits(
        global_concurrency=pick([8, 24, 96]),
        per_domain_concurrency=pick([1, 1, 2]),
        domain_sessions_per_minute=pick([0, 10, 10, 30]),
        session_backoff_s=pick([0.0, 0.3, 1.2]),
        sessions_at_once={"google": 5, "outlook": 1},
        delays_s=pick([(2.2, 2.2, 2.2), (45.0,), (20.0, 20.0)]),
    )
    domains = [Domain("gmail.com", "google", pick([0, 40, 200, 1000]))]
    domains += [Domain("outlook.com", "outlook", pick([0, 10, 30]), portion=1)]
    for number in range(pick([30, 150, 400])):
        size = int(math.exp(chance.uniform(0, math.log(pick([3, 6, 41])))))
        puts_off = chance.choices([0, 1, 3], [94, 4, 2])[0]
        domains.append(Domain(f"d{number}", pick(["google", "m", "own"]), max(size, 1), puts_off))
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


if __name__ == "__main__":
    import sys

    for big in (True, False):
        shares = []
        for seed in range(int(sys.argv[1])):
            run = made_up(seed, big)
            run.play(0.5)
            shares.append(share_inside(run))
            if shares[-1] < 0.8:
                lim = run.limits
                print(
                    seed,
                    round(shares[-1], 2),
                    f"end {run.end:.1f} pace {run.pace} G{lim.global_concurrency} c{lim.per_domain_concurrency} m{lim.domain_sessions_per_minute} b{lim.session_backoff_s} n{len(run.domains)} gmail {run.domains[0].total} ol",
                    [d.total for d in run.domains[:2]],
                    lim.delays_s,
                )
        print(
            big,
            "runs at 0.8 or more",
            sum(s >= 0.8 for s in shares),
            "of",
            len(shares),
            "mean",
            sum(shares) / len(shares),
        )
