from dataclasses import replace

import pytest

from engine.batch import DomainFacts
from engine.exchange import LookupFailed, MailHost, MailHosts, NoMail
from engine.reason import Reason
from engine.verdict import AcceptAll, Status
from pages.parts.frame import plain
from pages.parts.health import domain_facts, domain_headline, domains_table, record_words, route_words
from pages.parts.paging import PAGE_ROWS
from runtime import Runtime
from storage.domains import DomainBoard, DomainLine
from storage.settle import keep_routes

HOSTS = MailHosts((MailHost("mx.orchard.sandbox", 10, ("203.0.113.7",)),))
FACTS = [
    DomainFacts("orchard.sandbox", HOSTS, provider="google", accept_all=AcceptAll.YES, spf="v=spf1 -all"),
    DomainFacts("meadow.sandbox", NoMail(Reason.NULL_MX), provider="other"),
    DomainFacts("marsh.sandbox", LookupFailed(Reason.DNS_FAILED, "SERVFAIL"), provider="other"),
]
LINE = DomainLine(
    name="orchard.sandbox",
    entries=4,
    statuses=dict.fromkeys(Status, 0) | {Status.VALID: 1, Status.INVALID: 1},
    route_kind="mx",
    provider="google",
    mx_host="mx.orchard.sandbox",
    accept_all=None,
    spf="v=spf1 -all",
    dmarc="",
)


@pytest.fixture
def known(runtime: Runtime, save) -> int:
    """A list of four domains: one takes mail, one takes none, one failed, one has not been looked up."""
    upload = save(
        "plum@orchard.sandbox",
        "fig@orchard.sandbox",
        "pear@meadow.sandbox",
        "apple@marsh.sandbox",
        "lime@heath.sandbox",
    )
    with runtime.database.writing() as connection:
        keep_routes(connection, FACTS)
    return upload


def test_without_a_list_the_page_shows_the_way_to_a_new_one(runtime, show):
    page = show("DOMAINS")
    assert not page.exception
    assert page.markdown[-1].value == "There is no list yet."


def test_a_list_without_any_domain_says_so(runtime, save, show):
    save("not an address")
    page = show("DOMAINS")
    assert not page.exception
    assert "names no domain" in page.info[0].value


def test_the_headline_says_what_is_wrong_with_the_domains(known, show):
    assert [each.value for each in show("DOMAINS").header] == [
        "3 domains looked up so far: 1 takes no mail; 1 accepts everything; 1 could not be looked up"
    ]


def test_a_headline_says_only_what_there_is():
    board = DomainBoard(95, 95, {"mx": 87, "null_mx": 8}, {}, 7, 0, 0, 87)
    assert domain_headline(board) == "95 domains: 8 take no mail; 7 accept everything"
    sound = replace(board, by_kind={"mx": 95}, accept_all=0, taking_mail=95)
    assert domain_headline(sound) == "95 domains: each of them takes mail"
    assert domain_headline(replace(board, resolved=0)) == "95 domains, not looked up yet"


def test_a_failed_look_up_is_not_counted_as_taking_no_mail(known, show):
    page = show("DOMAINS")
    assert not page.exception
    figures = {each.label: each.value for each in page.metric}
    assert (figures["Domains"], figures["Take mail"], figures["Take no mail"]) == ("4", "1", "1")
    assert (figures["Accept everything"], figures["With SPF"], figures["With DMARC"]) == ("1", "1", "0")
    assert "1 domain has not been looked up yet." in [each.value for each in page.caption]


def test_the_table_has_the_largest_domain_first_and_says_why_there_is_no_mail_host(known, show):
    grid = show("DOMAINS").dataframe[0].value
    assert grid["Domain"].iloc[0] == "orchard.sandbox"
    assert dict(zip(grid["Domain"], grid["Mail host"], strict=True)) == {
        "orchard.sandbox": "mx.orchard.sandbox",
        "meadow.sandbox": "Domain takes no mail",
        "marsh.sandbox": "Look-up failed",
        "heath.sandbox": "Not looked up yet",
    }
    assert dict(zip(grid["Domain"], grid["Provider"], strict=True))["meadow.sandbox"] == ""


def test_a_search_leaves_the_domains_whose_name_holds_it(known, show):
    page = show("DOMAINS")
    page.text_input(key="find domain").set_value("MEAD").run()
    assert list(page.dataframe[0].value["Domain"]) == ["meadow.sandbox"]
    page.text_input(key="find domain").set_value("quince").run()
    assert page.info[0].value == "No domain fits."


def test_domains_are_paged_without_gap(runtime, save, show):
    save(*(f"plum@field{number:03}.sandbox" for number in range(PAGE_ROWS + 3)))
    page = show("DOMAINS")
    assert any(f"1–{PAGE_ROWS} of {PAGE_ROWS + 3}" in each.value for each in page.markdown)
    seen = list(page.dataframe[0].value["Domain"])
    page.button(key="domains page next").click().run()
    seen += list(page.dataframe[0].value["Domain"])
    assert seen == [f"field{number:03}.sandbox" for number in range(PAGE_ROWS + 3)]


def test_an_opened_domain_shows_its_figures_and_leads_to_its_addresses(known, show):
    page = show("DOMAINS")
    page.session_state["opened domain"] = (known, LINE)
    page.run()
    assert not page.exception
    assert any("2 of 4 addresses checked" in each.value for each in page.markdown)
    assert page.table[0].value["Value"].iloc[0] == plain("mx.orchard.sandbox")
    assert any(each.label == "Show its 4 addresses" for each in page.get("page_link"))


@pytest.mark.parametrize(("record", "said"), [("v=spf1", "Present"), ("", "Absent"), (None, "Not known")])
def test_a_record_nobody_could_look_up_is_not_called_absent(record: str | None, said: str):
    assert record_words(record) == said


def test_the_valid_share_is_of_what_is_checked():
    assert domains_table([LINE])["Valid"].iloc[0] == 50
    assert domains_table([LINE])["Accepts everything"].iloc[0] == "Not known"


def test_a_domains_facts_say_the_record_itself_where_there_is_one():
    facts = dict(zip(*domain_facts(LINE).to_dict("list").values(), strict=True))
    assert facts["SPF"] == plain("v=spf1 -all")
    assert facts["DMARC"] == "Absent"
    assert facts["Provider"] == "Google"


@pytest.mark.parametrize("reason", [Reason.NO_SUCH_DOMAIN, Reason.NULL_MX, Reason.NO_MAIL_HOST])
def test_every_kind_of_domain_without_mail_is_said_in_words(reason: Reason):
    line = DomainLine("meadow.sandbox", 1, LINE.statuses, reason.value, "", "", None, None, None)
    assert "_" not in route_words(line)
