import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.policy import (
    DEFAULT_POLICY,
    AcceptAllAs,
    Policy,
    UnusablePolicy,
    Weight,
    parse_policy,
    status_of_accept_all,
    status_of_weight,
    words_of,
)
from engine.verdict import Status

policies = st.builds(
    Policy,
    accept_all=st.sampled_from(AcceptAllAs),
    role=st.sampled_from(Weight),
    free=st.sampled_from(Weight),
    disposable=st.sampled_from(Weight),
    full=st.sampled_from(Weight),
    least_confidence=st.integers(0, 100),
)


def test_the_usual_policy_is_designs_table():
    assert Policy() == DEFAULT_POLICY
    assert words_of(DEFAULT_POLICY) == ()
    assert status_of_accept_all(DEFAULT_POLICY) is Status.ACCEPT_ALL
    weights = (DEFAULT_POLICY.role, DEFAULT_POLICY.disposable, DEFAULT_POLICY.full, DEFAULT_POLICY.free)
    assert weights == (Weight.RISKY, Weight.RISKY, Weight.RISKY, Weight.KEPT)


def test_each_weight_and_each_way_of_accept_all_has_its_status():
    assert [status_of_weight(weight) for weight in Weight] == [None, Status.RISKY, Status.INVALID]
    assert [status_of_accept_all(Policy(accept_all=each)) for each in AcceptAllAs] == [
        Status.ACCEPT_ALL,
        Status.RISKY,
        Status.INVALID,
    ]


@given(policies)
def test_a_policy_is_read_back_from_its_own_words(policy):
    assert parse_policy(words_of(policy)) == policy


@given(policies, policies)
def test_words_change_only_what_they_name(policy, other):
    changed = parse_policy([f"role={other.role}"], policy)

    assert changed.role is other.role
    assert parse_policy([f"role={policy.role}"], changed) == policy


def test_case_blanks_and_either_dash_do_not_matter():
    expected = Policy(accept_all=AcceptAllAs.INVALID, least_confidence=80)

    assert parse_policy(["Accept_All = Invalid", "least-confidence=80"]) == expected


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("roles=kept", "a policy speaks of accept-all, role, free, disposable, full or least-confidence"),
        ("", "a policy speaks of"),
        ("role=bad", "role may be kept, risky or invalid"),
        ("role", "role may be kept, risky or invalid"),
        ("accept-all=kept", "accept-all may be own, risky or invalid"),
        ("least-confidence=101", "least-confidence is a number from 0 to 100"),
        ("least-confidence=-1", "a number from 0 to 100"),
        ("least-confidence=many", "a number from 0 to 100"),
        ("least-confidence=８０", "a number from 0 to 100"),
    ],
)
def test_what_cannot_be_understood_is_said_with_what_there_is_instead(word, said):
    with pytest.raises(UnusablePolicy, match=said) as refused:
        parse_policy([word])
    assert repr(word) in str(refused.value)
