"""How long a list takes that is checked by DNS alone, held against simulated runs."""

import heapq
import random

import pytest

from engine.ahead import Kind, LookUps
from engine.look_up_time import DOMAINS_AT_ONCE, estimate_look_ups, forecast_look_ups
from engine.settings import Settings

SETTINGS = Settings(dns_timeout_ms=1500)


def played(seed):
    """Look a list's domains up as the engine does: some at once, one after the other written down."""
    chance = random.Random(seed)
    sizes = sorted(
        (int(chance.paretovariate(1.2)) for _ in range(chance.choice([1000, 3000, 10_000]))), reverse=True
    )
    look_up_s, cpu_s, write_s = chance.choice([0.01, 0.1, 0.3]), chance.choice([0.001, 0.004]), 0.0001
    failing = chance.choice([0.0, 0.01, 0.1])
    fates = [chance.random() < failing for _ in sizes]
    out, ends, free_at = [], [], 0.0
    for number, is_failing in enumerate(fates):
        begins = heapq.heappop(out) if len(out) == DOMAINS_AT_ONCE else 0.0
        back_at = begins + (1.5 if is_failing else look_up_s * chance.uniform(0.5, 2))
        free_at = max(free_at, back_at) if not is_failing else free_at
        written_at = max(back_at, free_at) + cpu_s + write_s * sizes[number]
        free_at = free_at if is_failing else written_at
        heapq.heappush(out, written_at)
        ends.append((written_at, sizes[number], is_failing))
    return sorted(ends)


def ahead_at(ends, now):
    done = [each for each in ends if each[0] <= now]
    left = [each for each in ends if each[0] > now]
    return LookUps(
        len(left),
        sum(size for _, size, _ in left),
        len(done),
        sum(size for _, size, _ in done),
        now,
        now - max((at for at, _, _ in done), default=0.0),
        sum(is_failed for _, _, is_failed in done) / max(len(done), 1),
    )


def share_inside(ends):
    end = ends[-1][0]
    moments = [end * (0.5 + step / 50) for step in range(25)]
    said = [estimate_look_ups(ahead_at(ends, at), SETTINGS) for at in moments]
    return sum(each.low_s <= end - at <= each.high_s for at, each in zip(moments, said, strict=True)) / 25


def test_past_half_of_a_run_the_true_time_left_is_in_the_range_in_four_of_five_looks():
    shares = [share_inside(played(seed)) for seed in range(40)]
    assert sum(shares) / len(shares) >= 0.8


def test_the_ends_of_every_range_are_at_most_two_to_one_apart():
    ends = played(1)
    said = [estimate_look_ups(ahead_at(ends, ends[-1][0] * part / 10), SETTINGS) for part in range(10)]
    assert all(1 < each.high_s / each.low_s <= 2 for each in said)


def test_before_the_start_it_grows_with_the_domains_and_with_their_addresses():
    few, many, full = (
        estimate_look_ups(forecast_look_ups(*counts), SETTINGS).high_s
        for counts in ((10_000, 10_000), (20_000, 20_000), (10_000, 400_000))
    )
    assert many == pytest.approx(2 * few, rel=0.05)
    assert full > 1.5 * few


def test_the_domains_are_named_as_the_cause():
    (cause,) = estimate_look_ups(forecast_look_ups(60_000, 90_000), SETTINGS).causes
    assert (cause.kind, cause.domains, cause.addresses) == (Kind.LOOK_UPS, 60_000, 90_000)
    assert cause.at_once == DOMAINS_AT_ONCE


def test_the_last_look_ups_are_waited_for_until_they_are_given_up():
    stuck = LookUps(3, 3, 500, 900, 4.0, still_s=0.5, failed_share=0.02)
    said = estimate_look_ups(stuck, SETTINGS)
    assert said.low_s < 1.5 - 0.5 - DOMAINS_AT_ONCE * 3.5 / 500 < said.high_s


def test_where_nothing_is_left_there_is_no_estimate():
    assert estimate_look_ups(LookUps(0, 0, 5, 9, 1.0), SETTINGS) is None
