import pytest

from engine.expected import Stratum
from engine.policy import Policy
from engine.readiness import SAFE_ONLY, WHOLE_LIST, Counts, Doubt, readiness_of
from engine.reason import Reason
from engine.value import replace
from engine.verdict import Status

NONE = dict.fromkeys(Status, 0)
VALID = Stratum(Status.VALID, Reason.ACCEPTED, "google", 950)
INVALID = Stratum(Status.INVALID, Reason.MAILBOX_MISSING, "", 50)


def counts(waiting=0, small=(0, 0), strata=(), **statuses):
    told = NONE | {Status(name): number for name, number in statuses.items()}
    by_size = {9: NONE | {Status.VALID: small[0], Status.UNKNOWN: small[1]}, 10: {Status.UNKNOWN: 1_000}}
    return Counts(told, by_size, tuple(strata), waiting, rows=told)


def doubts(found):
    return [each.doubt for each in found.concerns]


def test_a_list_of_valid_addresses_is_ready():
    found = readiness_of(counts(valid=950, strata=[VALID]), WHOLE_LIST, Policy())
    assert found.is_ready
    assert found.addresses == 950
    assert found.expected is not None


@pytest.mark.parametrize(("valid", "is_ready"), [(95, True), (94, False)])
def test_too_few_valid_ones_are_a_doubt_from_just_below_the_limit(valid, is_ready):
    found = readiness_of(counts(valid=valid, accept_all=100 - valid), WHOLE_LIST, Policy())
    assert found.is_ready is is_ready
    if not is_ready:
        (concern,) = found.concerns
        assert (concern.doubt, concern.found, concern.limit) == (Doubt.FEW_VALID, 94.0, 95)


@pytest.mark.parametrize(("unknown", "is_ready"), [(20, True), (21, False)])
def test_unknown_ones_at_small_domains_are_a_doubt_from_just_over_the_limit(unknown, is_ready):
    known = counts(valid=10_000, unknown=unknown, small=(100 - unknown, unknown))
    assert readiness_of(known, WHOLE_LIST, Policy()).is_ready is is_ready


def test_expected_bounces_over_the_limit_are_a_doubt():
    known = counts(valid=950, invalid=50, strata=[VALID, INVALID])
    found = readiness_of(known, WHOLE_LIST, Policy())
    assert doubts(found) == [Doubt.BOUNCES]
    assert found.concerns[0].found > found.concerns[0].limit == 2.0
    assert readiness_of(known, WHOLE_LIST, Policy(most_bounces=50.0)).is_ready


def test_a_choice_is_held_to_what_it_keeps_alone():
    known = counts(valid=950, invalid=50, unknown=9, small=(1, 9), strata=[VALID, INVALID])
    assert not readiness_of(known, WHOLE_LIST, Policy()).is_ready
    safe = readiness_of(known, SAFE_ONLY, Policy())
    assert safe.is_ready
    assert (safe.keeps, safe.addresses) == (SAFE_ONLY, 950)


def test_each_limit_is_the_policys():
    known = counts(valid=50, unknown=50, small=(50, 50))
    assert doubts(readiness_of(known, WHOLE_LIST, Policy())) == [Doubt.FEW_VALID, Doubt.SMALL_UNKNOWN]
    assert readiness_of(known, WHOLE_LIST, Policy(least_valid=50, most_unknown=50)).is_ready


def test_what_waits_for_an_answer_is_a_doubt_and_nobody_at_all_another():
    assert doubts(readiness_of(counts(valid=100, waiting=3), SAFE_ONLY, Policy())) == [Doubt.UNANSWERED]
    assert doubts(readiness_of(counts(waiting=3), SAFE_ONLY, Policy())) == [Doubt.UNANSWERED]
    assert doubts(readiness_of(counts(invalid=3), SAFE_ONLY, Policy())) == [Doubt.NOBODY]


def test_which_domains_are_small_is_the_policys_word():
    known = counts(valid=10_000, unknown=21, small=(79, 21))
    (concern,) = readiness_of(known, WHOLE_LIST, Policy()).concerns
    assert (concern.doubt, concern.found, concern.small) == (Doubt.SMALL_UNKNOWN, 21.0, 10)
    assert readiness_of(known, WHOLE_LIST, Policy(small_domain=9)).is_ready
    (concern,) = readiness_of(known, WHOLE_LIST, Policy(small_domain=11)).concerns
    assert concern.found == pytest.approx(100 * 1_021 / 1_100)


def test_those_who_are_never_asked_are_counted_apart_by_what_a_choice_keeps():
    known = replace(counts(valid=100), unasked={Status.VALID: 2, Status.UNKNOWN: 3})
    assert readiness_of(known, WHOLE_LIST, Policy()).unasked == 5
    assert readiness_of(known, SAFE_ONLY, Policy()).unasked == 2


def test_the_rows_of_its_file_are_those_of_what_a_choice_keeps():
    known = replace(counts(valid=100), rows={Status.VALID: 90, Status.INVALID: 7})
    assert readiness_of(known, WHOLE_LIST, Policy()).rows == 97
    assert readiness_of(known, SAFE_ONLY, Policy()).rows == 90


def test_a_mailing_without_a_row_is_to_nobody_whoever_stands_behind_others():
    behind = replace(counts(valid=1, invalid=1, strata=[VALID]), rows={Status.VALID: 0, Status.INVALID: 1})
    safe = readiness_of(behind, SAFE_ONLY, Policy())
    assert (doubts(safe), safe.addresses, safe.rows) == ([Doubt.NOBODY], 1, 0)
    assert Doubt.NOBODY not in doubts(readiness_of(behind, WHOLE_LIST, Policy()))


def test_the_share_of_valid_ones_is_that_of_the_rows_that_are_sent_to():
    repeated = replace(counts(valid=900, accept_all=10), rows={Status.VALID: 90, Status.ACCEPT_ALL: 10})
    (concern,) = readiness_of(repeated, WHOLE_LIST, Policy()).concerns
    assert (concern.doubt, concern.found) == (Doubt.FEW_VALID, 90.0)
