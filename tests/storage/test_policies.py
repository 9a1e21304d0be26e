"""Clients' policies by name, and the copy that a list keeps of the one it was given."""

import pytest

from engine.intake.cell import addresses_in
from engine.policy import AcceptAllAs, Policy, Weight
from storage.codec import dump_policy, load_policy
from storage.policies import (
    JudgedList,
    NamedPolicy,
    NoSuchPolicy,
    UnusableName,
    all_policies,
    find_policy,
    lists_judged_by,
    policy_name_of,
    policy_of_list,
    remove_policy,
    rename_policy,
    save_policy,
)
from storage.rejudge import apply_policy
from storage.runs import delete_upload
from storage.singles import ask_single

STRICT = Policy(AcceptAllAs.INVALID, role=Weight.KEPT, least_confidence=80)


def given_to(desk, upload: int) -> NamedPolicy:
    ((name, policy),) = desk.rows("SELECT policy_name, policy FROM upload WHERE id = :upload", upload=upload)
    return NamedPolicy(name, load_policy(policy))


def test_a_policy_is_kept_under_its_clients_name_and_replaced_by_a_later_one(database):
    save_policy(database, NamedPolicy("Orchard", Policy()))
    save_policy(database, NamedPolicy("Orchard", STRICT))
    save_policy(database, NamedPolicy("Mill", Policy()))

    assert find_policy(database, "Orchard") == NamedPolicy("Orchard", STRICT)
    assert [named.name for named in all_policies(database)] == ["Mill", "Orchard"]


def test_a_policy_that_is_not_there_is_named(database):
    for miss in (find_policy, remove_policy):
        with pytest.raises(NoSuchPolicy, match="there is no policy called 'Orchard'"):
            miss(database, "Orchard")


def test_a_list_has_the_usual_policy_until_it_is_given_another(desk):
    upload = desk.save("pear@orchard.com")
    assert given_to(desk, upload) == NamedPolicy("", Policy())

    apply_policy(desk.database, upload, NamedPolicy("Orchard", STRICT))
    assert given_to(desk, upload) == NamedPolicy("Orchard", STRICT)


def test_a_list_keeps_the_policy_it_was_given_whatever_becomes_of_the_clients(desk):
    upload = desk.save("pear@orchard.com")
    save_policy(desk.database, NamedPolicy("Orchard", STRICT))
    apply_policy(desk.database, upload, find_policy(desk.database, "Orchard"))

    save_policy(desk.database, NamedPolicy("Orchard", Policy()))
    remove_policy(desk.database, "Orchard")
    assert given_to(desk, upload) == NamedPolicy("Orchard", STRICT)


@pytest.mark.parametrize("policy", [Policy(), STRICT, Policy(free=Weight.RISKY), Policy(full=Weight.INVALID)])
def test_equal_policies_are_equal_texts(policy):
    assert load_policy(dump_policy(policy)) == policy
    assert (dump_policy(policy) == dump_policy(Policy())) is (policy == Policy())


def test_the_usual_policy_is_the_text_that_new_lists_have(desk):
    desk.save("pear@orchard.com")
    assert desk.value("SELECT policy FROM upload") == dump_policy(Policy())


def test_a_list_names_the_policy_that_it_is_judged_by(desk):
    upload = desk.save("pear@orchard.com")
    assert policy_of_list(desk.database, upload) == NamedPolicy()
    apply_policy(desk.database, upload, NamedPolicy("orchard", Policy(role=Weight.INVALID)))
    assert policy_of_list(desk.database, upload) == NamedPolicy("orchard", Policy(role=Weight.INVALID))


def test_a_policy_is_renamed_on_its_lists_too(desk):
    upload = desk.save("pear@orchard.com")
    save_policy(desk.database, NamedPolicy("Orchard", STRICT))
    apply_policy(desk.database, upload, NamedPolicy("Orchard", STRICT))

    assert rename_policy(desk.database, "Orchard", "  Old   orchard ") == "Old orchard"
    assert policy_of_list(desk.database, upload) == NamedPolicy("Old orchard", STRICT)
    assert [each.name for each in all_policies(desk.database)] == ["Old orchard"]
    assert rename_policy(desk.database, "Old orchard", "OLD Orchard") == "OLD Orchard"
    with pytest.raises(NoSuchPolicy):
        rename_policy(desk.database, "Mill", "Windmill")


def test_lists_keep_the_name_of_a_policy_that_somebody_deleted_before_it_was_renamed(desk):
    upload = desk.save("pear@orchard.com")
    apply_policy(desk.database, upload, NamedPolicy("Orchard", STRICT))
    with pytest.raises(NoSuchPolicy):
        rename_policy(desk.database, "Orchard", "Mill")
    assert policy_of_list(desk.database, upload).name == "Orchard"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (" ", "Name the client"),
        ("Usual", "The usual policy is everybody's"),
        ("mill", "There is a policy called mill already"),
        ("m" * 81, "A name has at most 80 characters; this one has 81"),
    ],
)
def test_a_name_that_a_policy_cannot_have_is_refused_with_why(database, name, said):
    save_policy(database, NamedPolicy("Mill", Policy()))
    save_policy(database, NamedPolicy("Orchard", Policy()))
    with pytest.raises(UnusableName, match=said):
        policy_name_of(database, name)
    with pytest.raises(UnusableName, match=said):
        rename_policy(database, "Orchard", name)


def test_lists_judged_by_an_older_copy_of_a_policy_are_told_apart(desk):
    older, newer, gone = (desk.save(f"pear@{name}.com") for name in ("orchard", "mill", "brook"))
    for upload in (older, gone):
        apply_policy(desk.database, upload, NamedPolicy("Orchard", Policy()))
    apply_policy(desk.database, newer, NamedPolicy("Orchard", STRICT))
    delete_upload(desk.database, gone, desk.settings)

    lists = lists_judged_by(desk.database, NamedPolicy("Orchard", STRICT))
    assert lists == [JudgedList(newer, is_current=True), JudgedList(older, is_current=False)]


def test_a_single_check_is_no_list_judged_by_a_policy(desk):
    named = NamedPolicy("Orchard", STRICT)
    ask_single(desk.database, addresses_in("pear@orchard.com")[0], desk.settings, named)
    assert lists_judged_by(desk.database, named) == []
