import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.policy import AcceptAllAs, Policy
from engine.policy_words import UnusablePolicy, parse_policy, words_of
from tests.engine.drawn import policies

any_policy = policies(
    disposable_domains=st.sampled_from([(), ("apple.example",), ("apple.example", "pear.example")]),
    trusted_domains=st.sampled_from([(), ("fig.example",)]),
    never_probed_domains=st.sampled_from([(), ("fig.example", "plum.example")]),
    least_valid=st.integers(0, 100),
    most_unknown=st.integers(0, 100),
    small_domain=st.integers(1, 100),
    most_bounces=st.sampled_from([0.0, 0.5, 2.0, 100.0]),
)


@given(any_policy)
def test_a_policy_is_read_back_from_its_own_words(policy):
    assert parse_policy(words_of(policy)) == policy


@given(any_policy, any_policy)
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
        ("roles=kept", "a policy speaks of accept-all, role, free, disposable, full, least-confidence"),
        ("", "a policy speaks of"),
        ("role=bad", "role may be kept, risky or invalid"),
        ("role", "role may be kept, risky or invalid"),
        ("accept-all=kept", "accept-all may be own, risky or invalid"),
        ("least-confidence=101", "least-confidence is a number from 0 to 100"),
        ("least-confidence=-1", "a number from 0 to 100"),
        ("least-confidence=many", "a number from 0 to 100"),
        ("least-confidence=８０", "a number from 0 to 100"),
        ("most-bounces=two", "most-bounces is a number from 0 to 100, such as 2.5"),
        ("most-bounces=1.2.3", "most-bounces is a number from 0 to 100"),
        ("small-domain=0", "small-domain is a number from 1 to 100"),
        ("small-domain=101", "small-domain is a number from 1 to 100"),
        ("least-valid=1.5", "least-valid is a number from 0 to 100"),
        (
            "trusted-domains=fig",
            "trusted-domains names domains between commas: line 1: “fig” is not a domain",
        ),
    ],
)
def test_what_cannot_be_understood_is_said_with_what_there_is_instead(word, said):
    with pytest.raises(UnusablePolicy, match=said) as refused:
        parse_policy([word])
    assert repr(word) in str(refused.value)


def test_a_domain_cannot_be_disposable_and_trusted():
    with pytest.raises(UnusablePolicy, match=r"both lists name fig\.example"):
        parse_policy(["trusted-domains=fig.example", "disposable-domains=fig.example"])
