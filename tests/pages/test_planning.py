"""A send is planned in a dialog, on Results and from a card."""

import time
from datetime import timedelta

import pytest

from pages.parts.clock import day_of, today
from storage.plans import Plan, Scope, plan_send, plans_of


@pytest.fixture
def upload(runtime, save):
    return save("quince@orchard.sandbox")


def button(page, label):
    return next(each for each in page.button if each.label == label)


def labels(page):
    return [each.label for each in page.button]


def test_a_send_is_planned_two_days_ahead_unless_another_time_is_chosen(runtime, upload, show):
    page = show("RESULTS", list=str(upload))
    button(page, "Plan a send").click().run()
    page.date_input[0].set_value(today() + timedelta(days=10)).run()
    button(page, "Plan it").click().run()
    assert not page.exception
    plan = plans_of(runtime.database, [upload])[upload]
    assert (day_of(plan.send_at) - today()).days == 10
    assert (day_of(plan.ask_at) - today()).days == 8
    assert plan.scope is Scope.AGEING
    assert any("before your send" in each.value for each in page.caption)
    assert "Change the planned send" in labels(page)


def test_a_plan_is_changed_and_taken_back(runtime, upload, show):
    now = time.time()
    plan_send(runtime.database, Plan(upload, now + 9 * 86_400, now + 8 * 86_400, Scope.UNKNOWN))
    page = show("RESULTS", list=str(upload))
    button(page, "Change the planned send").click().run()
    assert page.radio[0].value is Scope.UNKNOWN
    button(page, "Change it").click().run()
    assert plans_of(runtime.database, [upload])[upload].scope is Scope.UNKNOWN
    button(page, "Change the planned send").click().run()
    button(page, "Take the plan back").click().run()
    assert plans_of(runtime.database, [upload]) == {}
    assert "Plan a send" in labels(page)


def test_a_send_tomorrow_is_asked_about_at_once_and_not_in_the_past(runtime, upload, show):
    page = show("RESULTS", list=str(upload))
    button(page, "Plan a send").click().run()
    page.date_input[0].set_value(today() + timedelta(days=1)).run()
    button(page, "Plan it").click().run()
    assert plans_of(runtime.database, [upload])[upload].ask_at == pytest.approx(time.time(), abs=60)


def test_a_card_says_when_its_list_is_asked_again(runtime, upload, show):
    now = time.time()
    plan_send(runtime.database, Plan(upload, now + 30 * 86_400, now + 28 * 86_400))
    page = show("LISTS")
    assert any("Asked again on" in each.value for each in page.caption)


def test_a_list_by_dns_alone_is_not_planned_for(runtime, save, show):
    upload = save("quince@orchard.sandbox", is_dns_only=True)
    assert "Plan a send" not in labels(show("RESULTS", list=str(upload)))
