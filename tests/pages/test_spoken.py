"""One verdict as the terminal says it."""

import json

import pytest

from engine.address import Address, parse_address
from engine.exchange import MailHost, MailHosts, NoMail
from engine.judge import judge, judge_malformed
from engine.policy import DEFAULT_POLICY, Policy, Weight
from engine.reason import Reason
from engine.reply import Reply, Stage
from engine.single import Single
from engine.traits import Traits
from engine.verdict import AcceptAll, Evidence, TraceLine
from engine.work_queue import Notice
from pages.parts.spoken import WIDTH, say_json, say_text
from pages.parts.words import NOTICES

FIG = Address("fig", "plum.example")
HOSTS = MailHosts((MailHost("mx1.plum.example", 10),))
MISSING = Reply(550, "5.1.1 no such user", Stage.RCPT)
YES = Reply(250, "2.1.5 ok", Stage.RCPT)
TRACE = (
    TraceLine("dns", "MX plum.example: 10 mx1.plum.example"),
    TraceLine("host", "550-5.1.1 no\nsuch user"),
)


def single(policy: Policy = DEFAULT_POLICY, **known) -> Single:
    usual = {"address": FIG, "traits": Traits(), "route": HOSTS, "mx_host": "mx1.plum.example"}
    evidence = Evidence(**(usual | known))
    verdict = judge(evidence, policy)
    return Single(FIG, verdict, evidence.mx_host, evidence.provider, 1, TRACE, evidence=evidence)


def test_a_verdict_is_said_with_its_sentences_advice_ledger_and_trace():
    lines = say_text(single(rcpt=MISSING), "fig@plum.example").splitlines()

    assert lines == [
        "fig@plum.example: invalid, mailbox_missing (confidence 10 of 100)",
        "  Nobody has this mailbox: the mail server of plum.example said so. Remove it.",
        "  mx1.plum.example answered RCPT TO with “550 5.1.1 no such user”, read as mailbox missing.",
        "",
        "ledger",
        "   +40  the address is well-formed",
        "   +25  the domain names its mail hosts (MX)",
        "   -55  invalid: kept within 0 to 10",
        "    10  confidence",
        "",
        "trace",
        "  DNS MX plum.example: 10 mx1.plum.example",
        "    < 550-5.1.1 no",
        "      such user",
    ]


def test_what_the_sentences_leave_out_stands_below_them():
    traits = Traits(is_role=True, is_free=True)
    said = say_text(
        single(rcpt=YES, accept_all=AcceptAll.NO, traits=traits, provider="google"), "fig@plum.example"
    )

    assert "  provider  Google" in said
    assert "  also      free provider" in said
    assert "role account" not in said.partition("ledger")[0].partition("also")[2], "the reason says it"


def test_no_line_of_the_sentences_is_wider_than_a_terminal():
    chatter = Reply(554, "5.7.1 " + "blocked by our list " * 9, Stage.RCPT)
    sentences = say_text(single(rcpt=chatter), "fig@plum.example").partition("ledger")[0]
    assert max(map(len, sentences.splitlines())) <= WIDTH


def test_a_policy_is_named_where_it_decides():
    role = {"rcpt": YES, "accept_all": AcceptAll.NO, "traits": Traits(is_role=True)}
    said = say_text(single(Policy(role=Weight.INVALID), **role), "fig@plum.example")
    assert "your policy calls that invalid. Leave it out, as your policy wants." in " ".join(said.split())


@pytest.mark.parametrize("asked", ["quince.at.orchard", ""])
def test_a_text_that_is_no_address_is_said_with_what_is_wrong(asked):
    malformed = parse_address(asked)
    said = say_text(Single(Address(asked, ""), judge_malformed(malformed)), asked)

    assert malformed.detail.split()[-1] in said
    assert "trace" not in said


def test_what_still_waits_says_why_and_until_when():
    waiting = Single(FIG, waits_for=Reason.GREYLISTED, waits_until=0.0)
    said = " ".join(say_text(waiting, "fig@plum.example").split())
    assert said.startswith("fig@plum.example: no verdict yet. Asked us to come back: the next try is at")

    stopped = Single(FIG, notice=Notice.PORT_CLOSED)
    said = " ".join(say_text(stopped, "fig@plum.example").split())
    assert NOTICES[Notice.PORT_CLOSED] in said
    assert "not asked about in time" in say_text(Single(FIG), "fig@plum.example")


def test_programs_get_the_same_as_json():
    found = json.loads(say_json(single(route=NoMail(Reason.NULL_MX)), "fig@plum.example"))

    assert (found["status"], found["reason"], found["confidence"]) == ("invalid", "null_mx", 10)
    assert found["marketer"] == "plum.example has declared that it takes no mail at all."
    assert found["engineer"] == "plum.example publishes a null MX (RFC 7505)."
    waiting = json.loads(say_json(Single(FIG, waits_for=Reason.GREYLISTED), "fig@plum.example"))
    assert (waiting["status"], waiting["reason"], waiting["marketer"]) == ("unknown", "greylisted", "")
