import asyncio

import pytest

from engine.ahead import Kind
from engine.intake.read import read_sheet
from engine.intake.survey import survey
from engine.intake.together import together
from engine.pace_report import LaneReport, PaceReport
from engine.snapshot import Snapshot
from engine.verdict import AcceptAll
from engine.work_queue import Notice
from storage.forecasts import forecast_choice
from storage.uploads import Choice

ORCHARD = [f"plum{number}@orchard.sandbox" for number in range(200)]
EMAIL = Choice(("email",))


@pytest.fixture
def forecast(desk):
    """Estimate a list that is not handed in yet, under a name that may be shown."""
    settings = desk.settings.model_copy(update={"validator_helo": "winnow.sandbox"})

    def give(*cells, choice=EMAIL, **changed):
        sheet = read_sheet("\n".join(["email", *cells]).encode(), "fruits.csv", has_header=True)
        found = survey(sheet, choice.columns)
        return forecast_choice(
            desk.database, [found], found.by_domain, choice, settings.model_copy(update=changed)
        )

    return give


def test_a_list_is_estimated_before_it_is_handed_in(forecast):
    said = forecast(*ORCHARD)
    longest = said.causes[0]
    assert (longest.kind, longest.name, longest.addresses) == (Kind.DOMAIN, "orchard.sandbox", 200)
    assert said.high_s / said.low_s <= 2


def test_an_address_that_stands_in_several_lists_counts_once(desk):
    settings = desk.settings.model_copy(update={"validator_helo": "winnow.sandbox"})
    sheets = [
        read_sheet("\n".join(["email", *cells]).encode(), "fruits.csv", has_header=True)
        for cells in (ORCHARD, ORCHARD[100:], ["fig@orchard.sandbox"])
    ]
    surveys = [survey(each, ["email"], is_marked=True) for each in sheets]
    by_domain = together(each.marks for each in surveys).by_domain
    assert forecast_choice(desk.database, surveys, by_domain, EMAIL, settings).causes[0].addresses == 201


def test_what_an_earlier_list_found_out_is_used(desk, forecast):
    desk.save(*ORCHARD)
    desk.start(desk.save("fig@orchard.sandbox"))
    desk.acquire()
    desk.resolve(accept_all=AcceptAll.YES)
    assert forecast(*ORCHARD) is None, "its hosts take any address, so nobody is asked there"


def test_a_domain_whose_look_up_failed_lately_is_asked_as_one_that_nobody_knows(desk, forecast):
    desk.start(desk.save("fig@orchard.sandbox"))
    desk.acquire()
    desk.resolve(accept_all=AcceptAll.YES)
    with desk.database.writing() as connection:
        connection.exec_driver_sql("UPDATE domain SET route_kind = 'dns_failed'")
    assert forecast(*ORCHARD).causes[0].addresses == 200


def test_answers_that_hold_shorten_it_unless_all_is_asked_anew(desk, forecast):
    desk.begin(*ORCHARD)
    desk.finish()
    assert forecast(*ORCHARD) is None
    anew = forecast(*ORCHARD, choice=Choice(("email",), reuse_days=0.0))
    assert anew.causes[0].addresses == 200


def test_where_no_host_is_asked_there_is_no_estimate(forecast):
    assert forecast("no address") is None


def test_a_list_by_dns_alone_is_estimated_by_the_domains_that_are_to_be_looked_up(desk, forecast):
    by_dns = Choice(("email",), is_dns_only=True)
    domains = [f"plum@orchard{number}.sandbox" for number in range(50)]
    (before,) = forecast(*domains, choice=by_dns, validator_helo="").causes
    assert (before.kind, before.domains, before.addresses) == (Kind.LOOK_UPS, 50, 50)
    desk.begin(*domains[:40])
    (after,) = forecast(*domains, choice=by_dns).causes
    assert (after.domains, after.addresses) == (10, 50)


def test_domains_of_earlier_lists_behind_the_same_hosts_share_sessions_unless_one_was_cut_short(
    desk, forecast
):
    known = [f"plum@orchard{number}.sandbox" for number in range(60)]
    desk.start(desk.save(*known))
    assert desk.acquire()
    desk.resolve(route_key="a1b2")
    anew = Choice(("email",), reuse_days=0.0)
    assert number_of(forecast(*known, choice=anew)).sessions == 10
    with desk.database.writing() as connection:
        connection.exec_driver_sql("UPDATE domain SET portion = 3")
    assert number_of(forecast(*known, choice=anew)).sessions == 60


def test_what_hosts_teach_the_engine_at_work_is_used_before_the_start(desk, forecast):
    desk.begin("fig@orchard.sandbox")
    taught = LaneReport("key-orchard.sandbox", 2, rcpts_limit=20, warned_at=desk.clock())
    asyncio.run(
        desk.queue.renew(
            Notice.RUNNING, Snapshot(PaceReport(lanes=(taught,)), {taught.lane: "mx.orchard.sandbox"})
        )
    )
    lane = next(each for each in forecast(*ORCHARD).causes if each.kind is Kind.PROVIDER and each.takes_s)
    assert (lane.name, lane.addresses, lane.rcpts_per_minute) == ("mx.orchard.sandbox", 200, 20)


def number_of(said):
    return next(each for each in said.causes if each.kind is Kind.NUMBER)
