"""The records that would mend a domain."""

import pytest

from engine.dmarc import DmarcReport, DmarcState
from engine.exchange import LookupFailed, MailHost, MailHosts, NoMail
from engine.mending import records_to_publish
from engine.reason import Reason
from engine.spf import SpfReport, SpfState
from engine.spf.report import TEXT_LIMIT
from engine.survey import Survey

NAME = "orchard.com"
HOSTS = MailHosts((MailHost("mx.orchard.com", 10, ("203.0.113.7",)),))
STRICT = SpfReport(SpfState.FAIL, "v=spf1 mx -all")
REJECT = DmarcReport(DmarcState.REJECT, "v=DMARC1; p=reject", NAME)
SOUND = {"spf": STRICT, "dmarc": REJECT, "has_mta_sts": True, "has_tls_rpt": True}


def records(provider="other", route=HOSTS, **known):
    found = records_to_publish(NAME, provider, route, Survey(NAME, 1.0, **(SOUND | known)))
    return [(each.name, each.kind, each.content) for each in found]


def test_a_domain_that_is_well_set_up_needs_nothing():
    assert records() == []


def test_what_nobody_read_is_not_mended():
    assert records(spf=None, dmarc=None, has_mta_sts=None, has_tls_rpt=None) == []
    assert records_to_publish(NAME, "other", HOSTS, None) == []
    failed = LookupFailed(Reason.DNS_FAILED, "SERVFAIL")
    assert records_to_publish(NAME, "other", failed, Survey(NAME, 1.0)) == []


@pytest.mark.parametrize(
    ("provider", "text"),
    [("other", "v=spf1 mx ~all"), ("google", "v=spf1 include:_spf.google.com ~all")],
)
def test_a_first_spf_record_names_who_sends_for_the_provider(provider, text):
    assert records(provider, spf=SpfReport(SpfState.NONE)) == [(NAME, "TXT", text)]


@pytest.mark.parametrize(
    ("state", "text", "mended"),
    [
        (SpfState.PASS_ALL, "v=spf1 mx +all", "v=spf1 mx ~all"),
        (SpfState.NEUTRAL, "v=spf1 include:all.example ?all", "v=spf1 include:all.example ~all"),
        (SpfState.NEUTRAL, "v=spf1 mx", "v=spf1 mx ~all"),
    ],
)
def test_an_open_spf_record_is_kept_but_for_its_last_word(state, text, mended):
    assert records(spf=SpfReport(state, text)) == [(NAME, "TXT", mended)]


@pytest.mark.parametrize(
    ("state", "text"),
    [
        (SpfState.PASS_ALL, "v=spf1 include:open.example -all"),
        (SpfState.PASS_ALL, "v=spf1 include:open.example ~ALL"),
        (SpfState.NEUTRAL, "v=spf1 redirect=_spf.orchard.com"),
        (SpfState.NEUTRAL, "v=spf1 " + "ip4:203.0.113.7 " * 200),
    ],
)
def test_an_spf_record_that_no_other_last_word_would_mend_is_let_be(state, text):
    assert records(spf=SpfReport(state, text[:TEXT_LIMIT])) == []


def test_dmarc_begins_with_reports_and_is_tightened_from_there():
    first = records(dmarc=DmarcReport(DmarcState.NONE))
    assert first == [(f"_dmarc.{NAME}", "TXT", f"v=DMARC1; p=none; rua=mailto:postmaster@{NAME}")]
    told = DmarcReport(DmarcState.MONITOR, "v=DMARC1; sp=none; p=none; rua=mailto:a@b.c", NAME)
    assert records(dmarc=told)[0][2] == "v=DMARC1; sp=none; p=quarantine; rua=mailto:a@b.c"


def test_encryption_on_the_way_is_promised_and_reported():
    assert [name for name, *_ in records(has_mta_sts=False, has_tls_rpt=False)] == [
        f"_mta-sts.{NAME}",
        f"_smtp._tls.{NAME}",
    ]


def test_a_domain_that_takes_no_mail_says_that_nobody_sends_in_its_name():
    found = records(
        route=NoMail(Reason.NULL_MX), spf=SpfReport(SpfState.NONE), dmarc=DmarcReport(DmarcState.NONE),
        has_tls_rpt=False, is_parked=True,
    )  # fmt: skip
    assert [content for *_, content in found] == ["v=spf1 -all", "v=DMARC1; p=reject"]


def test_a_domain_without_a_mail_host_is_shown_how_to_name_one():
    assert records(route=NoMail(Reason.NO_MAIL_HOST))[0] == (NAME, "MX", f"10 mail.{NAME}.")
    itself = MailHosts((MailHost(NAME, 0, ("203.0.113.7",)),), is_implicit=True)
    assert records(route=itself) == [(NAME, "MX", f"10 {NAME}.")]


def test_a_domain_that_does_not_exist_has_nothing_to_publish():
    assert records(route=NoMail(Reason.NO_SUCH_DOMAIN), spf=SpfReport(SpfState.NONE)) == []
