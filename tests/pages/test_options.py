"""How a list is to be checked: as chosen on the page, and as it is said."""

import pytest

from engine.policy import Policy, Weight
from engine.settings import Settings
from pages.parts.options import REUSES, TITLE, Options, say_options, say_patience, say_reused
from storage.policies import NamedPolicy, policy_of_list, save_policy
from storage.summaries import standings

FRUITS = b"email\ninfo@orchard.sandbox\nplum@orchard.sandbox\n"


def hand_in(page, content=FRUITS):
    return page.file_uploader[0].set_value(("fruits.csv", content, "text/csv")).run()


def start(page):
    next(each for each in page.button if each.label.startswith("Check")).click().run()
    assert not page.exception


@pytest.mark.parametrize(("chosen", "days"), REUSES.items())
def test_which_earlier_answers_are_reused_is_kept_with_the_list(runtime, show, chosen, days):
    page = hand_in(show("NEW_LIST"))
    assert page.selectbox(key="reuse").value == "Any that still holds"
    page.selectbox(key="reuse").set_value(chosen).run()
    start(page)
    (standing,) = standings(runtime.database)
    assert standing.reuse_days == days


def test_by_dns_only_nobody_is_asked_which_answers_to_reuse(runtime, show):
    page = hand_in(show("NEW_LIST", dns_only="1"))
    assert not [each for each in page.selectbox if each.key == "reuse"]


def test_without_client_policies_none_can_be_chosen(runtime, show):
    page = hand_in(show("NEW_LIST"))
    assert not [each for each in page.selectbox if each.key == "client policy"]


def test_a_list_is_given_the_client_policy_that_was_chosen_for_it(runtime, show):
    strict = NamedPolicy("Orchard Ltd", Policy(role=Weight.INVALID))
    save_policy(runtime.database, strict)
    page = hand_in(show("NEW_LIST"))
    assert page.selectbox(key="client policy").value == ""
    assert page.selectbox(key="client policy").options == ["Usual policy", "Orchard Ltd"]
    page.selectbox(key="client policy").set_value("Orchard Ltd").run()
    start(page)
    (standing,) = standings(runtime.database)
    assert policy_of_list(runtime.database, standing.upload) == strict


def test_it_is_said_how_long_a_host_is_waited_for_that_wants_us_back_later():
    assert "up to 4 times within about 10 hours" in say_patience(Settings())
    assert "up to 1 time within a minute;" in say_patience(Settings(greylist_retry_seconds=(45.0,)))
    assert not say_patience(Settings(greylist_retry_seconds=()))


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (None, ""),
        (0.0, "every address asked anew"),
        (1.0, "answers of the last day reused"),
        (30.0, "answers of the last 30 days reused"),
    ],
)
def test_only_what_is_not_as_usual_is_said_of_a_list(days, said):
    assert say_reused(days) == said


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (
            Options(is_dns_only=False, reuse_days=None, policy=NamedPolicy()),
            "Full check · answers that still hold are reused",
        ),
        (
            Options(is_dns_only=False, reuse_days=7.0, policy=NamedPolicy()),
            "Full check · answers of the last 7 days reused",
        ),
        (
            Options(is_dns_only=False, reuse_days=0.0, policy=NamedPolicy(), has_policies=True),
            "Full check · every address asked anew · usual policy",
        ),
        (
            Options(is_dns_only=True, reuse_days=None, policy=NamedPolicy("Mill"), has_policies=True),
            "DNS only · no mail host is asked · policy of Mill",
        ),
    ],
)
def test_what_is_chosen_is_said_in_one_line_beside_the_start(asked, said):
    assert say_options(asked) == f"**{said}.** Change this in “{TITLE}” below."


def test_the_options_are_folded_unless_a_link_chose_one_of_them(runtime, show):
    def is_open(page):
        (box,) = [each for each in page.expander if each.label == TITLE]
        return box.proto.expanded

    assert not is_open(hand_in(show("NEW_LIST")))
    assert is_open(hand_in(show("NEW_LIST", dns_only="1")))
