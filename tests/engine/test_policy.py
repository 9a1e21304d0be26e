from engine.policy import (
    DEFAULT_POLICY,
    AcceptAllAs,
    Policy,
    Weight,
    judges_alike,
    status_of_accept_all,
    status_of_weight,
)
from engine.verdict import Status


def test_the_usual_policy_is_designs_table():
    assert Policy() == DEFAULT_POLICY
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


def test_policies_judge_alike_that_differ_only_in_when_a_list_is_ready():
    other_limits = Policy(least_valid=80, most_unknown=50, small_domain=5, most_bounces=5.0)
    assert judges_alike(other_limits, DEFAULT_POLICY)
    assert not judges_alike(Policy(role=Weight.KEPT), DEFAULT_POLICY)
    assert not judges_alike(Policy(trusted_domains=("fig.example",)), DEFAULT_POLICY)
    assert not judges_alike(Policy(never_probed_domains=("fig.example",)), DEFAULT_POLICY)


def test_a_policy_has_a_word_on_the_domains_that_it_names_and_those_under_them():
    policy = Policy(disposable_domains=("fig.example",), never_probed_domains=("plum.example",))
    assert policy.names_domains
    assert [policy.names(each) for each in ("a.fig.example", "a.plum.example", "pear.example")] == [
        True, True, False,
    ]  # fmt: skip
    assert policy.never_probes("plum.example")
    assert not policy.never_probes("fig.example")
    assert not DEFAULT_POLICY.names_domains
