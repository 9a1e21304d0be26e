"""How many messages may bounce: by cases counted by hand, and by what must hold of any."""

import random

import pytest

from engine.expected import (
    Prior,
    Share,
    Stratum,
    bounces_of,
    expected_bounces,
    prior_of,
    priors,
    prove_priors,
    wilson,
)
from engine.name_lists import UnusableList, read_lists, use_lists
from engine.provider import all_providers
from engine.reason import WEIGHED, Reason
from engine.verdict import Status


def _valid(provider, addresses=1):
    return Stratum(Status.VALID, Reason.ACCEPTED, provider, addresses)


def _shares(share):
    return tuple(round(each, 4) for each in (share.point, share.low, share.high))


@pytest.mark.parametrize(
    ("bounced", "sent", "low", "high"),
    [
        # The first four are those of Newcombe 1998 (17, 857-872), table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (29, 29, 0.8830, 1.0),
    ],
)
def test_a_share_has_wilsons_score_interval(bounced, sent, low, high):
    assert _shares(wilson(bounced, sent)) == (round(bounced / sent, 4), low, high)


def test_of_nothing_sent_nothing_is_known():
    assert wilson(0, 0) == Share(0.5, 0.0, 1.0)


def test_one_stratum_is_expected_as_its_row_says():
    prior = prior_of(_valid("google"))
    assert expected_bounces([_valid("google", 700)]) == wilson(prior.bounced, prior.sent)


def test_two_strata_are_weighed_and_their_ends_squared_and_added():
    google, gateway = wilson(4, 800), wilson(15, 600)
    found = expected_bounces([_valid("google", 300), _valid("mimecast", 100)])
    point = 0.75 * 0.005 + 0.25 * 0.025
    low = point - ((0.75 * (0.005 - google.low)) ** 2 + (0.25 * (0.025 - gateway.low)) ** 2) ** 0.5
    high = point + ((0.75 * (google.high - 0.005)) ** 2 + (0.25 * (gateway.high - 0.025)) ** 2) ** 0.5
    assert _shares(found) == _shares(Share(point, low, high))


def test_strata_of_one_row_are_one_stratum():
    together = expected_bounces([_valid("other", 40)])
    assert expected_bounces([_valid("other", 10), _valid("yahoo", 10), _valid("", 20)]) == together


def test_no_address_has_no_expectation():
    assert expected_bounces([]) is None
    assert expected_bounces([_valid("google", 0)]) is None


def test_every_address_has_a_row_that_speaks_of_it_and_an_interval_that_holds_its_share():
    for status in Status:
        for reason in (None, *Reason):
            for provider in ("", "nobody knows", *(each.name for each in all_providers())):
                prior = prior_of(Stratum(status, reason, provider, 1))
                share = wilson(prior.bounced, prior.sent)
                is_weighed = status is Status.INVALID and reason in WEIGHED
                assert prior.status is status or is_weighed
                assert 0 <= share.low <= share.point <= share.high <= 1


def test_every_row_is_reached_and_names_its_source():
    reached = {
        prior_of(Stratum(status, reason, provider.name, 1)).name
        for status in Status
        for reason in Reason
        for provider in all_providers()
    }
    assert reached == {prior.name for prior in priors()}
    assert all(prior.source.startswith("assumed") for prior in priors())


@pytest.mark.parametrize(
    ("stratum", "name"),
    [
        (_valid("google"), "valid_google"),
        (_valid("outlook"), "valid_microsoft"),
        (_valid("mimecast"), "valid_gateway"),
        (_valid(""), "valid_other"),
        (Stratum(Status.RISKY, Reason.MAILBOX_FULL, "google", 1), "risky_full"),
        (Stratum(Status.RISKY, Reason.LOW_CONFIDENCE, "", 1), "risky_other"),
        (Stratum(Status.UNKNOWN, Reason.TIMEOUT, "", 1), "unknown_silent"),
        (Stratum(Status.UNKNOWN, Reason.NEVER_PROBED, "", 1), "unknown"),
    ],
)
def test_the_narrowest_row_that_fits_speaks_of_an_address(stratum, name):
    assert prior_of(stratum).name == name


@pytest.mark.parametrize(("reason", "name"), [(Reason.ACCEPT_ALL, "accept_all"), (Reason.ROLE, "risky_role")])
def test_what_a_policy_alone_makes_invalid_bounces_as_under_any_other(reason, name):
    assert prior_of(Stratum(Status.INVALID, reason, "", 1)).name == name


@pytest.mark.parametrize(
    "row",
    [
        'name = "invalid"\nbounced = 400',
        'name = "invalid"\nsent = "many"',
        'name = "unknown"\nreasons = ["plum"]',
        'name = "unknown"\nreasons = ["timeout"]',
        'name = "plum"\nstatus = "valid"',
    ],
)
def test_a_row_of_the_user_s_that_cannot_be_used_is_refused_with_its_file(tmp_path, row):
    prove_priors(read_lists(tmp_path))
    tmp_path.joinpath("priors.toml").write_text(f"[[prior]]\n{row}")
    with pytest.raises(UnusableList, match=r"priors\.toml"):
        prove_priors(read_lists(tmp_path))


def test_a_narrow_row_of_the_user_s_speaks_before_a_wide_one_of_the_house(tmp_path):
    own = 'name = "own"\nstatus = "valid"\nproviders = ["yahoo"]\nbounced = 9\nsent = 90\nsource = "our own"'
    tmp_path.joinpath("priors.toml").write_text(f"[[prior]]\n{own}")
    try:
        use_lists(tmp_path)
        assert prior_of(_valid("yahoo")).name == "own"
        assert prior_of(_valid("google")).name == "valid_google"
        assert prior_of(_valid("")).name == "valid_other"
    finally:
        use_lists(None)


@pytest.mark.parametrize(
    "rows",
    [
        # The part of the list that a row speaks of, what bounces in truth, and of how many that was seen.
        ((1.0, 0.01, 800),),
        ((0.7, 0.005, 800), (0.3, 0.025, 600)),
        ((0.5, 0.01, 500), (0.3, 0.06, 300), (0.15, 0.3, 100), (0.05, 0.97, 400)),
    ],
)
def test_the_interval_holds_what_bounces_in_truth_nineteen_times_out_of_twenty(rows):
    truth = sum(part * share for part, share, _ in rows)
    dice, held = random.Random(len(rows)), 0
    for _ in range(1_000):
        sizes = {
            Prior(str(place), Status.VALID, sum(dice.random() < share for _ in range(sent)), sent, ""): part
            for place, (part, share, sent) in enumerate(rows)
        }
        found = bounces_of(sizes)
        held += found.low <= truth <= found.high
    assert held >= 930
