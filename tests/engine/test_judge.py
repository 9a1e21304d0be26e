from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.address import Address, Malformed
from engine.exchange import LookupFailed, MailHost, MailHosts, NoMail
from engine.judge import judge, judge_malformed
from engine.name_lists import use_lists
from engine.never_probed import evidence_unasked
from engine.policy import DEFAULT_POLICY, AcceptAllAs, Policy, Weight
from engine.provider import Provider, Worth, provider_named
from engine.reading import read_reply
from engine.reason import Reason
from engine.reply import Meaning, Reply, Stage, Unreached, reason_of
from engine.traits import Traits
from engine.verdict import AcceptAll, Evidence, Flag, History, Status, Vantage
from pages.parts.reasons import REASONS
from pages.parts.words import FLAGS, STATUSES
from tests.engine.drawn import policies

FIG = Address("fig", "plum.example")
HOSTS = MailHosts((MailHost("mx.plum.example", 10, ("192.0.2.1",)),))
IMPLICIT = MailHosts((MailHost("plum.example", 0, ("192.0.2.1",)),), is_implicit=True)
DEFAULT = Policy()
WORTHLESS, WEAK, GOOD, FAIR = "yahoo", "mimecast", "google", "other"
YES = Reply(250, "2.1.5 ok", Stage.RCPT)
MISSING = Reply(550, "5.1.1 no such user here", Stage.RCPT)
FULL = Reply(552, "5.2.2 mailbox full", Stage.RCPT)
VAGUE = Reply(550, "address rejected", Stage.RCPT)
BLOCKED = Reply(554, "5.7.1 client host blocked, see our block list", Stage.RCPT)
LATER = Reply(451, "4.7.1 greylisted, try again later", Stage.RCPT)
SILENT = Unreached(Stage.BANNER, Reason.TIMEOUT)
BOUNCED = History(hard_bounced_at=200.0, opened_at=100.0)


def evidence(**known) -> Evidence:
    return Evidence(**({"address": FIG, "traits": Traits(), "route": HOSTS} | known))


def judged(known: Evidence, policy: Policy = DEFAULT):
    verdict = judge(known, policy)
    return verdict.status, verdict.reason


# Each line of the table: what makes it apply, in the order of precedence. Later lines are applied first, so
# that each line is seen to beat all that come after it.
TABLE = [
    ({"route": NoMail(Reason.NULL_MX)}, (Status.INVALID, Reason.NULL_MX)),
    ({"history": BOUNCED}, (Status.INVALID, Reason.BOUNCED)),
    ({"rcpt": MISSING}, (Status.INVALID, Reason.MAILBOX_MISSING)),
    ({"rcpt": FULL}, (Status.RISKY, Reason.MAILBOX_FULL)),
    ({"traits": Traits(is_role=True, is_disposable=True)}, (Status.RISKY, Reason.DISPOSABLE)),
    ({"rcpt": BLOCKED}, (Status.UNKNOWN, Reason.BLOCKED)),
    ({"accept_all": AcceptAll.YES, "provider": WEAK}, (Status.ACCEPT_ALL, Reason.ACCEPT_ALL)),
    ({"accept_all": AcceptAll.UNKNOWN, "provider": WEAK}, (Status.UNKNOWN, Reason.WEAK_YES)),
    ({"traits": Traits(is_role=True)}, (Status.RISKY, Reason.ROLE)),
    ({"rcpt": YES}, (Status.VALID, Reason.ACCEPTED)),
]


@pytest.mark.parametrize("line", range(len(TABLE)))
def test_each_line_of_the_table_beats_all_that_come_after_it(line):
    known = evidence()
    for changed, _ in reversed(TABLE[line:]):
        known = replace(known, **changed)

    assert judged(known) == TABLE[line][1]


@pytest.mark.parametrize("later", range(1, len(TABLE)))
def test_each_line_beats_each_later_one_alone(later):
    for line in range(later):
        known = replace(evidence(rcpt=YES), **TABLE[later][0])
        known = replace(known, **TABLE[line][0])

        assert judged(known) == TABLE[line][1], (line, later)


@pytest.mark.parametrize("refusal", [Reason.NO_SUCH_DOMAIN, Reason.NULL_MX, Reason.NO_MAIL_HOST])
def test_a_domain_that_takes_no_mail_is_invalid_by_its_own_reason(refusal):
    assert judged(evidence(route=NoMail(refusal))) == (Status.INVALID, refusal)


@pytest.mark.parametrize("why", [Reason.EMPTY, Reason.MALFORMED])
def test_a_text_that_is_no_address_is_invalid_at_nought(why):
    verdict = judge_malformed(Malformed("quince.at.orchard", why))

    assert (verdict.status, verdict.reason, verdict.confidence) == (Status.INVALID, why, 0)
    assert sum(line.points for line in verdict.ledger) == 0


@pytest.mark.parametrize("alive", [{"opened_at": 300.0}, {"replied_at": 300.0}])
def test_an_open_or_a_reply_after_a_bounce_takes_the_bounce_back(alive):
    bounced = History(hard_bounced_at=200.0)

    assert judged(evidence(rcpt=YES, history=bounced)) == (Status.INVALID, Reason.BOUNCED)
    assert judged(evidence(rcpt=YES, history=replace(bounced, **alive)))[0] is Status.VALID


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (MISSING, Reason.MAILBOX_MISSING),
        (Reply(550, "5.2.1 this mailbox is disabled", Stage.RCPT), Reason.MAILBOX_DISABLED),
        (Reply(550, "5.1.6 mailbox has moved", Stage.RCPT), Reason.MAILBOX_MOVED),
    ],
)
@pytest.mark.parametrize("accept_all", [None, *AcceptAll])
@pytest.mark.parametrize("is_disposable", [False, True])
def test_a_refused_recipient_is_invalid_on_accept_all_and_disposable_domains_too(
    reply, reason, accept_all, is_disposable
):
    disposable = Traits(is_disposable=is_disposable)
    known = evidence(rcpt=reply, control=YES, accept_all=accept_all, traits=disposable)

    assert judged(known) == (Status.INVALID, reason)


@pytest.mark.parametrize(
    ("control", "decision"),
    [
        (None, (Status.UNKNOWN, Reason.UNCLEAR)),
        (YES, (Status.INVALID, Reason.MAILBOX_MISSING)),
        (VAGUE, (Status.UNKNOWN, Reason.BLANKET_REFUSAL)),
        (BLOCKED, (Status.UNKNOWN, Reason.BLANKET_REFUSAL)),
        (LATER, (Status.UNKNOWN, Reason.UNCLEAR)),
    ],
)
def test_a_vague_refusal_counts_only_where_postmaster_is_let_in(control, decision):
    assert read_reply(VAGUE, "").meaning is Meaning.MISSING
    assert not read_reply(VAGUE, "").has_recipient_sense

    assert judged(evidence(rcpt=VAGUE, control=control)) == decision


@pytest.mark.parametrize(
    ("control", "decision"),
    [
        (None, (Status.INVALID, Reason.MAILBOX_MISSING)),
        (YES, (Status.INVALID, Reason.MAILBOX_MISSING)),
        (Reply(550, "5.7.1 no such user", Stage.RCPT), (Status.UNKNOWN, Reason.BLANKET_REFUSAL)),
    ],
)
def test_a_refusal_with_a_code_of_policy_is_not_believed_where_postmaster_is_refused_too(control, decision):
    refused = Reply(550, "5.7.1 no such user", Stage.RCPT)
    assert judged(evidence(rcpt=refused, provider="yandex", control=control)) == decision


def test_a_yes_of_a_host_that_took_a_made_up_address_once_counts_as_accept_all():
    known = evidence(rcpt=YES, accept_all=AcceptAll.UNKNOWN, is_yes_doubtful=True)
    assert judged(known) == (Status.ACCEPT_ALL, Reason.ACCEPT_ALL)
    assert judged(replace(known, rcpt=MISSING))[0] is Status.INVALID


@pytest.mark.parametrize("reply", [FULL, Reply(452, "4.2.2 mailbox full, quota exceeded", Stage.RCPT)])
@pytest.mark.parametrize("accept_all", [None, *AcceptAll])
def test_a_full_mailbox_is_risky_whatever_its_domain(reply, accept_all):
    assert judged(evidence(rcpt=reply, accept_all=accept_all)) == (Status.RISKY, Reason.MAILBOX_FULL)


def test_a_disposable_domain_need_not_be_asked_but_must_have_a_route():
    disposable = Traits(is_disposable=True)

    assert judged(evidence(traits=disposable)) == (Status.RISKY, Reason.DISPOSABLE)
    failed = LookupFailed(Reason.DNS_FAILED)
    assert judged(evidence(traits=disposable, route=failed)) == (Status.UNKNOWN, Reason.DNS_FAILED)


@pytest.mark.parametrize(
    ("known", "reason"),
    [
        ({"route": None}, Reason.NOT_CHECKED),
        ({}, Reason.NOT_CHECKED),
        ({"route": LookupFailed(Reason.DNS_FAILED)}, Reason.DNS_FAILED),
        ({"withheld": Reason.NEVER_PROBED, "route": None}, Reason.NEVER_PROBED),
        ({"rcpt": SILENT}, Reason.TIMEOUT),
        ({"rcpt": Unreached(Stage.CONNECT, Reason.UNREACHABLE)}, Reason.UNREACHABLE),
        ({"rcpt": LATER}, Reason.GREYLISTED),
        ({"rcpt": Reply(252, "2.5.2 cannot verify", Stage.RCPT)}, Reason.UNCLEAR),
        ({"rcpt": BLOCKED}, Reason.BLOCKED),
        ({"rcpt": Reply(554, "5.7.1 relay access denied", Stage.RCPT)}, Reason.RELAY_DENIED),
        ({"rcpt": Reply(550, "5.1.1 no such user", Stage.MAIL)}, Reason.BLOCKED),
    ],
)
@pytest.mark.parametrize("accept_all", [None, AcceptAll.NO, AcceptAll.UNKNOWN])
def test_what_nobody_knows_is_unknown_with_its_reason(known, reason, accept_all):
    assert judged(evidence(accept_all=accept_all, **known)) == (Status.UNKNOWN, reason)


def test_where_anybody_is_accepted_the_unasked_are_accept_all_and_what_spoke_of_us_stays_unknown():
    anybody = evidence(accept_all=AcceptAll.YES)

    assert judged(anybody) == (Status.ACCEPT_ALL, Reason.ACCEPT_ALL)
    assert judged(replace(anybody, traits=Traits(is_role=True)))[0] is Status.ACCEPT_ALL
    assert judged(replace(anybody, rcpt=LATER)) == (Status.UNKNOWN, Reason.GREYLISTED)


@pytest.mark.parametrize(
    ("provider", "worth", "decision"),
    [
        (WORTHLESS, Worth.WORTHLESS, (Status.ACCEPT_ALL, Reason.PROVIDER_ACCEPTS_ANY)),
        (WEAK, Worth.WEAK, (Status.UNKNOWN, Reason.WEAK_YES)),
        (FAIR, Worth.FAIR, (Status.VALID, Reason.ACCEPTED)),
        (GOOD, Worth.GOOD, (Status.VALID, Reason.ACCEPTED)),
    ],
)
def test_the_worth_of_a_providers_yes_decides_where_the_decoy_could_not(provider, worth, decision):
    assert provider_named(provider).yes is worth

    assert judged(evidence(rcpt=YES, accept_all=AcceptAll.UNKNOWN, provider=provider)) == decision


def test_a_weak_yes_is_good_where_the_decoy_was_refused():
    assert judged(evidence(rcpt=YES, accept_all=AcceptAll.NO, provider=WEAK))[0] is Status.VALID


ROLE = {"rcpt": YES, "accept_all": AcceptAll.NO, "traits": Traits(is_role=True)}
FREE = {"rcpt": YES, "accept_all": AcceptAll.NO, "traits": Traits(is_free=True)}
THROWN_AWAY = {"traits": Traits(is_disposable=True)}
ANYBODY = {"accept_all": AcceptAll.YES}
YES_TO_ALL = {"rcpt": YES, "accept_all": AcceptAll.UNKNOWN, "provider": WORTHLESS}
DOUBTFUL = {"rcpt": YES, "accept_all": AcceptAll.UNKNOWN, "is_yes_doubtful": True}
PLAIN = {"rcpt": YES, "accept_all": AcceptAll.NO}
UNASKED = {"rcpt": None, "accept_all": AcceptAll.NO}
FULL_FOR_NOW = Reply(452, "4.2.2 mailbox full", Stage.RCPT)


@pytest.mark.parametrize(
    ("known", "policy", "decision"),
    [
        (ROLE, {"role": Weight.KEPT}, (Status.VALID, Reason.ACCEPTED)),
        (ROLE, {"role": Weight.INVALID}, (Status.INVALID, Reason.ROLE)),
        (FREE, {}, (Status.VALID, Reason.ACCEPTED)),
        (FREE, {"free": Weight.RISKY}, (Status.RISKY, Reason.FREE)),
        (FREE, {"free": Weight.INVALID}, (Status.INVALID, Reason.FREE)),
        (THROWN_AWAY, {"disposable": Weight.INVALID}, (Status.INVALID, Reason.DISPOSABLE)),
        (THROWN_AWAY, {"disposable": Weight.KEPT}, (Status.UNKNOWN, Reason.NOT_CHECKED)),
        ({**THROWN_AWAY, **PLAIN}, {"disposable": Weight.KEPT}, (Status.VALID, Reason.ACCEPTED)),
        ({"rcpt": FULL}, {"full": Weight.INVALID}, (Status.INVALID, Reason.MAILBOX_FULL)),
        ({"rcpt": FULL}, {"full": Weight.KEPT}, (Status.UNKNOWN, Reason.MAILBOX_FULL)),
        ({"rcpt": FULL_FOR_NOW}, {"full": Weight.INVALID}, (Status.RISKY, Reason.MAILBOX_FULL)),
        ({"rcpt": FULL_FOR_NOW}, {"full": Weight.KEPT}, (Status.UNKNOWN, Reason.MAILBOX_FULL)),
        (ANYBODY, {"accept_all": AcceptAllAs.RISKY}, (Status.RISKY, Reason.ACCEPT_ALL)),
        (ANYBODY, {"accept_all": AcceptAllAs.INVALID}, (Status.INVALID, Reason.ACCEPT_ALL)),
        (YES_TO_ALL, {"accept_all": AcceptAllAs.RISKY}, (Status.RISKY, Reason.PROVIDER_ACCEPTS_ANY)),
        (YES_TO_ALL, {"accept_all": AcceptAllAs.INVALID}, (Status.RISKY, Reason.PROVIDER_ACCEPTS_ANY)),
        (DOUBTFUL, {"accept_all": AcceptAllAs.RISKY}, (Status.RISKY, Reason.ACCEPT_ALL)),
        (DOUBTFUL, {"accept_all": AcceptAllAs.INVALID}, (Status.RISKY, Reason.ACCEPT_ALL)),
        (PLAIN, {"least_confidence": 95}, (Status.VALID, Reason.ACCEPTED)),
        (PLAIN, {"least_confidence": 96}, (Status.RISKY, Reason.LOW_CONFIDENCE)),
        (UNASKED, {"least_confidence": 100}, (Status.UNKNOWN, Reason.NOT_CHECKED)),
    ],
)
def test_a_policy_changes_which_lines_apply(known, policy, decision):
    assert judged(evidence(**known), Policy(**policy)) == decision


def test_a_policy_changes_nothing_about_the_order_of_the_lines():
    role_at_accept_all = evidence(rcpt=YES, accept_all=AcceptAll.YES, traits=Traits(is_role=True))
    strict = Policy(role=Weight.INVALID, least_confidence=100)

    assert judged(role_at_accept_all, strict) == (Status.ACCEPT_ALL, Reason.ACCEPT_ALL)
    assert judged(replace(role_at_accept_all, rcpt=SILENT), strict) == (Status.UNKNOWN, Reason.TIMEOUT)


@pytest.mark.parametrize(
    ("no", "control", "decision"),
    [
        ("good", None, (Status.INVALID, Reason.MAILBOX_MISSING)),
        ("fair", None, (Status.INVALID, Reason.MAILBOX_MISSING)),
        ("weak", None, (Status.UNKNOWN, Reason.UNCLEAR)),
        ("weak", YES, (Status.INVALID, Reason.MAILBOX_MISSING)),
        ("worthless", YES, (Status.UNKNOWN, Reason.UNCLEAR)),
    ],
)
def test_a_refusal_is_believed_as_far_as_its_provider_is(monkeypatch, no, control, decision):
    doubtful = Provider("doubtful", "Doubtful", no=Worth(no))
    monkeypatch.setattr("engine.case.provider_named", lambda _: doubtful)

    assert judged(evidence(rcpt=MISSING, control=control, provider=f"doubtful-{no}-{control}")) == decision


@pytest.mark.parametrize(
    ("known", "confidence"),
    [
        ({"rcpt": YES}, 95),
        ({"rcpt": YES, "route": IMPLICIT}, 80),
        ({"rcpt": YES, "traits": Traits(is_role=True)}, 85),
        ({"accept_all": AcceptAll.YES}, 70),
        ({"rcpt": YES, "accept_all": AcceptAll.YES}, 70),
        ({"traits": Traits(is_disposable=True)}, 5),
        ({"rcpt": YES, "history": History(opened_at=1.0)}, 100),
        ({"rcpt": YES, "history": History(hard_bounced_at=1.0, opened_at=2.0)}, 35),
        (YES_TO_ALL, 70),
        ({"rcpt": FULL}, 40),
        ({"rcpt": FULL, "accept_all": AcceptAll.YES, "traits": Traits(is_role=True)}, 30),
        ({"rcpt": MISSING}, 10),
        ({"rcpt": YES, "history": BOUNCED}, 10),
        ({"route": NoMail(Reason.NO_SUCH_DOMAIN)}, 10),
        ({"rcpt": LATER}, 60),
        ({"rcpt": SILENT, "traits": Traits(is_role=True), "route": IMPLICIT}, 40),
        ({"route": LookupFailed(Reason.DNS_FAILED), "traits": Traits(is_disposable=True)}, 20),
    ],
)
def test_the_confidence_is_the_points_within_the_bounds_of_the_status(known, confidence):
    assert judge(evidence(**known), Policy()).confidence == confidence


def test_a_cap_is_a_line_of_the_ledger():
    ledger = judge(evidence(rcpt=MISSING), Policy()).ledger

    assert [line.points for line in ledger] == [40, 25, -55]
    assert ledger[-1].cause == "invalid: kept within 0 to 10"


def test_the_cap_of_a_full_mailbox_is_named_after_it():
    assert judge(evidence(rcpt=FULL), Policy()).ledger[-1].cause == "a full mailbox: kept within 0 to 40"


@pytest.mark.parametrize(
    ("known", "flags"),
    [
        ({"traits": Traits(is_role=True, is_free=True)}, Flag.ROLE | Flag.FREE),
        ({"traits": Traits(is_disposable=True)}, Flag.DISPOSABLE),
        ({"accept_all": AcceptAll.YES}, Flag.ACCEPT_ALL),
        ({"accept_all": AcceptAll.NO}, Flag(0)),
        ({"route": IMPLICIT}, Flag.IMPLICIT_MX),
        ({"traits": Traits(is_random=True)}, Flag.RANDOM),
        ({"traits": Traits(is_impossible=True)}, Flag.IMPOSSIBLE),
    ],
)
def test_flags_say_what_else_is_true(known, flags):
    assert judge(evidence(**known), Policy()).flags == flags


def test_a_typing_error_is_suggested_only_where_the_domain_has_no_mx():
    traits = Traits(suggestion="fig@gmail.com")

    there = judge(evidence(traits=traits), Policy())
    nowhere = judge(evidence(traits=traits, route=NoMail(Reason.NO_SUCH_DOMAIN)), Policy())

    assert (there.suggestion, Flag.TYPO in there.flags) == ("", False)
    assert (nowhere.suggestion, Flag.TYPO in nowhere.flags) == ("fig@gmail.com", True)


def test_a_throw_away_domain_that_looks_like_a_provider_is_taken_for_a_typing_error_though_it_has_mx():
    traits = Traits(suggestion="fig@gmail.com", is_disposable=True)

    verdict = judge(evidence(traits=traits), Policy())

    assert (verdict.status, verdict.reason) == (Status.RISKY, Reason.MISTYPED)
    assert verdict.suggestion == "fig@gmail.com"
    assert (Flag.TYPO in verdict.flags, Flag.DISPOSABLE in verdict.flags) == (True, False)


@pytest.mark.parametrize(
    ("known", "stage"),
    [
        ({"route": None}, Stage.ADDRESS),
        ({"route": NoMail(Reason.NULL_MX)}, Stage.DNS),
        ({"rcpt": SILENT}, Stage.BANNER),
        ({"rcpt": YES}, Stage.RCPT),
    ],
)
def test_the_stage_is_how_far_the_check_came(known, stage):
    assert judge(evidence(**known), Policy()).stage is stage


def test_every_status_reason_and_flag_has_words():
    assert set(STATUSES) == set(Status)
    assert set(REASONS) == set(Reason)
    assert set(FLAGS) == set(Flag)
    assert all(saying.name and saying.advice for saying in (*STATUSES.values(), *REASONS.values()))


def test_every_meaning_of_a_reply_gives_a_reason_with_words():
    assert {reason_of(meaning) for meaning in Meaning} <= set(REASONS)


PHRASES = [
    "5.1.1 no such user here", "5.1.10 recipient not found", "5.2.1 mailbox disabled", "5.2.2 mailbox full",
    "4.2.2 over quota", "5.1.6 has moved", "4.2.1 receiving mail at a rate", "5.7.1 blocked using a list",
    "5.4.1 Recipient address rejected: Access denied", "4.7.1 greylisted", "relaying denied", "user unknown",
    "too many recipients", "4.1.1 unverified address", "mailbox unavailable", "5.7.1 No such user",
]  # fmt: skip
texts = st.lists(st.sampled_from(PHRASES) | st.text(max_size=12), max_size=3).map(" ".join)
providers = st.sampled_from(["", FAIR, GOOD, WEAK, WORTHLESS, "outlook", "gmx", "microsoft365"])
times = st.none() | st.floats(1, 1e9)
anything = st.builds(
    Evidence,
    address=st.just(FIG),
    traits=st.builds(Traits, st.booleans(), st.booleans(), st.booleans(), st.sampled_from(["", "fig@b.cd"])),
    route=st.sampled_from(
        [None, HOSTS, IMPLICIT, LookupFailed(Reason.DNS_FAILED), NoMail(Reason.NULL_MX)]
    ),
    provider=providers,
    rcpt=st.none()
    | st.builds(Reply, st.integers(-1, 999), texts, st.sampled_from([Stage.BANNER, Stage.MAIL, Stage.RCPT]))
    | st.builds(Unreached, st.sampled_from(Stage), st.sampled_from([Reason.TIMEOUT, Reason.BUDGET])),
    accept_all=st.none() | st.sampled_from(AcceptAll),
    control=st.none() | st.builds(Reply, st.integers(200, 599), texts, st.just(Stage.RCPT)),
    withheld=st.none() | st.just(Reason.NEVER_PROBED),
    history=st.builds(History, times, st.integers(0, 3), times, times, times),
    vantage=st.builds(Vantage, st.floats(0, 1), st.booleans()),
)  # fmt: skip


MOVED_BY_POLICIES = {
    Reason.MAILBOX_FULL, Reason.DISPOSABLE, Reason.MISTYPED, Reason.ACCEPT_ALL, Reason.PROVIDER_ACCEPTS_ANY,
    Reason.ROLE, Reason.FREE, Reason.ACCEPTED,
}  # fmt: skip


@given(anything, policies())
def test_any_evidence_gets_a_verdict_whose_ledger_sums_to_its_confidence(known, policy):
    verdict = judge(known, policy)

    assert sum(line.points for line in verdict.ledger) == verdict.confidence
    low, high = {Status.INVALID: (0, 10), Status.UNKNOWN: (20, 60)}.get(verdict.status, (0, 100))
    assert low <= verdict.confidence <= (40 if verdict.reason is Reason.MAILBOX_FULL else high)
    assert verdict.reason in REASONS


@given(anything)
@example(evidence(rcpt=Reply(450, "4.2.1 no such user", Stage.RCPT)))
@example(evidence(rcpt=Reply(421, "5.1.1 no such user", Stage.RCPT)))
@example(evidence(rcpt=Reply(999, "5.1.1 no such user", Stage.RCPT)))
@example(evidence(rcpt=Reply(354, "5.1.1 no such user", Stage.RCPT)))
def test_only_a_5xx_at_rcpt_that_means_the_recipient_makes_an_address_with_a_route_invalid(known):
    known = replace(known, route=HOSTS, history=History())
    if judge(known, Policy()).status is not Status.INVALID:
        return
    assert isinstance(known.rcpt, Reply)
    assert 500 <= known.rcpt.code <= 599
    assert known.rcpt.stage is Stage.RCPT
    meaning = read_reply(known.rcpt, known.provider).meaning
    assert meaning in {Meaning.MISSING, Meaning.DISABLED, Meaning.MOVED}


@given(st.integers(400, 499), texts, providers, st.none() | st.sampled_from(AcceptAll), policies())
def test_a_4xx_becomes_invalid_under_no_policy_that_weighs_only_what_was_answered(
    code, text, provider, accept_all, policy
):
    known = evidence(
        rcpt=Reply(code, text, Stage.RCPT), provider=provider, accept_all=accept_all, control=YES
    )
    meaning = read_reply(known.rcpt, provider).meaning
    if meaning is Meaning.EXISTS:
        return  # a busy mailbox is a mailbox: its domain or its policy may call it anything

    assert judge(known, policy).status is not Status.INVALID


@given(st.sampled_from(Stage), st.sampled_from(Reason), st.none() | st.sampled_from(AcceptAll), policies())
def test_no_answer_at_all_is_unknown_under_every_policy(stage, failure, accept_all, policy):
    known = evidence(rcpt=Unreached(stage, failure), accept_all=accept_all, control=YES)

    assert judged(known, policy) == (Status.UNKNOWN, failure)


@given(anything, policies())
def test_what_the_policy_leaves_alone_is_judged_as_usual(known, policy):
    usual, theirs = judge(known, DEFAULT), judge(known, policy)

    if usual.reason not in MOVED_BY_POLICIES:
        assert (theirs.status, theirs.reason) == (usual.status, usual.reason)


@pytest.mark.parametrize(
    "text",
    [
        "5.7.1 client host [192.0.2.1] blocked, no such user would see this",
        "5.7.1 sender address rejected: user unknown",
        "5.7.23 SPF check failed",
        "5.7.25 reverse DNS missing",
        "5.1.8 sender domain not found",
        "banned sending IP [192.0.2.1]",
        "5.7.606 access denied, banned sending IP",
    ],
)
def test_a_refusal_that_speaks_of_us_never_becomes_invalid(text):
    assert judged(evidence(rcpt=Reply(550, text, Stage.RCPT), control=YES))[0] is Status.UNKNOWN


@pytest.mark.parametrize(
    "text", ["4.2.1 receiving mail at a rate", "2.1.5 ok", "4.2.2 mailbox full", "5.1.1 no such user"]
)
def test_a_421_says_nothing_of_the_recipient(text):
    assert judged(evidence(rcpt=Reply(421, text, Stage.RCPT)))[0] is Status.UNKNOWN


def test_a_busy_mailbox_is_a_mailbox():
    busy = Reply(450, "4.2.1 This user is receiving mail at a rate that is too high", Stage.RCPT)

    assert judged(evidence(rcpt=busy, provider=GOOD)) == (Status.VALID, Reason.ACCEPTED)


def test_what_the_user_changes_in_the_meaning_of_replies_counts_at_once(tmp_path):
    tmp_path.joinpath("replies.toml").write_text('[[row]]\nmeaning = "disabled"\ncodes = ["550"]\n')
    assert read_reply(MISSING, FAIR).meaning is Meaning.MISSING
    try:
        use_lists(tmp_path)
        assert read_reply(MISSING, FAIR).meaning is Meaning.DISABLED
    finally:
        use_lists(None)
    assert read_reply(MISSING, FAIR).meaning is Meaning.MISSING


def test_a_domain_that_a_client_calls_disposable_is_judged_so():
    policy = Policy(disposable_domains=("plum.example",))
    assert judged(evidence(rcpt=YES), policy) == (Status.RISKY, Reason.DISPOSABLE)
    assert Flag.DISPOSABLE in judge(evidence(rcpt=YES), policy).flags
    assert judged(evidence(rcpt=YES), replace(policy, disposable=Weight.KEPT)) == (
        Status.VALID,
        Reason.ACCEPTED,
    )
    assert judged(evidence(rcpt=MISSING), policy) == (Status.INVALID, Reason.MAILBOX_MISSING)


def test_a_domain_that_a_client_trusts_is_never_disposable_nor_risky_for_its_role_accounts():
    policy = Policy(trusted_domains=("plum.example",), role=Weight.INVALID, disposable=Weight.INVALID)
    known = evidence(rcpt=YES, traits=Traits(is_role=True, is_disposable=True))
    assert judged(known, policy) == (Status.VALID, Reason.ACCEPTED)
    assert judge(known, policy).flags == Flag.ROLE
    assert judged(evidence(traits=Traits(is_disposable=True)), policy)[0] is Status.UNKNOWN
    assert judged(known, replace(policy, trusted_domains=("pear.example",)))[0] is Status.INVALID


def test_at_a_domain_that_a_client_has_nobody_asked_at_no_answer_counts():
    policy = Policy(never_probed_domains=("plum.example",), role=Weight.INVALID, disposable=Weight.INVALID)
    known = evidence(rcpt=MISSING, traits=Traits(is_role=True, is_disposable=True))
    assert judged(known, policy) == (Status.UNKNOWN, Reason.NEVER_PROBED)
    assert judged(evidence(rcpt=YES, accept_all=AcceptAll.YES), policy)[1] is Reason.NEVER_PROBED
    assert judge(known, policy).flags == Flag.ROLE | Flag.DISPOSABLE
    assert judged(known, replace(policy, never_probed_domains=("pear.example",)))[0] is Status.INVALID


def test_it_is_judged_there_as_on_the_never_probe_list():
    policy = Policy(never_probed_domains=("plum.example",))
    known = evidence(rcpt=YES)
    assert judge(known, policy) == judge(evidence_unasked(known.address), DEFAULT_POLICY)
