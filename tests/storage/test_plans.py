"""Sends that are planned: kept, changed, taken back."""

import pytest

from storage.plans import Plan, Scope, give_up_plan, plan_send, plans_of
from storage.purge import purge_next
from storage.runs import check_by_dns_only, delete_upload

DAY_S = 86_400.0


@pytest.fixture
def upload(desk):
    return desk.save("pear@orchard.com")


def test_a_plan_is_given_back_as_it_was_made(desk, upload):
    plan = Plan(upload, 2000.0, 1000.0, Scope.UNKNOWN)
    plan_send(desk.database, plan)
    assert plans_of(desk.database, [upload, 99]) == {upload: plan}


def test_a_list_has_one_plan_and_a_new_one_begins_anew(desk, upload):
    plan_send(desk.database, Plan(upload, 2000.0, 1000.0))
    with desk.database.writing() as connection:
        connection.exec_driver_sql("UPDATE planned_send SET begun_at = 1, asked_at = 2, next_row = 9")
    plan_send(desk.database, Plan(upload, 3000.0, 1500.0))
    assert plans_of(desk.database, [upload]) == {upload: Plan(upload, 3000.0, 1500.0)}
    assert desk.value("SELECT next_row FROM planned_send") == 0


def test_a_plan_is_taken_back(desk, upload):
    plan_send(desk.database, Plan(upload, 2000.0, 1000.0))
    give_up_plan(desk.database, upload)
    assert plans_of(desk.database, [upload]) == {}


def test_nothing_is_planned_for_a_list_that_is_not_there(desk):
    plan_send(desk.database, Plan(99, 2000.0, 1000.0))
    assert plans_of(desk.database, [99]) == {}


def test_a_list_that_goes_on_by_dns_alone_gives_its_plan_up_and_gets_no_other(desk, upload):
    plan_send(desk.database, Plan(upload, 2000.0, 1000.0))
    desk.start(upload)
    check_by_dns_only(desk.database, upload, desk.settings)
    assert plans_of(desk.database, [upload]) == {}
    plan_send(desk.database, Plan(upload, 2000.0, 1000.0))
    assert plans_of(desk.database, [upload]) == {}


def test_a_list_that_has_ended_keeps_its_plan_though_it_was_to_go_on_by_dns_alone(desk, upload):
    desk.start(upload)
    assert desk.acquire()
    desk.finish()
    plan_send(desk.database, Plan(upload, 2000.0, 1000.0))
    check_by_dns_only(desk.database, upload, desk.settings)
    assert list(plans_of(desk.database, [upload])) == [upload]


def test_a_send_is_over_when_its_day_is():
    plan = Plan(1, 10 * DAY_S, 8 * DAY_S)
    assert not plan.is_over(10 * DAY_S + 40_000)
    assert plan.is_over(10 * DAY_S + 43_200)


def test_a_plan_goes_with_its_list(desk, upload):
    plan_send(desk.database, Plan(upload, 2000.0, 1000.0))
    delete_upload(desk.database, upload, desk.settings)
    more = True
    while more:
        with desk.database.writing() as connection:
            more = purge_next(connection, desk.clock() + 30 * DAY_S)
    assert desk.value("SELECT count(*) FROM planned_send") == 0
