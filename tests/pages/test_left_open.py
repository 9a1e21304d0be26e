"""What a finished list leaves open, said in one sentence each."""

from engine.reason import Reason
from engine.verdict import Status
from pages.parts.left_open import say_not_again, say_refused, say_unknown

UNKNOWN = Status.UNKNOWN


def test_addresses_whose_hosts_refuse_us_are_counted_together():
    reasons = [(UNKNOWN, Reason.BLOCKED, 10), (UNKNOWN, Reason.BLANKET_REFUSAL, 4)]
    assert say_refused(reasons) == (
        "14 addresses could not be judged because their hosts refuse us, not the addresses. "
        "See Preflight, then ask again tomorrow."
    )
    assert say_refused([(UNKNOWN, Reason.BLOCKED, 1)]).startswith(
        "1 address could not be judged because its host refuses us, not the address."
    )
    assert say_refused([(UNKNOWN, Reason.TIMEOUT, 9), (Status.VALID, Reason.ACCEPTED, 9)]) == ""


def test_many_unknown_addresses_are_to_be_asked_anew():
    reasons = [(UNKNOWN, Reason.TIMEOUT, 100), (UNKNOWN, Reason.DNS_FAILED, 30)]
    assert say_unknown(reasons, 619) == (
        "130 addresses are unknown: nobody could tell. Keep them, and ask again tomorrow."
    )
    assert say_unknown([(UNKNOWN, Reason.TIMEOUT, 1)], 2).endswith("Keep it, and ask again tomorrow.")


def test_of_a_list_by_dns_alone_nobody_is_told_to_ask_a_host_again():
    said = say_unknown([(UNKNOWN, Reason.DNS_FAILED, 9)], 9, is_dns_only=True)
    assert said.endswith("Keep them, and check the list again tomorrow.")


def test_those_that_were_refused_are_not_counted_twice():
    reasons = [(UNKNOWN, Reason.BLOCKED, 9), (UNKNOWN, Reason.UNREACHABLE, 20)]
    assert say_unknown(reasons, 100).startswith("20 more addresses are unknown")


def test_few_unknown_addresses_and_those_not_to_be_asked_need_no_sentence():
    assert say_unknown([(UNKNOWN, Reason.TIMEOUT, 4)], 100) == ""
    assert say_unknown([(UNKNOWN, Reason.DNS_ONLY, 90), (UNKNOWN, Reason.NEVER_PROBED, 10)], 100) == ""
    assert say_unknown([(UNKNOWN, Reason.BLOCKED, 50)], 100) == "", "another sentence tells of them"
    assert say_unknown([], 0) == ""


def test_who_of_the_unknown_ones_is_not_asked_again_is_said_with_the_reason():
    reasons = [(UNKNOWN, Reason.TIMEOUT, 77), (UNKNOWN, Reason.NEVER_PROBED, 17)]
    assert say_not_again(reasons, 0) == (
        "17 of the 94 unknown addresses are not asked again: your never-asked list or the policy "
        "holds them back."
    )
    assert say_not_again(reasons, 16).startswith("1 of the 94 unknown addresses is not asked again")
    assert say_not_again(reasons, 17) == say_not_again(reasons[:1], 0) == ""


def test_where_all_unknown_ones_are_held_back_none_is_told_from_others():
    assert say_not_again([(UNKNOWN, Reason.NEVER_PROBED, 2)], 0).startswith("The 2 unknown addresses are not")
    assert say_not_again([(UNKNOWN, Reason.NEVER_PROBED, 1)], 0).startswith("The unknown address is not")
