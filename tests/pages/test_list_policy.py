"""The policy of a list, where its results are shown."""

import pytest

from engine.policy import Policy, Weight
from storage.policies import NamedPolicy, policy_of_list, remove_policy, save_policy
from storage.rejudge import apply_policy

STRICT, MILD = Policy(role=Weight.INVALID), Policy(role=Weight.KEPT)


@pytest.fixture
def upload(runtime, save):
    return save("quince@orchard.sandbox", is_started=True)


@pytest.fixture
def orchard(runtime, upload):
    """A client whose policy the list has."""
    named = NamedPolicy("Orchard", STRICT)
    save_policy(runtime.database, named)
    apply_policy(runtime.database, upload, named)
    return named


def picker(page):
    return next(each for each in page.selectbox if each.label == "Policy")


def test_another_policy_is_chosen_where_the_results_are(runtime, upload, show):
    save_policy(runtime.database, NamedPolicy("Orchard", STRICT))
    page = show("RESULTS", list=str(upload))
    assert picker(page).value == ""
    picker(page).set_value("Orchard").run()
    assert not page.exception
    assert policy_of_list(runtime.database, upload) == NamedPolicy("Orchard", STRICT)


def test_a_policy_that_has_changed_since_can_be_brought_up_to_date(runtime, upload, orchard, show):
    assert not [each for each in show("RESULTS", list=str(upload)).button if each.label == "Bring up to date"]
    save_policy(runtime.database, NamedPolicy("Orchard", MILD))
    page = show("RESULTS", list=str(upload))
    assert policy_of_list(runtime.database, upload).policy == STRICT
    next(each for each in page.button if each.label == "Bring up to date").click().run()
    assert policy_of_list(runtime.database, upload).policy == MILD


def test_a_list_keeps_its_copy_of_a_policy_that_was_deleted(runtime, upload, orchard, show):
    remove_policy(runtime.database, "Orchard")
    page = show("RESULTS", list=str(upload))
    assert picker(page).value == "Orchard"
    assert any("was deleted; this list keeps its copy" in each.value for each in page.caption)


def test_a_card_names_the_policy_of_a_list_that_has_a_client_s(runtime, upload, save, orchard, show):
    save("fig@mill.sandbox")
    told = [each.value for each in show("LISTS").caption if "1 row" in each.value]
    assert sorted("policy of Orchard" in each for each in told) == [False, True]
