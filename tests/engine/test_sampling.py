"""Samples: drawn in proportion from every stratum that is large enough, always the same ones."""

from itertools import pairwise

import pytest

from engine.sampling import SMALL, Placed, allocate, evenly, strata_by_domain


def test_each_stratum_gives_as_many_as_it_is_large():
    assert allocate({"a": 6_000, "b": 3_000, "c": 1_000}, 200) == {"a": 120, "b": 60, "c": 20}


def test_the_odd_ones_go_to_the_largest_remainders():
    assert allocate({"a": 1_005, "b": 1_003, "c": 1_992}, 10) == {"a": 3, "b": 2, "c": 5}


@pytest.mark.parametrize("sizes", [(7_000, 30), (1_111, 2_222, 3_333, 17), (900,) * 13, (5_000, *(55,) * 40)])
def test_in_all_there_are_as_many_as_wanted_and_none_is_left_out(sizes):
    named = {str(number): size for number, size in enumerate(sizes)}
    drawn = allocate(named, 200)
    assert sum(drawn.values()) == pytest.approx(200, abs=1)
    assert min(drawn.values()) >= 1
    for name, number in drawn.items():
        assert number == pytest.approx(200 * named[name] / sum(sizes), abs=1)


def test_of_a_list_that_is_no_larger_than_the_sample_all_are_drawn():
    assert allocate({"a": 3, "b": 2}, 200) == {"a": 3, "b": 2}


def test_places_are_evenly_spread_and_each_is_another():
    assert evenly(10, 2) == [2, 7]
    assert evenly(3, 9) == [0, 1, 2]
    spread = evenly(12_345, 200)
    steps = {after - before for before, after in pairwise(spread)}
    assert len(set(spread)) == 200
    assert steps <= {61, 62}
    assert 0 <= spread[0] < spread[-1] < 12_345


def test_known_providers_large_domains_and_sizes_are_strata():
    domains = {
        1: Placed("orchard.com", 400, "google"),
        2: Placed("mill.com", 100, "google"),
        3: Placed("farm.com", 300, "other"),
        **{10 + number: Placed(f"alone{number}.com", 1, "") for number in range(100)},
        **{200 + number: Placed(f"few{number}.com", 5, "other") for number in range(10)},
        **{300 + number: Placed(f"many{number}.com", 10, "") for number in range(5)},
    }
    named = strata_by_domain(domains, 200)
    assert named[1] == named[2] == "provider google"
    assert named[3] == "domain farm.com"
    assert len({named[10], named[200], named[300], named[1], named[3]}) == 5
    assert len({named[key] for key in range(10, 110)}) == 1


def test_what_is_too_small_to_give_one_address_is_put_together():
    domains = {
        1: Placed("orchard.com", 100_000, ""),
        2: Placed("mill.com", 3, "google"),
        3: Placed("farm.com", 3, "yahoo"),
    }
    named = strata_by_domain(domains, 200)
    assert named == {1: "domain orchard.com", 2: SMALL, 3: SMALL}
