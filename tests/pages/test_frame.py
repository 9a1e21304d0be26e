"""The frame: the guard, what the engine says, foreign texts."""

import pytest

from engine.work_queue import Notice
from pages.parts.frame import plain, prose, verbatim
from pages.parts.words import NOTICES, OUR_SIDE


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
    whose = OUR_SIDE if STANDING in offered else ""
    said = [f"{whose}{NOTICES[notice]}"] * (notice is not Notice.RUNNING)
    assert [each.value for each in page.warning] == said
    assert {STANDING, BY_DNS} & {*_links(page)} == offered


def test_preflight_does_not_lead_to_itself(tell, show):
    tell(Notice.PORT_CLOSED)
    page = show("PREFLIGHT")
    assert [each.value for each in page.warning] == [OUR_SIDE + NOTICES[Notice.PORT_CLOSED]]
    assert STANDING not in _links(page)


def test_a_demo_says_so_on_the_page_itself(demo_runtime, show):
    page = show("LISTS")
    assert "made-up mail world" in page.main.caption[0].value
    assert not page.sidebar.caption


def test_without_a_demo_nothing_speaks_of_one(runtime, show):
    assert not any("made-up" in each.value for each in show("NEW_LIST").caption)


def test_an_address_in_a_sentence_is_code_so_that_nobody_mails_it_by_a_click():
    assert prose("*fig@gmail.com* was meant; so ask a_b@mill.com, or (fig@x.org).") == (
        r"`*fig@gmail.com`\* was meant; so ask `a_b@mill.com`, or `(fig@x.org`\)\."
    )
