"""What a sample tells: each stratum weighed as in the list, with intervals as wide as the sample is small."""

import random
from collections import Counter

import pytest

from engine.expected import Stratum, expected_bounces, wilson
from engine.reason import Reason
from engine.sample_estimate import Drawn, estimate_whole
from engine.sampling import allocate
from engine.verdict import Status

SAMPLES = 1_000


def drawn(stratum, size, number, status=Status.VALID, reason=Reason.ACCEPTED):
    return Drawn(stratum, size, Stratum(status, reason, "", number))


def missing(stratum, size, number):
    return drawn(stratum, size, number, Status.INVALID, Reason.MAILBOX_MISSING)


def test_of_a_sample_in_proportion_the_shares_are_its_own_with_wilsons_interval():
    told = estimate_whole(
        [drawn("a", 6_000, 110), missing("a", 6_000, 10), drawn("b", 4_000, 70), missing("b", 4_000, 10)]
    )
    invalid, plain = told.statuses[Status.INVALID], wilson(20, 200)
    assert told.answered == 200
    assert (invalid.point, invalid.low, invalid.high) == pytest.approx((0.1, plain.low, plain.high))


def test_a_stratum_weighs_as_in_the_list_and_not_as_in_the_sample():
    told = estimate_whole([drawn("a", 9_000, 50), missing("b", 1_000, 50)])
    invalid = told.statuses[Status.INVALID]
    assert invalid.point == pytest.approx(0.1)
    assert invalid.high - invalid.low > wilson(10, 100).high - wilson(10, 100).low


def test_the_shares_of_all_statuses_make_the_whole():
    told = estimate_whole(
        [drawn("a", 700, 9), missing("b", 200, 3), drawn("b", 200, 4, Status.UNKNOWN, Reason.GREYLISTED)]
    )
    assert sum(share.point for share in told.statuses.values()) == pytest.approx(1)
    assert all(0 <= each.low <= each.point <= each.high <= 1 for each in told.statuses.values())


def test_the_expected_bounces_are_those_of_such_addresses_and_less_sure_than_of_the_whole_list():
    told = estimate_whole([drawn("a", 10_000, 180), missing("a", 10_000, 20)])
    whole = expected_bounces([missing("", 0, 1_000).answered, drawn("", 0, 9_000).answered])
    assert told.bounces.point == pytest.approx(whole.point)
    assert told.bounces.low < whole.low
    assert told.bounces.high > whole.high


def test_a_larger_sample_is_surer():
    small = estimate_whole([drawn("a", 10_000, 45), missing("a", 10_000, 5)])
    large = estimate_whole([drawn("a", 10_000, 450), missing("a", 10_000, 50)])
    assert small.bounces.high - small.bounces.low > large.bounces.high - large.bounces.low


def test_where_nobody_has_an_answer_nothing_is_told():
    assert estimate_whole([]) is None


VALID, GONE, NOBODY_KNOWS = (
    (Status.VALID, Reason.ACCEPTED),
    (Status.INVALID, Reason.MAILBOX_MISSING),
    (Status.UNKNOWN, Reason.GREYLISTED),
)
LISTS = {
    "alike": {"a": [VALID] * 5_400 + [GONE] * 600, "b": [VALID] * 3_600 + [GONE] * 400},
    "unlike": {
        "a": [VALID] * 5_900 + [GONE] * 100,
        "b": [VALID] * 1_500 + [GONE] * 500 + [NOBODY_KNOWS] * 500,
        "c": [GONE] * 900 + [VALID] * 600,
    },
    "mostly good": {"a": [VALID] * 9_000, "b": [VALID] * 800 + [GONE] * 200},
}
"""Lists whose truth is known, by stratum."""


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("answered", [1.0, 0.5])
def test_the_interval_holds_the_lists_true_share_in_nineteen_samples_of_twenty(name, answered):
    """Where half of the last stratum has no answer yet, each of its addresses weighs more."""
    strata = LISTS[name]
    everybody = [kind for members in strata.values() for kind in members]
    truth = {status: sum(kind[0] is status for kind in everybody) / len(everybody) for status in Status}
    sizes = {stratum: len(members) for stratum, members in strata.items()}
    numbers = allocate(sizes, 200)
    last = max(strata)
    numbers[last] = round(numbers[last] * answered)

    held = dict.fromkeys((VALID[0], GONE[0]), 0)
    dice = random.Random(name)
    for _ in range(SAMPLES):
        sample = {each: Counter(dice.sample(strata[each], number)) for each, number in numbers.items()}
        told = estimate_whole(
            [
                drawn(stratum, sizes[stratum], number, *kind)
                for stratum, kinds in sample.items()
                for kind, number in kinds.items()
            ]
        )
        for status in held:
            share = told.statuses[status]
            held[status] += share.low <= truth[status] <= share.high
    assert min(held.values()) >= 0.94 * SAMPLES
