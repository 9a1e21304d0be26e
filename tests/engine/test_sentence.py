from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.address import Address, Malformed, parse_address
from engine.exchange import LookupFailed, MailHost, MailHosts, NoMail
from engine.judge import judge
from engine.never_probed import evidence_unasked
from engine.policy import DEFAULT_POLICY, AcceptAllAs, Policy, Weight
from engine.reason import Reason
from engine.reply import Reply, Stage, Unreached
from engine.sentence import Sentences, sentences, sentences_of_malformed
from engine.traits import Traits
from engine.verdict import AcceptAll, Evidence, History, Vantage

FIG = Address("fig", "plum.example")
HOSTS = MailHosts((MailHost("mx1.plum.example", 10, ("192.0.2.1",)),))
YES = Reply(250, "2.1.5 ok", Stage.RCPT)
MISSING = Reply(550, "5.1.1 no such mailbox here", Stage.RCPT)
FULL = Reply(552, "5.2.2 mailbox full", Stage.RCPT)


def evidence(**known) -> Evidence:
    usual = {"address": FIG, "traits": Traits(), "route": HOSTS, "mx_host": "mx1.plum.example"}
    return Evidence(**(usual | known))


def said(known: Evidence, policy: Policy = DEFAULT_POLICY, attempts: int = 1) -> Sentences:
    return sentences(known, judge(known, policy), attempts)


def test_a_missing_mailbox_is_said_to_both():
    told = said(evidence(rcpt=MISSING, accept_all=AcceptAll.NO, decoy=MISSING))

    assert told.marketer == "Nobody has this mailbox: the mail server of plum.example said so."
    assert told.engineer == (
        "mx1.plum.example answered RCPT TO with “550 5.1.1 no such mailbox here”, read as mailbox missing;"
        " a made-up address was answered 550 5.1.1 too, so this is how the host speaks of mailboxes that it"
        " does not have."
    )


def test_a_yes_is_worth_more_where_a_made_up_address_was_refused():
    proved = said(evidence(rcpt=YES, accept_all=AcceptAll.NO, decoy=MISSING))
    unproved = said(evidence(rcpt=YES, accept_all=AcceptAll.UNKNOWN))

    assert "turned away one that we made up" in proved.marketer
    assert "a made-up address was answered 550 5.1.1, so a yes means something here" in proved.engineer
    assert "made up" not in unproved.marketer
    assert "whether it takes any address is not known" in unproved.engineer


def test_an_accept_all_domain_is_said_without_a_question_to_this_mailbox():
    told = said(evidence(accept_all=AcceptAll.YES, decoy=YES))

    assert told.marketer.startswith("plum.example takes mail for any name, even one that we made up")
    assert "was not asked about it, since the domain takes any address" in told.engineer
    assert "a made-up address was answered 250 2.1.5, so a yes means nothing here" in told.engineer


def test_a_domain_that_takes_some_made_up_addresses_is_said_to_be_in_doubt():
    told = said(evidence(rcpt=YES, accept_all=AcceptAll.UNKNOWN, decoy=YES, is_yes_doubtful=True))

    assert "took one address that we made up and refused another" in told.marketer
    assert "another one was refused, so a yes says little here" in told.engineer
    assert "is not known" not in told.engineer


def test_the_worth_of_a_providers_yes_is_said_where_it_decides():
    anybody = said(evidence(rcpt=YES, accept_all=AcceptAll.UNKNOWN, provider="yahoo"))
    gateway = said(evidence(rcpt=YES, accept_all=AcceptAll.UNKNOWN, provider="mimecast"))
    proved = said(evidence(rcpt=YES, accept_all=AcceptAll.NO, provider="mimecast"))

    assert anybody.marketer.startswith("Yahoo / AOL says yes to any address")
    assert "gives that answer to any address" in anybody.engineer
    assert gateway.marketer.startswith("The mail filter of plum.example (Mimecast) said yes")
    assert "Mimecast passes mail on and may not know the mailboxes" in gateway.engineer
    assert "passes mail on" not in proved.engineer


@pytest.mark.parametrize(
    ("unreached", "marketer", "engineer"),
    [
        (
            Unreached(Stage.CONNECT, Reason.UNREACHABLE, "refused"),
            "The mail server of plum.example could not be reached, though we asked 3 times.",
            "No answer from mx1.plum.example to the connection: unreachable (refused); asked 3 times.",
        ),
        (
            Unreached(Stage.RCPT, Reason.TIMEOUT),
            "The mail server of plum.example did not answer us, though we asked 3 times.",
            "No answer from mx1.plum.example to RCPT TO: timeout; asked 3 times.",
        ),
    ],
)
def test_silence_is_said_with_where_it_fell_and_how_often_we_asked(unreached, marketer, engineer):
    assert said(evidence(rcpt=unreached), attempts=3) == Sentences(marketer, engineer)


def test_what_the_dns_says_of_a_domain_is_said_in_the_words_of_the_dns():
    nowhere = evidence(route=NoMail(Reason.NO_SUCH_DOMAIN), traits=Traits(suggestion="fig@plum.test"))
    failed = evidence(route=LookupFailed(Reason.DNS_FAILED, "SERVFAIL"))

    told = said(nowhere)
    assert told.marketer == (
        "fig@plum.test was probably meant; there is no domain plum.example, so nobody can have this address."
    )
    assert told.engineer == "The DNS says that plum.example does not exist (NXDOMAIN)."
    assert said(failed).engineer == "The DNS look-up of plum.example failed (SERVFAIL)."
    implicit = replace(HOSTS, is_implicit=True)
    assert "(implicit MX)" in said(evidence(route=implicit, rcpt=YES, accept_all=AcceptAll.NO)).engineer


def test_what_may_not_be_asked_is_said_with_how_far_it_went():
    unasked = said(evidence_unasked(FIG))
    at_hosts = said(evidence(withheld=Reason.NEVER_PROBED))

    assert "never-asked list" in unasked.marketer
    assert unasked.engineer == (
        "On the never-probe list, or in the list's policy: no DNS query, no connection was made."
    )
    assert at_hosts.engineer == "On the never-probe list: no connection to mx1.plum.example was made."
    assert "no answer of mx1.plum.example counts" in said(evidence(withheld=Reason.BLOCKED)).engineer.lower()


def test_an_own_bounce_is_said_with_its_day():
    told = said(evidence(rcpt=YES, accept_all=AcceptAll.NO, history=History(hard_bounced_at=86_400.0)))

    assert told.marketer == "Your own mail to this address came back on 1970-01-02."
    assert told.engineer.startswith("Our own mail bounced on 1970-01-02; mx1.plum.example answered")


def test_a_status_that_only_the_policy_gives_is_said_to_be_the_policys():
    role = evidence(rcpt=YES, accept_all=AcceptAll.NO, traits=Traits(is_role=True))
    anybody = evidence(accept_all=AcceptAll.YES)

    assert said(role, Policy(role=Weight.KEPT)).marketer.endswith("; your policy calls that valid.")
    strict = Policy(accept_all=AcceptAllAs.INVALID)
    assert said(anybody, strict).engineer.endswith("; your policy calls that invalid.")
    assert "policy" not in said(role).marketer + said(anybody).engineer


def test_a_domain_is_written_as_people_read_it_but_for_the_engineer():
    known = evidence(address=Address("fig", "xn--bcher-kva.example"), route=NoMail(Reason.NULL_MX))

    assert "bücher.example" in said(known).marketer
    assert "xn--bcher-kva.example" in said(known).engineer
    broken = evidence(address=Address("fig", "xn--999999999.example"), route=NoMail(Reason.NULL_MX))
    assert "xn--999999999.example" in said(broken).marketer


@pytest.mark.parametrize("text", ["quince.at.orchard", "", "a@@b.example"])
def test_a_text_that_is_no_address_is_said_with_what_is_wrong(text):
    malformed = parse_address(text)
    assert isinstance(malformed, Malformed)

    told = sentences_of_malformed(malformed)
    assert told.marketer.endswith(f"{malformed.detail}." if text else "no address here.")
    assert told.engineer.count(".") >= 1


replies = st.builds(
    Reply,
    st.sampled_from([250, 252, 354, 421, 450, 452, 550, 552, 554, -1]),
    st.sampled_from(["2.1.5 ok", "5.1.1 no such user", "5.7.1 blocked", "4.2.2 full", "hm {brace}", ""]),
    st.sampled_from(Stage),
)
anything = st.builds(
    Evidence,
    address=st.just(FIG),
    traits=st.builds(Traits, st.booleans(), st.booleans(), st.booleans()),
    route=st.sampled_from([None, HOSTS, LookupFailed(Reason.DNS_FAILED), NoMail(Reason.NULL_MX)]),
    provider=st.sampled_from(["", "other", "google", "yahoo", "mimecast", "outlook"]),
    rcpt=st.none() | replies | st.builds(Unreached, st.sampled_from(Stage), st.sampled_from(Reason)),
    accept_all=st.none() | st.sampled_from(AcceptAll),
    control=st.none() | replies,
    withheld=st.none() | st.just(Reason.NEVER_PROBED),
    mx_host=st.sampled_from(["", "mx1.plum.example"]),
    history=st.builds(History, st.none() | st.floats(1, 2e9)),
    vantage=st.builds(Vantage, st.floats(0, 1), st.booleans()),
    decoy=st.none() | replies,
    is_yes_doubtful=st.booleans(),
)


@given(anything, st.integers(0, 5))
def test_any_evidence_is_said_in_two_whole_sentences(known, attempts):
    told = said(known, attempts=attempts)
    for sentence in (told.marketer, told.engineer):
        first = sentence.split()[0]
        assert first[0].isupper() or first in {"plum.example", "mx1.plum.example"}
        assert sentence.endswith(".")
        assert "\n" not in sentence
        assert ".." not in sentence
        assert "  " not in sentence
