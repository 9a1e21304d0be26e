import pytest

from engine.address import Address
from engine.exchange import MailHost, MailHosts
from engine.for_marketers import said_to_marketers
from engine.judge import judge
from engine.policy import DEFAULT_POLICY
from engine.reason import Reason
from engine.reply import Reply, Stage
from engine.traits import Traits
from engine.verdict import AcceptAll, Evidence, Status, Verdict

FIG = Address("fig", "plum.example")
HOSTS = MailHosts((MailHost("mx1.plum.example", 10, ("192.0.2.1",)),))
YES = Reply(250, "2.1.5 ok", Stage.RCPT)


def evidence(**known) -> Evidence:
    usual = {"address": FIG, "traits": Traits(), "route": HOSTS, "mx_host": "mx1.plum.example"}
    return Evidence(**(usual | known))


def said(known: Evidence, attempts: int = 1) -> str:
    return said_to_marketers(known, judge(known, DEFAULT_POLICY), attempts)


def test_a_refusal_of_us_names_the_block_list_and_its_page():
    blocked = Reply(554, "5.7.1 192.0.2.7 blocked using zen.spamhaus.org", Stage.RCPT)
    told = said(evidence(rcpt=blocked, provider="google"))

    assert told == (
        "the mail server of plum.example (Google) does not talk to us, because our address is listed at"
        " Spamhaus (see https://check.spamhaus.org), so nobody learned anything of this mailbox"
    )
    unnamed = said(evidence(rcpt=Reply(554, "5.7.1 blocked, bad reputation", Stage.MAIL)))
    assert "listed" not in unnamed


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_a_sentence_without_terms_of_the_trade(reason):
    told = said_to_marketers(evidence(rcpt=YES), Verdict(Status.UNKNOWN, reason, 20, ()), 2)

    words = told.lower()
    assert not any(term in words for term in ("rcpt", "smtp", "mx ", "dns", "5xx", "reply code", "{", "}"))
    assert len(told) < 200


@pytest.mark.parametrize(
    ("provider", "server"),
    [
        ("", "the mail server of plum.example said so"),
        ("google", "the mail server of plum.example (Google) said so"),
        ("mimecast", "the mail filter of plum.example (Mimecast) said so"),
        ("cloudflare", "the mail server of plum.example (Cloudflare"),
    ],
)
def test_a_host_is_named_by_whose_it_is(provider, server):
    missing = Reply(550, "5.1.1 no such user", Stage.RCPT)
    assert server in said(evidence(rcpt=missing, provider=provider))


def test_a_made_up_address_is_spoken_of_only_where_one_was_asked():
    assert "made up" not in said(evidence(rcpt=YES, accept_all=AcceptAll.NO))


def test_of_a_mistyped_domain_the_slip_is_told_and_throw_away_lists_only_second():
    slip = Traits(suggestion="fig@gmail.com", is_disposable=True)
    told = said(evidence(address=Address("fig", "gmial.com"), traits=slip))
    assert told == (
        "fig@gmail.com was probably meant; gmial.com looks mistyped, and a list of throw-away domains names "
        "it too"
    )
    assert "throw-away addresses" in said(evidence(traits=Traits(is_disposable=True)))
