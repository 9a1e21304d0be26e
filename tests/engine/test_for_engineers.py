import pytest

from engine.address import Address
from engine.exchange import MailHost, MailHosts
from engine.for_engineers import said_to_engineers
from engine.judge import judge
from engine.policy import DEFAULT_POLICY
from engine.reply import Reply, Stage
from engine.traits import Traits
from engine.verdict import AcceptAll, Evidence, Status, Vantage

FIG = Address("fig", "plum.example")
HOSTS = MailHosts((MailHost("mx1.plum.example", 10, ("192.0.2.1",)),))
YES = Reply(250, "2.1.5 ok", Stage.RCPT)
MISSING = Reply(550, "5.1.1 no such mailbox here", Stage.RCPT)
FULL = Reply(552, "5.2.2 mailbox full", Stage.RCPT)


def evidence(**known) -> Evidence:
    usual = {"address": FIG, "traits": Traits(), "route": HOSTS, "mx_host": "mx1.plum.example"}
    return Evidence(**(usual | known))


def said(known: Evidence) -> str:
    return said_to_engineers(known, 1)


@pytest.mark.parametrize("accept_all", [AcceptAll.YES, AcceptAll.NO])
def test_a_full_mailbox_is_told_from_a_made_up_one(accept_all):
    told = said(evidence(rcpt=FULL, accept_all=accept_all, decoy=MISSING))

    assert "read as mailbox full" in told
    assert "too" not in told


@pytest.mark.parametrize(
    ("control", "meant"),
    [(YES, "so the refusal means this recipient"), (MISSING, "so the refusal does not mean the recipient")],
)
def test_the_answer_for_postmaster_says_whom_a_vague_refusal_means(control, meant):
    vague = Reply(550, "address rejected", Stage.RCPT)

    assert meant in said(evidence(rcpt=vague, control=control))
    assert "postmaster" not in said(evidence(rcpt=YES, control=control))


@pytest.mark.parametrize(("share", "is_said"), [(0.0, False), (0.05, False), (0.4, True)])
def test_a_refusal_is_trusted_less_in_words_where_many_answers_spoke_of_us(share, is_said):
    vantage = Vantage(refused_share=share, is_identity_sound=not is_said)
    refused, taken = (evidence(rcpt=reply, vantage=vantage) for reply in (MISSING, YES))

    told = said(refused)
    assert ("40% of this provider's answers spoke of us at that time" in told) is is_said
    assert ("our HELO name or sender was not in order" in told) is is_said
    assert judge(refused, DEFAULT_POLICY).status is Status.INVALID, "only the words change"
    assert "spoke of us" not in said(taken)


def test_a_long_reply_is_quoted_in_one_short_line():
    chatter = Reply(550, "5.1.1 no such user\n" + "see our pages " * 40, Stage.RCPT)

    told = said(evidence(rcpt=chatter))
    assert "\n" not in told
    assert "…”" in told
    assert len(told) < 250
