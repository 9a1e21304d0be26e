"""The note before the first check: it holds the start until it is agreed to, once, and can be read again."""

import pytest

from pages.parts.consent_note import AGAIN, AGREE, TITLE
from pages.parts.frame import NEW_LIST
from storage.agreements import agreed_at
from storage.summaries import standings

FRUITS = b"email\nplum@orchard.sandbox\nfig@orchard.sandbox\n"


@pytest.fixture
def settings(settings, request):
    """Settings under which a private network may be reached where a test wants that."""
    return settings.model_copy(update={"allow_private_networks": getattr(request, "param", False)})


def hand_in(page, content=FRUITS):
    return page.file_uploader[0].set_value(("fruits.csv", content, "text/csv")).run()


def button(page, label):
    return next(each for each in page.button if each.label.startswith(label))


def is_shown(page):
    return TITLE in [each.value for each in page.subheader]


def may_be_read_again(page):
    return AGAIN in [each.label for each in page.expander]


def test_nothing_is_started_before_the_note_is_agreed_to(new_runtime, show):
    page = hand_in(show("NEW_LIST"))
    assert is_shown(page)
    labels = [each.label for each in page.button]
    assert labels.index(AGREE) < labels.index("Check 2 addresses"), "it is read before"
    assert button(page, "Check 2").disabled
    assert agreed_at(new_runtime.database) is None
    button(page, AGREE).click().run()
    assert not page.exception
    assert not is_shown(page)
    assert not button(page, "Check 2").disabled
    button(page, "Check 2").click().run()
    assert standings(new_runtime.database)[0].started_at is not None


def test_it_is_agreed_to_once_and_can_be_read_again(new_runtime, show):
    page = hand_in(show("NEW_LIST"))
    assert not may_be_read_again(page)
    button(page, AGREE).click().run()
    at = agreed_at(new_runtime.database)
    later = hand_in(show("NEW_LIST"))
    assert not is_shown(later)
    assert may_be_read_again(later)
    assert agreed_at(new_runtime.database) == at


def test_by_dns_only_there_is_nothing_to_agree_to(new_runtime, show):
    page = hand_in(show("NEW_LIST", dns_only="1"))
    assert not is_shown(page)
    assert not button(page, "Check 2").disabled


@pytest.mark.parametrize("settings", [True], indirect=True)
def test_hosts_of_one_s_own_network_may_be_asked_too_and_the_note_is_shown_all_the_same(new_runtime, show):
    assert new_runtime.settings.allow_private_networks
    assert is_shown(hand_in(show("NEW_LIST")))


def test_in_a_demo_nothing_leaves_the_machine_and_nothing_is_agreed_to(demo_runtime, show):
    page = hand_in(show("NEW_LIST"))
    assert not is_shown(page)
    assert not may_be_read_again(page)
    button(page, "Check 2").click().run()
    assert page.title[0].value == "Results"
    page.switch_page(NEW_LIST).run()
    assert agreed_at(demo_runtime.database) is None
