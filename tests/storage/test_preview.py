"""What a policy would do to a list: worked out from its evidence, and never written."""

import pytest

from engine.policy import DEFAULT_POLICY, AcceptAllAs, Policy, Weight
from engine.reason import Reason
from engine.verdict import AcceptAll, Status
from storage import preview
from storage.policies import NamedPolicy
from storage.preview import Move, preview_policy
from storage.rejudge import apply_policy

LIST = ("pear@orchard.com", "info@orchard.com", "fig@orchard.com", "not an address", "PEAR@orchard.com")
ANSWERS = {"pear@orchard.com": "accepted", "info@orchard.com": "accepted", "fig@orchard.com": "full"}
STRICT = Policy(AcceptAllAs.INVALID, role=Weight.INVALID, full=Weight.INVALID)


@pytest.fixture
def upload(desk, replies):
    upload = desk.begin(*LIST)
    desk.finish({address: replies[answer] for address, answer in ANSWERS.items()})
    return upload


def _statuses(desk, upload):
    rows = desk.rows("SELECT status FROM entry WHERE upload_id = :u ORDER BY row", u=upload)
    return [status for (status,) in rows]


def test_it_counts_what_would_move_and_names_a_few_without_writing_anything(desk, upload):
    before = _statuses(desk, upload)
    seen = preview_policy(desk.database, upload, STRICT)

    assert (seen.now[Status.RISKY], seen.then[Status.RISKY]) == (2, 0)
    assert (seen.now[Status.INVALID], seen.then[Status.INVALID]) == (1, 3)
    assert {*seen.moves} == {
        Move(Status.RISKY, Status.INVALID, Reason.ROLE, 1, ("info@orchard.com",)),
        Move(Status.RISKY, Status.INVALID, Reason.MAILBOX_FULL, 1, ("fig@orchard.com",)),
    }
    assert (seen.changed, seen.judged, seen.whole, seen.is_exact) == (2, 5, 5, True)
    assert _statuses(desk, upload) == before
    assert desk.value("SELECT policy FROM upload WHERE id = :u", u=upload) == "{}"


@pytest.mark.parametrize(
    "policy",
    [
        DEFAULT_POLICY,
        STRICT,
        Policy(role=Weight.KEPT, least_confidence=96),
        Policy(trusted_domains=("orchard.com",)),
        Policy(disposable_domains=("orchard.com",)),
        Policy(never_probed_domains=("orchard.com",)),
    ],
)
def test_what_it_says_is_what_comes_of_giving_the_list_that_policy(desk, upload, policy):
    said = preview_policy(desk.database, upload, policy).then
    apply_policy(desk.database, upload, NamedPolicy("Orchard", policy))
    now = preview_policy(desk.database, upload, policy)
    assert now.now == said
    assert now.moves == ()


def test_a_domain_of_the_clients_own_word_is_found_among_many_others(desk, replies, monkeypatch):
    monkeypatch.setattr(preview, "OF_EACH_KIND", 2)
    monkeypatch.setattr(preview, "MOST_LOOKED_AT", 1)
    upload = desk.begin(*(f"pear{number}@orchard.com" for number in range(40)), "pear@mail.mill.com")
    desk.finish(replies["accepted"])

    seen = preview_policy(desk.database, upload, Policy(disposable_domains=("mill.com",)))
    assert [(move.addresses, move.examples) for move in seen.moves] == [(1, ("pear@mail.mill.com",))]
    assert not seen.is_exact


def test_some_of_each_kind_stand_for_all_of_it_and_the_same_ones_each_time(desk, replies, monkeypatch):
    monkeypatch.setattr(preview, "OF_EACH_KIND", 5)
    upload = desk.begin(*(f"pear{number}@orchard.com" for number in range(40)), "info@orchard.com")
    desk.finish(replies["accepted"])

    seen = preview_policy(desk.database, upload, Policy(least_confidence=100))
    assert (seen.judged, seen.whole) == (6, 41)
    assert seen.then[Status.RISKY] == 41
    assert seen == preview_policy(desk.database, upload, Policy(least_confidence=100))


def test_of_a_large_list_a_part_is_looked_at(desk, replies, monkeypatch):
    monkeypatch.setattr(preview, "MOST_LOOKED_AT", 200)
    upload = desk.begin(*(f"pear{number}@orchard.com" for number in range(1_000)))
    desk.finish(replies["accepted"])

    seen = preview_policy(desk.database, upload, Policy(least_confidence=100))
    assert seen.judged < 300
    assert 700 < seen.then[Status.RISKY] <= 1_000


def test_accept_all_moves_as_the_policy_says(desk, replies):
    upload = desk.save("pear@orchard.com")
    desk.start(upload)
    desk.acquire()
    desk.resolve(accept_all=AcceptAll.YES)
    desk.finish(replies["accepted"])

    (move,) = preview_policy(desk.database, upload, Policy(AcceptAllAs.RISKY)).moves
    assert (move.before, move.after, move.addresses) == (Status.ACCEPT_ALL, Status.RISKY, 1)


def test_a_list_by_dns_alone_is_judged_by_its_routes(desk):
    upload = desk.begin("pear@mailinator.com", "fig@orchard.com", is_dns_only=True)
    (move,) = preview_policy(desk.database, upload, Policy(trusted_domains=("mailinator.com",))).moves
    assert (move.before, move.after) == (Status.RISKY, Status.UNKNOWN)


def test_there_is_nothing_to_say_of_a_list_that_is_gone(desk):
    assert preview_policy(desk.database, 99, STRICT) is None
