"""A single check as steps: what is done, what goes on, what is ahead, by what was said so far."""

import pytest

from engine.address import Address
from engine.batch import DomainFacts
from engine.exchange import LookupFailed, MailHost, MailHosts, NoMail
from engine.reason import Reason
from engine.reply import Reply, Stage
from engine.traits import traits_of
from engine.value import replace
from engine.verdict import NO_FLAGS, AcceptAll, Evidence, Status, TraceLine
from pages.parts.stages import stages
from pages.parts.steps import ENCRYPT, MADE_UP, RECIPIENT, State, Step, last_attempt, steps_of
from storage.entries import EntryLine
from storage.entry_detail import EntryDetail
from storage.singles import Phase, SingleCheck

FIG = "fig@orchard.com"
ROUTE = MailHosts((MailHost("mx.orchard.com", 10, ("192.0.2.1",)),))
FACTS = DomainFacts("orchard.com", ROUTE, provider="other")
SESSION = (
    ("note", "connecting to 192.0.2.1 port 25"),
    ("host", "220 mx.orchard.com"),
    ("us", "EHLO winnow.com"),
    ("host", "250 mx.orchard.com\nPIPELINING"),
    ("us", "MAIL FROM:<verify@winnow.com>"),
    ("host", "250 2.1.0 ok"),
    ("us", f"RCPT TO:<{FIG}>"),
    ("host", "550 5.1.1 nobody"),
    ("us", "RCPT TO:<k3f9@orchard.com>"),
)
LINE = EntryLine(1, 0, 1, 0, FIG, None, None, None, NO_FLAGS, "", "", "orchard.com", "other", 0, None, None)


def check_of(phase, said=(), facts=FACTS, address=FIG, evidence=None, **line) -> SingleCheck:
    trace = tuple(TraceLine(*each) for each in said)
    detail = EntryDetail(
        line=replace(LINE, **line),
        is_running=True,
        may_ask_again=False,
        column="",
        detail="there is no @",
        first_number=None,
        first_entry=None,
        verdict=None,
        evidence=evidence,
        trace=trace,
        past=(),
    )
    return SingleCheck(1, detail, address, phase, 0.0, "", facts, None, None)


def states(check) -> str:
    """Give how the steps stand, by their first letters."""
    return "".join(each.state.value[0] for each in steps_of(check))


@pytest.mark.parametrize(
    ("phase", "count", "stand"),
    [
        (Phase.LOOKS_UP, 0, "dnaaaaaaa"),
        (Phase.WAITS, 0, "ddnaaaaaa"),
        (Phase.ASKS, 0, "ddnaaaaaa"),
        (Phase.ASKS, 1, "ddnaaaaaa"),
        (Phase.ASKS, 2, "dddnaaaaa"),
        (Phase.ASKS, 3, "dddnaaaaa"),
        (Phase.ASKS, 4, "ddddnaaaa"),
        (Phase.ASKS, 5, "ddddsnaaa"),
        (Phase.ASKS, 7, "ddddsdnaa"),
        (Phase.ASKS, 8, "ddddsdfna"),
        (Phase.ASKS, 9, "ddddsdfna"),
        (Phase.PUT_OFF, 6, "ddddsdaaa"),
    ],
)
def test_each_line_that_is_said_takes_the_steps_on(phase, count, stand):
    assert states(check_of(phase, SESSION[:count])) == stand


def test_a_step_that_was_left_out_says_why():
    assert Step(ENCRYPT, State.SKIPPED, "The host does not offer it") in steps_of(
        check_of(Phase.ASKS, SESSION)
    )


def test_encryption_that_failed_in_the_attempt_before_was_not_left_out_for_want_of_an_offer():
    before = (SESSION[0], ("us", "STARTTLS"), ("host", "220 go ahead"), ("note", "the TLS handshake failed"))
    steps = steps_of(check_of(Phase.ASKS, (*before, *SESSION)))
    assert Step(ENCRYPT, State.SKIPPED, "Offered, but it failed: asked without") in steps


def test_what_was_answered_stands_beside_its_step():
    steps = {each.name: each.said for each in steps_of(check_of(Phase.ASKS, SESSION))}
    assert steps["Find its mail host"] == "mx.orchard.com"
    assert steps[RECIPIENT] == "550 5.1.1 nobody"


def test_postmaster_is_no_made_up_address():
    said = (*SESSION[:8], ("us", "RCPT TO:<postmaster@orchard.com>"), ("host", "250 ok"))
    assert states(check_of(Phase.ASKS, said)) == "ddddsdfna"


def test_once_it_is_over_what_was_not_asked_was_not_needed_and_what_was_known_is_said():
    over = check_of(Phase.OVER, SESSION[:8], status=Status.INVALID)
    assert states(over) == "ddddsdfsf"
    decoy = Reply(550, "5.1.1 nobody", Stage.RCPT)
    address = Address("fig", "orchard.com")
    evidence = Evidence(address, traits_of(address), ROUTE, decoy=decoy, accept_all=AcceptAll.NO)
    known = check_of(Phase.OVER, SESSION[:8], evidence=evidence, status=Status.INVALID)
    said = "Refused, as it should be: this host tells real addresses from made-up ones (550 5.1.1 nobody)"
    assert Step(MADE_UP, State.DONE, said) in steps_of(known)


@pytest.mark.parametrize(
    ("accept_all", "is_doubtful", "begins"),
    [
        (AcceptAll.YES, False, "Taken: this host takes mail for any name"),
        (AcceptAll.YES, True, "One was taken, another refused"),
        (AcceptAll.UNKNOWN, False, "No clear answer"),
        (None, False, "No clear answer"),
    ],
)
def test_what_is_not_a_plain_refusal_of_a_made_up_address_has_no_tick(accept_all, is_doubtful, begins):
    address = Address("fig", "orchard.com")
    evidence = Evidence(
        address,
        traits_of(address),
        ROUTE,
        decoy=Reply(250, "ok", Stage.RCPT),
        accept_all=accept_all,
        is_yes_doubtful=is_doubtful,
    )
    steps = steps_of(check_of(Phase.OVER, SESSION[:8], evidence=evidence, status=Status.UNKNOWN))
    (step,) = (each for each in steps if each.name == MADE_UP)
    assert step.state is State.MIXED
    assert step.said.startswith(begins)


@pytest.mark.parametrize(
    "route", [NoMail(Reason.NO_SUCH_DOMAIN), LookupFailed(Reason.DNS_FAILED, "SERVFAIL")]
)
def test_a_domain_without_a_mail_host_ends_it_at_the_look_up(route):
    over = check_of(Phase.OVER, facts=DomainFacts("orchard.com", route), status=Status.INVALID)
    assert states(over) == "dfssssssf"


def test_what_is_no_address_has_two_steps():
    over = check_of(Phase.OVER, facts=None, address="", status=Status.INVALID, reason=Reason.MALFORMED)
    assert [(each.state, each.said) for each in steps_of(over)] == [
        (State.FAILED, "there is no @"), (State.FAILED, "Invalid"),
    ]  # fmt: skip


@pytest.mark.parametrize("status", Status)
def test_only_a_valid_address_has_a_tick_at_its_verdict(status):
    (*_, verdict) = steps_of(check_of(Phase.OVER, SESSION, status=status))
    ticked = {Status.VALID: State.DONE, Status.INVALID: State.FAILED}
    assert (verdict.name, verdict.state) == ("Verdict", ticked.get(status, State.MIXED))


def test_only_the_last_attempt_counts():
    trace = tuple(TraceLine(*each) for each in (*SESSION, *SESSION[:2]))
    assert [each.text for each in last_attempt(trace)] == [each[1] for each in SESSION[:2]]
    assert states(check_of(Phase.ASKS, (*SESSION, *SESSION[:2]))) == "dddnaaaaa"


def test_steps_are_drawn_with_how_they_stand_in_words_and_foreign_text_as_text():
    drawn = stages([Step("Connect", State.NOW), Step("Greet", State.DONE, "220 <b>hi</b>")])
    assert "aria-label='Going on'" in drawn
    assert drawn.count("aria-current='step'") == 1
    assert "220 &lt;b&gt;hi&lt;/b&gt;" in drawn
