"""Lists judged again under another policy: from stored evidence alone, all of it, also after a kill."""

import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from engine.address import Address
from engine.exchange import LookupFailed, MailHost, MailHosts, NoMail
from engine.intake.correction import Correction
from engine.judge import judge
from engine.never_probed import parse_listed
from engine.policy import DEFAULT_POLICY, AcceptAllAs, Policy, Weight
from engine.reason import Reason
from engine.reply import Reply, Stage, Unreached
from engine.traits import Traits
from engine.verdict import AcceptAll, Evidence, Flag, History, Vantage
from storage import rejudge
from storage.codec import dump_evidence, load_evidence, shape_of
from storage.never_probed import Origin
from storage.policies import NamedPolicy
from storage.rejudge import apply_policy, finish_judging
from storage.runs import cancel_upload
from storage.withholding import never_probe

HOUSE = Path(__file__).parents[2]
STRICT = NamedPolicy("strict", Policy(AcceptAllAs.INVALID, role=Weight.INVALID, full=Weight.INVALID))
USUAL = NamedPolicy()
UNASKED = NamedPolicy("Orchard", Policy(never_probed_domains=("orchard.com",)))
LIST = ("pear@orchard.com", "info@orchard.com", "fig@orchard.com", "not an address", "PEAR@orchard.com")
ANSWERS = {"pear@orchard.com": "accepted", "info@orchard.com": "accepted", "fig@orchard.com": "full"}


@pytest.fixture
def upload(desk, replies):
    """Give a list with a role account, a full mailbox, a duplicate and a text that is no address, settled."""
    upload = desk.begin(*LIST)
    desk.finish({address: replies[answer] for address, answer in ANSWERS.items()})
    return upload


def _outcomes(desk, upload):
    sql = "SELECT status, reason, confidence, flags, suggestion FROM entry WHERE upload_id = :u ORDER BY row"
    return [tuple(row) for row in desk.rows(sql, u=upload)]


def _statuses(desk, upload):
    return [status for status, *_ in _outcomes(desk, upload)]


def test_another_policy_gives_other_outcomes_and_right_counters(desk, upload, recount):
    assert _statuses(desk, upload) == ["valid", "risky", "risky", "invalid", "valid"]

    assert apply_policy(desk.database, upload, STRICT) == 2
    assert _statuses(desk, upload) == ["valid", "invalid", "invalid", "invalid", "valid"]
    assert [reason for _, reason, *_ in _outcomes(desk, upload)][1:3] == ["role", "mailbox_full"]
    recount(desk)


def test_a_list_by_dns_alone_is_judged_again_by_its_routes(desk, recount):
    fruits = ("pear@mailinator.com", "fig@orchard.com", "PEAR@mailinator.com", "not an address")
    upload = desk.begin(*fruits, is_dns_only=True)
    usual = _outcomes(desk, upload)
    assert [reason for _, reason, *_ in usual] == ["disposable", "dns_only", "disposable", "malformed"]

    apply_policy(desk.database, upload, NamedPolicy("strict", Policy(disposable=Weight.INVALID)))
    assert _statuses(desk, upload) == ["invalid", "unknown", "invalid", "invalid"]
    apply_policy(desk.database, upload, NamedPolicy("mild", Policy(disposable=Weight.KEPT)))
    assert _outcomes(desk, upload)[0][1] == "dns_only"
    apply_policy(desk.database, upload, USUAL)
    assert _outcomes(desk, upload) == usual
    recount(desk)


def test_by_dns_alone_whom_a_policy_has_nobody_ask_about_is_told_the_route_again_by_the_next(desk, recount):
    upload = desk.begin("pear@orchard.com", "fig@mill.com", is_dns_only=True)
    apply_policy(desk.database, upload, UNASKED)
    assert [reason for _, reason, *_ in _outcomes(desk, upload)] == ["never_probed", "dns_only"]
    apply_policy(desk.database, upload, USUAL)
    assert [reason for _, reason, *_ in _outcomes(desk, upload)] == ["dns_only", "dns_only"]
    recount(desk)


@pytest.mark.parametrize("refusal", [Reason.NO_SUCH_DOMAIN, Reason.NULL_MX, Reason.NO_MAIL_HOST])
def test_by_dns_alone_nothing_is_told_of_a_domain_without_mail_where_nobody_is_to_ask(desk, recount, refusal):
    upload = desk.save("pear@orchard.com", is_dns_only=True)
    desk.start(upload)
    desk.acquire()
    desk.resolve(route=NoMail(refusal))
    apply_policy(desk.database, upload, UNASKED)
    assert [reason for _, reason, *_ in _outcomes(desk, upload)] == ["never_probed"]
    apply_policy(desk.database, upload, USUAL)
    assert [reason for _, reason, *_ in _outcomes(desk, upload)] == [refusal]
    recount(desk)


@pytest.mark.parametrize("listed", ["orchard.com", "pear@orhcard.com"])
def test_by_dns_alone_who_is_on_the_never_probe_list_stays_unasked_under_any_policy(desk, listed):
    slips = (Correction("orhcard.com", "orchard.com"),)
    desk.begin("plum@orchard.com")
    upload = desk.save("pear@orhcard.com", is_dns_only=True, corrections=slips)
    never_probe(desk.database, [parse_listed(listed)], Origin())
    desk.start(upload)
    usual = _outcomes(desk, upload)
    assert [reason for _, reason, *_ in usual] == ["never_probed"]
    apply_policy(desk.database, upload, UNASKED)
    apply_policy(desk.database, upload, USUAL)
    assert _outcomes(desk, upload) == usual


def test_and_back_again_is_as_it_was(desk, upload, recount):
    before = _outcomes(desk, upload)
    apply_policy(desk.database, upload, STRICT)

    assert apply_policy(desk.database, upload, USUAL) == 2
    assert _outcomes(desk, upload) == before
    recount(desk)


def test_nothing_is_written_where_nothing_changes(desk, upload):
    heard = []
    assert apply_policy(desk.database, upload, USUAL, heard.append) == 0
    assert heard == [], "it has that policy already"

    only_name = NamedPolicy("same", DEFAULT_POLICY)
    assert apply_policy(desk.database, upload, only_name) == 0
    assert desk.value("SELECT policy_name FROM upload WHERE id = :upload", upload=upload) == "same"


def test_the_share_that_is_done_is_told(desk, upload, monkeypatch):
    monkeypatch.setattr(rejudge, "CHUNK_ROWS", 2)
    heard = []
    apply_policy(desk.database, upload, STRICT, heard.append)
    assert heard == [0.4, 0.8, 1.0]


def test_a_list_goes_its_own_way_where_two_name_one_mailbox(desk, upload, recount):
    other = desk.begin("info@orchard.com")
    apply_policy(desk.database, upload, STRICT)

    assert _statuses(desk, upload)[1] == "invalid"
    assert _statuses(desk, other) == ["risky"]
    recount(desk)


def test_answers_that_come_later_are_judged_by_each_lists_own_policy(desk, replies, recount):
    strict, usual = desk.save("info@orchard.com"), desk.save("info@orchard.com")
    apply_policy(desk.database, strict, STRICT)
    for upload in (strict, usual):
        desk.start(upload)
    desk.acquire()
    desk.finish(replies["accepted"])

    assert (_statuses(desk, strict), _statuses(desk, usual)) == (["invalid"], ["risky"])
    assert desk.value("SELECT status FROM settled_check") == "risky", "the history is by the usual policy"
    recount(desk)


def test_answers_that_still_hold_are_reused_under_the_lists_own_policy(desk, upload, recount):
    other = desk.save("info@orchard.com")
    apply_policy(desk.database, other, STRICT)
    desk.start(other)

    assert _statuses(desk, other) == ["invalid"]
    recount(desk)


def test_what_an_entry_is_in_its_list_stays_through_a_change_of_policy(desk, upload):
    reused = desk.begin("info@orchard.com", "info@orchard.com")
    before = [flags for *_, flags, _ in _outcomes(desk, reused)]
    apply_policy(desk.database, reused, STRICT)

    assert [flags for *_, flags, _ in _outcomes(desk, reused)] == before
    assert Flag.REUSED | Flag.DUPLICATE | Flag.ROLE in Flag(before[1])


def test_an_outcome_that_does_not_rest_on_evidence_is_kept(desk, upload, recount):
    with desk.database.writing() as connection:
        connection.execute(text("UPDATE mailbox SET expires_at = checked_at - 1"))
    cancelled = desk.begin("info@orchard.com", "quince@orchard.com")
    cancel_upload(desk.database, cancelled, desk.settings)
    before = _outcomes(desk, cancelled)
    assert [reason for _, reason, *_ in before] == ["not_checked", "not_checked"]

    assert apply_policy(desk.database, cancelled, STRICT) == 0
    assert _outcomes(desk, cancelled) == before
    recount(desk)


def test_a_list_that_is_still_running_is_judged_as_far_as_it_is(desk, replies, recount):
    upload = desk.begin("info@orchard.com", "info@mill.com")
    first, second = desk.claim()
    desk.settle(desk.answer(first, replies["accepted"]))

    assert apply_policy(desk.database, upload, STRICT) == 1
    desk.settle(desk.answer(second, replies["accepted"]))
    assert _statuses(desk, upload) == ["invalid", "invalid"]
    recount(desk)


def test_an_entry_that_was_settled_anew_meanwhile_is_left_to_its_newer_answer(desk, upload, replies, recount):
    """The engine settles the role account as missing between our look at it and our writing."""

    class Interrupted(type(desk.database)):
        is_new = True

        @contextmanager
        def reading(self):
            with super().reading() as connection:
                yield connection
            if self.is_new and desk.value("SELECT policy FROM upload WHERE id = :u", u=upload) != "{}":
                self.is_new = False
                desk.begin("info@orchard.com", reuse_days=0.0)
                desk.finish(replies["missing"])

    interrupted = Interrupted(Path(desk.database.place), desk.database._reading, desk.database._writing)
    apply_policy(interrupted, upload, STRICT)

    assert not interrupted.is_new
    assert _outcomes(desk, upload)[1][:2] == ("invalid", "mailbox_missing")
    assert _statuses(desk, upload)[2] == "invalid"
    recount(desk)


KILLED_AT_UPDATE = """
import os, signal, sys
from sqlalchemy import Engine, event
from engine.policy import AcceptAllAs, Policy, Weight
from storage import rejudge
from storage.database import open_database
from storage.policies import NamedPolicy

rejudge.CHUNK_ROWS = 2
deadly, seen = int(sys.argv[2]), 0
strict = NamedPolicy("strict", Policy(AcceptAllAs.INVALID, role=Weight.INVALID, full=Weight.INVALID))
database = open_database(sys.argv[1])

def count(statement):
    global seen
    seen += "UPDATE" in statement
    if seen == deadly:
        os.kill(os.getpid(), signal.SIGKILL)

@event.listens_for(Engine, "checkout")
def watch(connection, *rest):
    connection.set_trace_callback(count)

rejudge.apply_policy(database, int(sys.argv[3]), strict)
print(seen)
"""


@pytest.mark.parametrize("deadly", [2, 3, 4, 5])
def test_what_a_kill_broke_off_is_done_when_the_house_is_opened(desk, upload, database_file, recount, deadly):
    command = [sys.executable, "-c", KILLED_AT_UPDATE, f"sqlite:///{database_file}", str(deadly), str(upload)]
    killed = subprocess.run(command, cwd=HOUSE, capture_output=True, text=True, timeout=60, check=False)
    assert killed.returncode == -signal.SIGKILL, killed
    recount(desk)

    finish_judging(desk.database)
    assert _statuses(desk, upload) == ["valid", "invalid", "invalid", "invalid", "valid"]
    assert desk.value("SELECT policy = judged_policy FROM upload WHERE id = :u", u=upload)
    recount(desk)


def test_what_was_broken_off_on_the_way_there_and_back_is_done_too(desk, upload, monkeypatch):
    class Broken(Exception):
        pass

    def give_up(_share):
        raise Broken

    before = _outcomes(desk, upload)
    with pytest.raises(Broken):
        apply_policy(desk.database, upload, STRICT, give_up)
    assert _outcomes(desk, upload) != before

    apply_policy(desk.database, upload, USUAL)
    assert _outcomes(desk, upload) == before


def test_a_list_that_is_gone_is_no_trouble(desk):
    assert apply_policy(desk.database, 99, STRICT) == 0


texts = st.sampled_from(
    [
        "2.1.5 ok",
        "5.1.1 <fig@plum.example>: Recipient address rejected: User unknown",
        "5.1.1 fig@plum.example does not exist",
        "mailbox fig@plum.example: full, over quota",
        "5.7.1 client host blocked",
        "5.1.1 no such user a640c23a62f3a-b9f5c7d1e2fsi000000123a12.34 - gsmtp",
        "5.7.1 OFR005_505 client [192.168.100.200] blocked 2024-05-09T23:11:22.123Z 08DC8850F12E1502",
        "4.7.1 greylisted",
        "address rejected",
    ]
)
replies_ = st.builds(Reply, st.sampled_from([250, 252, 450, 451, 550, 552, 554]), texts, st.just(Stage.RCPT))
anything = st.builds(
    Evidence,
    address=st.just(Address("fig", "plum.example")),
    traits=st.builds(
        Traits, st.booleans(), st.booleans(), st.booleans(), st.sampled_from(["", "fig@plum.com"])
    ),
    route=st.sampled_from(
        [
            None,
            MailHosts((MailHost("mx.plum.example", 10, ("192.0.2.1",)),)),
            MailHosts((MailHost("plum.example", 0),), is_implicit=True),
            NoMail(Reason.NULL_MX),
            LookupFailed(Reason.DNS_FAILED, "SERVFAIL"),
        ]
    ),
    provider=st.sampled_from(["", "other", "google", "yahoo", "mimecast"]),
    rcpt=st.none() | replies_ | st.builds(Unreached, st.sampled_from(Stage), st.just(Reason.TIMEOUT)),
    accept_all=st.none() | st.sampled_from(AcceptAll),
    control=st.none() | replies_,
    withheld=st.none() | st.just(Reason.NEVER_PROBED),
    mx_host=st.sampled_from(["", "mx.plum.example"]),
    history=st.builds(History, st.none() | st.floats(1, 9), opened_at=st.none() | st.floats(1, 9)),
    vantage=st.builds(Vantage, st.floats(0, 1), st.booleans()),
    decoy=st.none() | replies_,
    is_yes_doubtful=st.booleans(),
)


@given(anything, st.sampled_from([DEFAULT_POLICY, STRICT.policy, Policy(free=Weight.RISKY)]))
def test_a_shape_is_judged_as_the_evidence_it_was_made_of(known, policy):
    asked, shape = judge(known, policy), judge(load_evidence(shape_of(dump_evidence(known))), policy)

    assert (shape.status, shape.reason, shape.confidence, shape.flags) == (
        asked.status, asked.reason, asked.confidence, asked.flags,
    )  # fmt: skip


def test_addresses_that_were_answered_alike_share_one_shape():
    def evidence(local_part: str, host: str) -> str:
        address = Address(local_part, "plum.example")
        reply = Reply(550, f"5.1.1 <{address}>: no such user", Stage.RCPT)
        route = MailHosts((MailHost(host, 10, ("192.0.2.1",)),))
        return dump_evidence(Evidence(address, Traits(), route, rcpt=reply, mx_host=host))

    assert shape_of(evidence("fig", "mx1.plum.example")) == shape_of(evidence("quince", "mx2.plum.example"))
    assert "plum" not in shape_of(evidence("fig", "mx1.plum.example"))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("2.1.5 OK a640c23a62f3a-b9f5c7d1e2fsi000000123a12.34 - gsmtp", "2.1.5 OK  - gsmtp"),
        ("denied [XY8.eop.example 2024-05-09T23:11:22.123Z 08DC8850F12E1502]", "denied [XY8.eop.example  ]"),
        ("5.7.1 OFR005_505 refused, see mx12.host-345678.example", None),
        ("5.7.606 client [192.168.100.200] blocked by zen.spamhaus.org", None),
        ("please call 00491701234567890", None),
    ],
)
def test_what_a_host_writes_to_find_a_session_again_is_no_part_of_a_shape(text, left):
    reply = Reply(550, text, Stage.RCPT)
    shape = load_evidence(
        shape_of(dump_evidence(Evidence(Address("fig", "plum.example"), Traits(), rcpt=reply)))
    )
    assert shape.rcpt.text == (text if left is None else left)


def test_a_corrected_address_stays_told_as_such_whatever_the_policy(desk, replies, recount):
    corrections = (Correction("gmial.com", "gmail.com"),)
    upload = desk.begin("email", "info@gmial.com", corrections=corrections)
    desk.finish({"info@gmail.com": replies["accepted"]})
    assert apply_policy(desk.database, upload, STRICT) == 1
    ((status, _, _, flags, suggestion),) = _outcomes(desk, upload)
    assert (status, suggestion, Flag.CORRECTED in Flag(flags)) == ("invalid", "", True)
    recount(desk)


def test_a_list_is_not_judged_again_where_only_its_limits_for_sending_are_new(desk, upload):
    heard = []
    lenient = NamedPolicy("lenient", Policy(least_valid=50, most_bounces=9.0))
    assert apply_policy(desk.database, upload, lenient, heard.append) == 0
    assert heard == []
    assert desk.value("SELECT policy = judged_policy FROM upload WHERE id = :u", u=upload)


def test_a_clients_own_word_on_a_domain_comes_and_goes_with_its_policy(desk, upload, recount):
    before = _outcomes(desk, upload)
    own = NamedPolicy("own", Policy(disposable_domains=("orchard.com",), disposable=Weight.INVALID))
    apply_policy(desk.database, upload, own)
    assert [reason for _, reason, *_ in _outcomes(desk, upload)] == [
        "disposable", "disposable", "mailbox_full", "malformed", "disposable",
    ]  # fmt: skip
    recount(desk)

    apply_policy(desk.database, upload, NamedPolicy("trust", Policy(trusted_domains=("orchard.com",))))
    assert _statuses(desk, upload) == ["valid", "valid", "risky", "invalid", "valid"]
    apply_policy(desk.database, upload, USUAL)
    assert _outcomes(desk, upload) == before
    recount(desk)


def test_a_trusted_domain_of_a_list_by_dns_alone_is_disposable_again_under_the_usual_policy(desk, recount):
    upload = desk.begin("pear@mailinator.com", is_dns_only=True)
    before = _outcomes(desk, upload)
    apply_policy(desk.database, upload, NamedPolicy("own", Policy(trusted_domains=("mailinator.com",))))
    assert _outcomes(desk, upload)[0][:2] == ("unknown", "dns_only")
    apply_policy(desk.database, upload, USUAL)
    assert _outcomes(desk, upload) == before
    recount(desk)
