"""The page Check one, and its parts: the form, the check that is open, and the last ones."""

import time

import pytest

from engine.intake.cell import addresses_in
from engine.never_probed import parse_listed
from engine.policy import Policy
from engine.reason import Reason
from engine.value import replace
from engine.work_queue import Notice
from pages.parts.one import facts_line, put_off_sentence
from pages.parts.one_recent import say_recent
from storage.codec import dump_facts
from storage.never_probed import Origin, write_lines
from storage.policies import NamedPolicy, save_policy
from storage.singles import Phase, ask_single, read_single, recent_singles
from tests.pages.answers import FACTS, let_alone, settle_all


@pytest.fixture
def ask(runtime):
    """Ask about an address, as the form does."""
    return lambda text, **more: ask_single(runtime.database, addresses_in(text)[0], runtime.settings, **more)


def type_and_check(page, text):
    page.text_input[0].set_value(text)
    return page.button[0].click().run()


def opened(page) -> str:
    """Give the check that the page's address names, which comes as a text or as a list of one."""
    return "".join(page.query_params["check"])


def said(page) -> str:
    return " ".join(each.value for kind in (page.markdown, page.info, page.subheader) for each in kind)


def test_a_first_visit_offers_a_form_and_starts_nothing(runtime, show):
    page = show("CHECK_ONE")
    assert page.title[0].value == "Check one"
    assert [each.label for each in page.text_input] == ["E-mail address"]
    assert not page.subheader
    assert not page.selectbox


def test_an_address_in_the_link_is_filled_in_but_not_asked_about(runtime, show):
    page = show("CHECK_ONE", address="fig@orchard.com")
    assert page.text_input[0].value == "fig@orchard.com"
    assert recent_singles(runtime.database) == []


def test_a_typed_address_is_followed_and_stands_among_the_last_ones(runtime, show):
    page = type_and_check(show("CHECK_ONE"), " fig@orchard.com ")
    (recent,) = recent_singles(runtime.database)
    assert opened(page) == str(recent.upload)
    assert "Checking `fig@orchard.com`" in said(page)
    assert any("Find its mail host" in each.value for each in page.html)
    assert [each.label for each in page.button if each.key == f"open-{recent.upload}"] == [
        r"fig@orchard\.com"
    ]


def test_nothing_typed_asks_for_an_address(runtime, show):
    assert "Type an address first." in said(type_and_check(show("CHECK_ONE"), "  "))
    assert recent_singles(runtime.database) == []


def test_several_addresses_are_sent_on_to_a_list(runtime, show):
    page = type_and_check(show("CHECK_ONE"), "fig@orchard.com, pear@plum.com")
    assert "These are 2 addresses" in said(page)
    assert "New list" in [each.label for each in page.get("page_link")]
    assert recent_singles(runtime.database) == []


@pytest.mark.parametrize("typed", ["asdf <> ;;; 123", "fig; orchard"])
def test_words_without_any_address_are_no_addresses(runtime, show, typed):
    page = type_and_check(show("CHECK_ONE"), typed)
    assert "malformed address" in said(page)
    assert "there is no @" in said(page)


def test_an_address_beside_a_word_is_the_one_that_is_meant(runtime, show):
    assert "Checking `fig@orchard.com`" in said(type_and_check(show("CHECK_ONE"), "Fig; fig@orchard.com"))


def test_an_earlier_check_does_not_stand_below_as_if_it_were_the_answer_to_several(runtime, show):
    page = type_and_check(show("CHECK_ONE"), "fig@orchard.com")
    assert "Checking `fig@orchard.com`" in said(page)
    page = type_and_check(page, "pear@orchard.com, plum@orchard.com")
    assert "These are 2 addresses" in said(page)
    assert "Checking `fig@orchard.com`" not in said(page)


def test_what_is_no_address_is_told_why(runtime, show):
    page = type_and_check(show("CHECK_ONE"), "fig at orchard")
    assert "there is no @" in said(page)
    assert "malformed address" in said(page)


def test_who_is_never_probed_is_told_so_at_once(runtime, show):
    write_lines(runtime.database, [parse_listed("orchard.com")], Origin("a client's wish"))
    page = type_and_check(show("CHECK_ONE"), "fig@orchard.com")
    assert ":gray[:material/help:] Unknown" in said(page)


def test_a_clients_policy_can_be_chosen_to_judge_by(runtime, show):
    save_policy(runtime.database, NamedPolicy("Orchard Ltd", Policy(least_confidence=90)))
    page = show("CHECK_ONE")
    page.selectbox[0].select_index(1)
    type_and_check(page, "no address")
    (recent,) = recent_singles(runtime.database)
    check = read_single(runtime.database, recent.upload)
    assert check.policy_name == "Orchard Ltd"
    assert facts_line(check) == "Policy of Orchard Ltd"


def test_a_check_is_come_back_to_by_its_link_and_removed(runtime, show, ask):
    upload = ask("no address")
    page = show("CHECK_ONE", check=str(upload))
    assert "malformed address" in said(page)
    next(each for each in page.button if each.key == f"remove-{upload}").click().run()
    assert recent_singles(runtime.database) == []
    assert not page.subheader


def test_a_check_that_is_gone_is_said_to_be(runtime, show, save):
    assert "not kept any more" in said(show("CHECK_ONE", check="99"))
    listed = save("fig@orchard.com")
    assert "not kept any more" in said(show("CHECK_ONE", check=str(listed)))


def test_removing_another_check_leaves_the_open_one_open(runtime, show, ask):
    other, still = ask("other"), ask("no address")
    page = show("CHECK_ONE", check=str(still))
    next(each for each in page.button if each.key == f"remove-{other}").click().run()
    assert opened(page) == str(still)
    assert "malformed address" in said(page)


def test_where_nobody_can_be_asked_the_page_says_why_and_what_can_be_done(runtime, show, ask, tell):
    tell(Notice.NO_IDENTITY)
    page = show("CHECK_ONE", check=str(ask("fig@orchard.com")))
    assert "no public host name" in page.warning[0].value
    assert "Checking `fig@orchard.com`" in said(page)


def test_one_that_is_put_off_says_why_until_when_and_that_one_may_leave(runtime, ask):
    check = read_single(runtime.database, ask("fig@orchard.com"))
    now = time.time()
    waiting = replace(check, why=Reason.GREYLISTED, until=now + 240)
    assert "in about 4 minutes, by itself: you may leave this page" in put_off_sentence(waiting, now)
    assert "any moment" in put_off_sentence(replace(waiting, until=now - 1), now)


def test_one_at_hosts_that_are_let_alone_waits_for_the_end_of_that(runtime, ask):
    upload = ask("fig@orchard.sandbox")
    _know_route(runtime)
    let_alone(runtime.database, "google", Reason.BLOCKED)
    check = read_single(runtime.database, upload)
    assert (check.phase, check.why) == (Phase.PUT_OFF, Reason.BLOCKED)
    assert "in about 40 minutes" in put_off_sentence(check, time.time())


def _know_route(runtime):
    """Know where the mail of orchard.sandbox goes, as after its look-up."""
    with runtime.database.writing() as connection:
        connection.exec_driver_sql(
            "UPDATE domain SET provider = 'google', resolve_at = NULL, facts = ?", (dump_facts(FACTS),)
        )


def test_a_check_for_which_no_host_was_asked_says_until_when_they_are_let_alone(runtime, ask):
    upload = ask("fig@orchard.sandbox")
    settle_all(runtime.database)
    _know_route(runtime)
    let_alone(runtime.database, "google", Reason.UNREACHABLE)
    check = read_single(runtime.database, upload)
    assert "asked just now" in facts_line(check)
    evidence = replace(check.detail.evidence, rcpt=None, withheld=Reason.UNREACHABLE)
    line = replace(check.detail.line, attempts=0)
    unasked = replace(check, detail=replace(check.detail, evidence=evidence, line=line))
    assert "not asked just now: its mail hosts are let alone until" in facts_line(unasked)
    assert "let alone just then" in facts_line(replace(unasked, let_alone=None))
    by_domain = replace(unasked, detail=replace(unasked.detail, evidence=replace(evidence, withheld=None)))
    assert "found just now by a look at its domain; its mail host was not asked" in facts_line(by_domain)


def test_an_earlier_answer_is_told_by_when_it_was_asked_for_among_the_last_checks_too(runtime, ask, save):
    save("fig@orchard.sandbox", is_started=True)
    settle_all(runtime.database)
    with runtime.database.writing() as connection:
        connection.exec_driver_sql("UPDATE mailbox SET checked_at = checked_at - 7200")
    check = read_single(runtime.database, ask("fig@orchard.sandbox"))
    assert "an earlier answer that still holds, asked" in facts_line(check)
    (recent,) = recent_singles(runtime.database)
    assert "an earlier answer, of" in say_recent(recent)
    assert "just now" not in say_recent(recent)


def test_the_address_probably_meant_is_asked_about_by_a_click_and_by_the_same_policy(runtime, ask, show):
    upload = ask("fig@gmial.com", named=NamedPolicy("Orchard", Policy()))
    settle_all(runtime.database)
    page = show("CHECK_ONE", check=str(upload))
    next(each for each in page.button if "instead" in each.label).click().run()
    assert not page.exception
    meant = recent_singles(runtime.database)[0]
    assert (meant.line.text, opened(page)) == ("fig@gmail.com", str(meant.upload))
    assert read_single(runtime.database, meant.upload).policy_name == "Orchard"
    assert page.text_input[0].value == "fig@gmail.com"
