from dataclasses import replace

import pytest

from engine.batch import DomainFacts
from engine.dmarc import DmarcReport, DmarcState
from engine.exchange import LookupFailed, MailHost, MailHosts, NoMail
from engine.health import Health, health_of
from engine.health_line import HealthLine
from engine.reason import Reason
from engine.spf import SpfReport, SpfState
from engine.survey import Survey
from engine.verdict import AcceptAll, Status
from pages.parts.domain_detail import domain_facts, health_table, host_table, name_sentence, route_words
from pages.parts.domain_table import domains_table
from pages.parts.frame import DOMAINS
from pages.parts.health import domain_headline, reading_line
from pages.parts.paging import PAGE_ROWS
from runtime import Runtime
from storage.domains import DomainBoard, DomainLine
from storage.health import DomainHealth, HealthBoard, Share
from storage.routes import keep_routes
from storage.surveys import write_surveys
from tests.pages.clicked import chart_of, click_bar, click_cell, grid_of

HOSTS = MailHosts((MailHost("mx.orchard.sandbox", 10, ("203.0.113.7",)),))
FACTS = [
    DomainFacts("orchard.sandbox", HOSTS, provider="google", accept_all=AcceptAll.YES),
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
    spf=SpfState.FAIL,
    dmarc=None,
    health=64,
)
SURVEY = Survey(
    "orchard.sandbox",
    1.0,
    SpfReport(SpfState.FAIL, "v=spf1 include:_spf.mill.sandbox -all", 3),
    DmarcReport(DmarcState.MONITOR, "v=DMARC1; p=none", "sandbox", is_inherited=True),
    has_mta_sts=True,
    has_tls_rpt=False,
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
        write_surveys(connection, [Survey("orchard.sandbox", 0.0, SpfReport(SpfState.FAIL, "v=spf1 -all"))])
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
    board = DomainBoard(95, 95, {"mx": 87, "null_mx": 8}, {}, 7, 87)
    assert domain_headline(board) == "95 domains: 8 take no mail; 7 accept everything"
    sound = replace(board, by_kind={"mx": 95}, accept_all=0, taking_mail=95)
    assert domain_headline(sound) == "95 domains: each of them takes mail"
    assert domain_headline(replace(board, resolved=0)) == "95 domains, not looked up yet"


def test_a_failed_look_up_is_not_counted_as_taking_no_mail(known, show):
    page = show("DOMAINS")
    assert not page.exception
    assert [each.value for each in page.header] == [
        "3 domains looked up so far: 1 takes no mail; 1 accepts everything; 1 could not be looked up"
    ]
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
    said = [each.value for each in page.markdown]
    assert any("2 of 4 addresses checked" in each for each in said)
    assert any(each.startswith("##### Why its health is ") for each in said)
    ledger, hosts, facts = (each.value for each in page.table)
    assert "It names its mail hosts" in ledger["What was found"].iloc[0].replace("\\", "")
    assert hosts["Addresses"].iloc[0] == r"203\.0\.113\.7"
    assert "Provider" in list(facts["Fact"])
    assert any(each.label == "Show its 4 addresses" for each in page.get("page_link"))


def test_an_opened_domain_that_nobody_has_looked_up_says_no_more_than_that(known, show):
    page = show("DOMAINS")
    page.session_state["opened domain"] = (known, replace(LINE, name="heath.sandbox", route_kind=None))
    page.run()
    assert not page.exception
    assert any("Not looked up yet." in each.value for each in page.markdown)
    assert not page.table


def test_a_bar_of_an_opened_domain_leads_to_those_addresses_though_another_list_was_asked_last(
    save, settle, show
):
    first, upload = save("fig@mill.sandbox"), save("plum@orchard.sandbox", "no.pear@orchard.sandbox")
    settle()
    page = show("RESULTS", list=str(first))
    page.query_params["list"] = str(upload)
    page.switch_page(DOMAINS).run()
    click_cell(page, grid_of(page), 0, "Domain")
    click_bar(page, chart_of(page, "domain statuses"), Status.INVALID)
    assert not page.exception
    assert (page.title[0].value, page.query_params["list"]) == ("Results", str(upload))
    shown = next(each.value for each in page.dataframe if each.proto.id == grid_of(page))
    assert list(shown["Address"]) == ["no.pear@orchard.sandbox"]


def test_how_well_the_domains_are_set_up_is_drawn_once_one_is_read(known, show):
    page = show("DOMAINS")
    assert "How well they are set up" in [each.value for each in page.subheader]
    assert any("Records of 1 of 3 domains read so far" in each.value for each in page.caption)
    assert len(page.get("plotly_chart")) == 6


def test_before_any_domain_is_read_no_health_is_drawn(runtime, save, show):
    save("plum@orchard.sandbox")
    page = show("DOMAINS")
    assert any("Records of 0 of 1 domain read so far" in each.value for each in page.caption)
    assert len(page.get("plotly_chart")) == 2


def _board(surveyed: int, parked: int) -> HealthBoard:
    return HealthBoard(5, surveyed, {}, {}, {}, *[Share(0, 0)] * 4, parked=parked)


def test_how_much_has_been_read_is_said_until_all_is():
    assert reading_line(_board(2, 0), 5).startswith("Records of 2 of 5 domains read so far. ")
    assert reading_line(_board(5, 2), 5).startswith("Records of 5 domains read; 2 are parked")
    assert reading_line(_board(1, 1), 1).startswith("Records of 1 domain read; 1 is parked")


def test_the_valid_share_is_of_what_is_checked():
    assert domains_table([LINE])["Valid"].iloc[0] == 50
    assert domains_table([LINE])["Accepts everything"].iloc[0] == "Not known"


def test_the_table_says_health_and_records_and_never_calls_unknown_absent():
    row = domains_table([LINE]).iloc[0]
    assert (row["Health"], row["SPF"], row["DMARC"]) == (64, "Strict (-all)", "Not known")
    unread = domains_table([replace(LINE, health=None)])
    assert unread["Health"].isna().all()


def _facts(found: DomainHealth) -> dict[str, str]:
    table = domain_facts(found)
    return dict(zip(table["Fact"], table["Value"], strict=True))


def test_a_domains_facts_say_the_records_themselves():
    facts = _facts(DomainHealth(replace(FACTS[0], accept_all_at=0.0), SURVEY, None))
    assert facts["Provider"] == "Google"
    assert facts["SPF"].split("  \n") == [
        "**Strict (-all)**: Mail from hosts that it does not name is to be refused.",
        "`v=spf1 include:_spf.mill.sandbox -all`",
        "3 look-ups of 10 at the most",
    ]
    assert "`v=DMARC1; p=none`  \nInherited from sandbox" in facts["DMARC"]
    assert (facts["MTA-STS"], facts["TLS-RPT"], facts["BIMI"]) == ("Present", "Absent", "Not known")
    assert "Parked" not in facts


def test_whether_a_domain_accepts_everything_is_said_with_its_age():
    known = DomainHealth(replace(FACTS[0], accept_all_at=1_000_036_800.0), None, None)
    assert _facts(known)["Accepts everything"].startswith("Yes, asked 9 September 2001,")
    unasked = DomainHealth(replace(FACTS[0], accept_all=None, accept_all_at=None), None, None)
    assert _facts(unasked)["Accepts everything"] == "Not known"


def test_a_domain_whose_provider_says_yes_to_anybody_accepts_everything_as_a_rule():
    found = DomainHealth(replace(FACTS[0], accept_all=None, accept_all_at=None, provider="yahoo"), None, None)
    assert _facts(found)["Accepts everything"] == "As a rule: hosts of Yahoo / AOL say yes to any address"
    assert domains_table([replace(LINE, provider="yahoo")])["Accepts everything"].iloc[0] == "As a rule"


@pytest.mark.parametrize(
    ("route", "said"),
    [
        (NoMail(Reason.NULL_MX), "Domain takes no mail"),
        (LookupFailed(Reason.DNS_FAILED), "Look-up failed"),
        (None, "Not looked up yet"),
    ],
)
def test_a_domain_without_hosts_says_why(route, said):
    facts = _facts(DomainHealth(DomainFacts("meadow.sandbox", route), None, None))
    assert facts == {"Mail host": said, "Records": "Not read yet"}


def test_a_parked_domain_says_so():
    assert "Parked" in _facts(DomainHealth(FACTS[1], replace(SURVEY, is_parked=True), None))


def test_records_that_nobody_answered_for_are_not_known():
    facts = _facts(DomainHealth(FACTS[0], Survey("orchard.sandbox", 0.0), None))
    assert facts["SPF"] == facts["DMARC"] == "Not known"


def test_the_points_of_a_health_are_those_of_its_ledger():
    health = health_of(HOSTS, SURVEY, offers_tls=None)
    table = health_table(health)
    assert len(table) == len(health.ledger)
    assert table["Points"].iloc[0] == "30\u00a0of\u00a030"
    assert "RFC 8461" not in table["What was found"].str.cat(), "nothing is amiss with MTA-STS"
    assert "TLSRPTv1" in table["What was found"].str.cat()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (HealthLine("STARTTLS: nobody knows yet", 0), "–"),
        (HealthLine("left out", 12), "+12"),
        (HealthLine("kept", -7), "−7"),
        (HealthLine("no SPF", 0, 15), "0\u00a0of\u00a015"),
    ],
)
def test_points_say_of_how_many_or_what_was_added_or_taken(line, said):
    assert health_table(Health(0, (line,)))["Points"].iloc[0] == said


def test_mail_hosts_are_shown_with_their_addresses_and_those_without_any():
    route = MailHosts(
        (MailHost("mx1.mill.sandbox", 10, ("203.0.113.7", "2001:db8::7")),), unresolved=("mx2.mill.sandbox",)
    )
    rows = [[value.replace("\\", "") for value in row] for row in host_table(route).to_numpy().tolist()]
    assert rows == [
        ["10", "mx1.mill.sandbox", "203.0.113.7  \n2001:db8::7"],
        ["", "mx2.mill.sandbox", "It has no address"],
    ]


@pytest.mark.parametrize("reason", [Reason.NO_SUCH_DOMAIN, Reason.NULL_MX, Reason.NO_MAIL_HOST])
def test_every_kind_of_domain_without_mail_is_said_in_words(reason: Reason):
    assert "_" not in route_words(replace(LINE, route_kind=reason.value))


def test_an_international_domain_is_shown_as_people_read_it_beside_what_the_dns_calls_it():
    line = replace(LINE, name="xn--bcher-kva.example")
    assert list(domains_table([line])["Domain"]) == ["bücher.example"]
    assert "xn--bcher-kva.example" in name_sentence(line.name)
    assert name_sentence("books.example") == ""


def test_a_domain_whose_letters_pass_for_others_is_shown_as_the_dns_has_it():
    line = replace(LINE, name="xn--80ak6aa92e.com")
    assert list(domains_table([line])["Domain"]) == [line.name]
    assert "аррӏе.com" in name_sentence(line.name)
