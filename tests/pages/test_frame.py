"""The frame: the guard, the list picker, times and numbers in words."""

from datetime import UTC, datetime

import pytest

from engine.work_queue import Notice
from pages.parts.frame import count, day_and_time, holdings, plain, several, verbatim, when
from pages.parts.words import NOTICES

NO_SUCH_LIST = "There is no such list. Choose one of yours."
NOON = datetime(2031, 5, 14, 12, 0, tzinfo=UTC).timestamp()
HOUR = 3600
DAY = 24 * HOUR


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (-5, "just now"),
        (5, "in less than a minute"),
        (70, "in about 1 minute"),
        (250, "in about 4 minutes"),
        (-2 * HOUR, "today 10:00"),
        (2 * HOUR, "today 14:00"),
        (-DAY, "yesterday 12:00"),
        (DAY, "tomorrow 12:00"),
        (-10 * DAY, "4 May, 12:00"),
        (-200 * DAY, "26 October 2030, 12:00"),
    ],
)
def test_a_time_is_said_as_people_say_it(seconds, said):
    assert when(NOON + seconds, now=NOON, zone=UTC) == said


def test_a_time_on_the_clock_is_never_just_now():
    assert day_and_time(NOON - 5, now=NOON, zone=UTC) == "today 11:59"
    assert day_and_time(NOON + 5, now=NOON, zone=UTC) == "today 12:00"


def test_a_number_has_thousands_separators():
    assert count(1234567) == "1,234,567"


def test_a_record_is_shown_as_code_with_nothing_to_break_out_of_it():
    assert verbatim("v=spf1  `include:x`\n ~all") == "`v=spf1 'include:x' ~all`"
    assert verbatim(" ") == ""


def test_a_foreign_name_cannot_become_markup():
    assert plain("*[a](b)* :red[x]\n$y$ <b>") == (r"\*\[a\]\(b\)\* \:red\[x\] \$y\$ \<b\>")


@pytest.mark.parametrize("screen", ["LISTS", "NEW_LIST", "RESULTS", "DOMAINS", "EXPORT", "PREFLIGHT", "PACE"])
def test_no_screen_opens_before_the_house_does(show, screen):
    page = show(screen)
    assert [each.value for each in page.error] == [
        "Winnow is not open yet. Wait a moment, then load the page again."
    ]
    assert not page.title


@pytest.mark.parametrize("screen", ["RESULTS", "DOMAINS", "EXPORT"])
def test_without_a_list_a_screen_shows_the_way_to_a_new_one(runtime, show, screen):
    page = show(screen)
    assert not page.exception
    assert "New list" in [each.value for each in page.page_link]


def test_the_address_chooses_the_list(runtime, save, show):
    first, second = save("quince@orchard.sandbox", name="a.csv"), save("plum@orchard.sandbox", name="b.csv")
    assert show("EXPORT", list=str(first)).selectbox(key="list picker").value == first
    assert show("EXPORT", list=str(second)).selectbox(key="list picker").value == second


def test_without_a_choice_the_newest_list_is_shown_and_stands_in_the_address(runtime, save, show):
    save("quince@orchard.sandbox", name="a.csv")
    newest = save("plum@orchard.sandbox", name="b.csv")
    page = show("EXPORT")
    assert page.selectbox(key="list picker").value == newest
    assert page.query_params["list"] == str(newest)


def test_picking_another_list_changes_the_address(runtime, save, show):
    first = save("quince@orchard.sandbox", name="a.csv")
    save("plum@orchard.sandbox", name="b.csv")
    page = show("EXPORT")
    page.selectbox(key="list picker").set_value(first).run()
    assert page.query_params["list"] == str(first)
    assert page.selectbox(key="list picker").value == first


@pytest.mark.parametrize("screen", ["RESULTS", "DOMAINS", "EXPORT"])
@pytest.mark.parametrize("asked", ["999", "-1", "x"])
def test_an_address_of_no_list_shows_none_and_offers_those_there_are(runtime, save, show, screen, asked):
    only = save("quince@orchard.sandbox")
    page = show(screen, list=asked)
    assert not page.exception
    assert NO_SUCH_LIST in [each.value for each in page.warning]
    assert not page.header
    assert not page.subheader
    assert page.query_params["list"] == asked
    assert "All lists" in [each.value for each in page.page_link]
    picker = page.selectbox(key="list picker")
    assert picker.value is None
    picker.set_value(only).run()
    assert page.query_params["list"] == str(only)
    assert NO_SUCH_LIST not in [each.value for each in page.warning]
    assert page.selectbox(key="list picker").value == only


def _links(page) -> list[str]:
    return [each.label for each in page.get("page_link")]


STANDING, BY_DNS = "See how this machine stands", "Check a list by DNS only"


@pytest.mark.parametrize(
    ("notice", "offered"),
    [
        (Notice.PORT_CLOSED, {STANDING, BY_DNS}),
        (Notice.NO_IDENTITY, {STANDING}),
        (Notice.BLOCKED, {STANDING}),
        (Notice.STORE_FAILS, set()),
        (Notice.RUNNING, set()),
    ],
)
def test_what_keeps_the_engine_from_asking_leads_to_what_can_be_done(tell, show, notice, offered):
    tell(notice)
    page = show("LISTS")
    assert [each.value for each in page.warning] == [NOTICES[notice]] * (notice is not Notice.RUNNING)
    assert {STANDING, BY_DNS} & {*_links(page)} == offered


def test_preflight_does_not_lead_to_itself(tell, show):
    tell(Notice.PORT_CLOSED)
    page = show("PREFLIGHT")
    assert [each.value for each in page.warning] == [NOTICES[Notice.PORT_CLOSED]]
    assert STANDING not in _links(page)


def test_a_demo_says_so_on_the_page_itself(demo_runtime, show):
    page = show("LISTS")
    assert "made-up mail world" in page.main.caption[0].value
    assert not page.sidebar.caption


def test_without_a_demo_nothing_speaks_of_one(runtime, show):
    assert not any("made-up" in each.value for each in show("NEW_LIST").caption)


def test_the_picker_tells_two_checks_of_the_same_list_apart(runtime, save, show):
    save("quince@orchard.sandbox")
    save("quince@orchard.sandbox")
    second, first = show("EXPORT").selectbox(key="list picker").options
    assert second.startswith("customers.csv, second check, today ")
    assert first.startswith("customers.csv, today ")


@pytest.mark.parametrize(("number", "said"), [(1, "1 row"), (0, "0 rows"), (5021, "5,021 rows")])
def test_what_is_counted_is_named_with_its_number(number, said):
    assert several(number, "row") == said


def test_what_a_list_holds_is_said_with_all_its_parts():
    assert holdings(5021, 5009, 12) == "5,021 rows · 5,009 addresses · 12 rows without an address"
    assert holdings(1, 1, 0) == "1 row · 1 address"
