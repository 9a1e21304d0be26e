"""Asking again in lists that have ended."""

import pytest

from engine.disposition import settle_withheld
from engine.intake.correction import Correction
from engine.never_probed import Listed, ListedAs
from engine.policy import Policy
from engine.reason import Reason
from engine.retry import Terms
from engine.verdict import Flag, Status
from storage.again import ask_entry_again, ask_unknown_again, count_let_go
from storage.entries import Search, find_entries
from storage.never_probed import Origin, remove_lines
from storage.policies import NamedPolicy
from storage.rejudge import apply_policy
from storage.runs import cancel_upload, delete_upload, pause_upload
from storage.withholding import never_probe


@pytest.fixture
def told(desk):
    """Give each address of a list with its status, reason and flags."""

    def tell(upload):
        lines = find_entries(desk.database, upload, Search())
        return {line.text: (line.status, line.reason) for line in lines}

    return tell


def _state(desk, upload):
    return desk.value("SELECT state FROM upload WHERE id = :upload", upload=upload)


def _unclear(desk, replies, *lines, **choice):
    """Check a list to its end, in which `fig` has no answer that says anything."""
    upload = desk.begin(*lines, **choice)
    while batches := desk.claim():
        answers = {
            str(each.address): replies["unclear" if each.address.local_part == "fig" else "accepted"]
            for batch in batches
            for each in batch.recipients
        }
        desk.settle(*(desk.answer(batch, answers) for batch in batches))
    return upload


@pytest.fixture
def answers(replies):
    from engine.reply import Reply, Stage

    return replies | {"unclear": Reply(554, "no", Stage.RCPT)}


def test_unknown_addresses_are_asked_again_and_no_others(desk, answers, told, recount):
    upload = _unclear(desk, answers, "fig@orchard.com", "plum@orchard.com", "fig@mill.com", "FIG@orchard.com")
    assert _state(desk, upload) == "done"
    before = told(upload)
    assert before["fig@orchard.com"][0] is Status.UNKNOWN
    ask_unknown_again(desk.database, upload, desk.settings)
    assert _state(desk, upload) == "running"
    recount(desk)
    assert sorted(desk.finish()) == ["fig@mill.com", "fig@orchard.com"]
    after = told(upload)
    assert {status for status, _ in after.values()} == {Status.VALID}
    assert _state(desk, upload) == "done"
    recount(desk)


def test_a_list_without_unknown_addresses_is_done_at_once(desk, recount):
    upload = desk.begin("plum@orchard.com")
    desk.finish()
    ask_unknown_again(desk.database, upload, desk.settings)
    assert _state(desk, upload) == "done"
    recount(desk)


def test_what_was_left_when_a_list_ended_early_is_asked_about(desk, told, recount):
    upload = desk.begin("plum@orchard.com", "fig@mill.com")
    cancel_upload(desk.database, upload, desk.settings)
    ask_unknown_again(desk.database, upload, desk.settings)
    assert sorted(desk.finish()) == ["fig@mill.com", "plum@orchard.com"]
    assert {status for status, _ in told(upload).values()} == {Status.VALID}
    assert _state(desk, upload) == "done"
    recount(desk)


def test_nobody_of_the_never_probe_list_is_asked_again(desk, told, recount):
    upload = desk.begin("plum@orchard.com")
    never_probe(desk.database, [Listed(ListedAs.DOMAIN, "orchard.com")], Origin("a partner"))
    assert told(upload)["plum@orchard.com"] == (Status.UNKNOWN, Reason.NEVER_PROBED)
    ask_unknown_again(desk.database, upload, desk.settings)
    assert desk.finish() == []
    assert told(upload)["plum@orchard.com"] == (Status.UNKNOWN, Reason.NEVER_PROBED)
    recount(desk)


LINE = Listed(ListedAs.DOMAIN, "orchard.com")


@pytest.mark.parametrize(
    ("is_dns_only", "outcome"),
    [(False, (Status.VALID, Reason.ACCEPTED)), (True, (Status.UNKNOWN, Reason.DNS_ONLY))],
)
def test_who_was_taken_off_the_never_probe_list_is_asked_about(desk, told, recount, is_dns_only, outcome):
    never_probe(desk.database, [LINE, Listed(ListedAs.DOMAIN, "mill.com")], Origin())
    upload = desk.begin("plum@orchard.com", "fig@mill.com", "PLUM@orchard.com", is_dns_only=is_dns_only)
    assert count_let_go(desk.database, upload) == 0
    remove_lines(desk.database, [LINE])
    assert count_let_go(desk.database, upload) == 2
    ask_unknown_again(desk.database, upload, desk.settings)
    desk.finish()
    assert told(upload) == {
        "plum@orchard.com": outcome,
        "PLUM@orchard.com": outcome,
        "fig@mill.com": (Status.UNKNOWN, Reason.NEVER_PROBED),
    }
    assert _state(desk, upload) == "done"
    recount(desk)


def test_who_a_policy_held_back_is_asked_about_once_it_lets_go(desk, told, recount):
    client = NamedPolicy("Orchard", Policy(never_probed_domains=("orchard.com",)))
    upload = desk.begin("plum@orchard.com", policy=client)
    assert told(upload) == {"plum@orchard.com": (Status.UNKNOWN, Reason.NEVER_PROBED)}
    assert count_let_go(desk.database, upload) == 0
    apply_policy(desk.database, upload, NamedPolicy())
    assert count_let_go(desk.database, upload) == 1
    ask_unknown_again(desk.database, upload, desk.settings)
    assert desk.finish() == ["plum@orchard.com"]
    recount(desk)


def test_who_is_listed_as_one_way_it_is_written_is_not_offered_to_be_asked_about(desk, recount):
    line = Listed(ListedAs.ADDRESS, "bob@gmial.com")
    domain = Listed(ListedAs.DOMAIN, "gmail.com")
    never_probe(desk.database, [domain], Origin())
    slips = (Correction("gmial.com", "gmail.com"),)
    upload = desk.begin("bob@gmial.com", "bob@gmail.com", "fig@gmial.com", corrections=slips)
    never_probe(desk.database, [line], Origin())
    remove_lines(desk.database, [domain])
    assert count_let_go(desk.database, upload) == 1
    ask_unknown_again(desk.database, upload, desk.settings)
    assert desk.finish() == ["fig@gmail.com"]
    assert count_let_go(desk.database, upload) == 0
    recount(desk)


def test_whose_mail_host_may_not_be_connected_to_is_not_let_go(desk, told):
    upload = _withheld(desk, "plum@orchard.com")
    assert told(upload) == {"plum@orchard.com": (Status.UNKNOWN, Reason.NEVER_PROBED)}
    assert count_let_go(desk.database, upload) == 0


def test_whose_mail_host_may_be_connected_to_again_is_asked_about(desk, told, recount):
    upload = _withheld(desk, "plum@orchard.com", "PLUM@orchard.com")
    remove_lines(desk.database, [HOST])
    assert count_let_go(desk.database, upload) == 2
    ask_unknown_again(desk.database, upload, desk.settings)
    assert desk.finish() == ["plum@orchard.com"]
    assert {status for status, _ in told(upload).values()} == {Status.VALID}
    recount(desk)


def test_who_is_held_back_by_a_mail_host_as_well_is_not_let_go_with_its_own_line(desk):
    upload = _withheld(desk, "plum@orchard.com")
    other = desk.save("n,email", "1,plum@orchard.com")
    never_probe(desk.database, [LINE], Origin())
    desk.start(other)
    remove_lines(desk.database, [LINE])
    assert (count_let_go(desk.database, upload), count_let_go(desk.database, other)) == (0, 0)
    remove_lines(desk.database, [HOST])
    assert (count_let_go(desk.database, upload), count_let_go(desk.database, other)) == (1, 1)


HOST = Listed(ListedAs.MX, "mx.orchard.com")


def _withheld(desk, *lines):
    """Check a list whose mail host nobody may connect to."""
    never_probe(desk.database, [HOST], Origin())
    upload = desk.begin(*lines)
    (batch,) = desk.claim()
    desk.settle(settle_withheld(batch, batch.withheld, Terms(desk.settings, desk.clock())))
    return upload


def test_a_list_that_has_not_ended_goes_on_as_it_is(desk):
    upload = desk.begin("plum@orchard.com")
    pause_upload(desk.database, upload, desk.settings)
    ask_unknown_again(desk.database, upload, desk.settings)
    assert _state(desk, upload) == "paused"


def test_other_lists_keep_their_answer_until_there_is_a_new_one(desk, answers, told):
    upload = _unclear(desk, answers, "fig@orchard.com")
    other = desk.save("n,email", "1,fig@orchard.com")
    desk.start(other)
    ask_unknown_again(desk.database, upload, desk.settings)
    assert told(other)["fig@orchard.com"][0] is Status.UNKNOWN
    desk.finish()
    assert told(other)["fig@orchard.com"][0] is Status.VALID


def _entry(desk, upload, text):
    return next(e.entry for e in find_entries(desk.database, upload, Search()) if e.text == text)


def test_one_address_is_asked_again_though_its_answer_still_holds(desk, told, recount, replies):
    upload = desk.begin("plum@orchard.com", "fig@orchard.com", "PLUM@orchard.com")
    desk.finish()
    before = told(upload)
    ask_entry_again(desk.database, upload, _entry(desk, upload, "plum@orchard.com"), desk.settings)
    assert _state(desk, upload) == "running"
    recount(desk)
    assert desk.finish(replies["missing"]) == ["plum@orchard.com"]
    after = told(upload)
    assert after["plum@orchard.com"][0] is after["PLUM@orchard.com"][0] is Status.INVALID
    assert after["fig@orchard.com"] == before["fig@orchard.com"]
    assert _state(desk, upload) == "done"
    recount(desk)


def test_one_address_asked_again_comes_before_all_others(desk):
    first = desk.begin("plum@orchard.com")
    desk.finish()
    desk.begin(*(f"fig{n}@mill{n}.com" for n in range(9)), *(f"pear{n}@orchard.com" for n in range(30)))
    ask_entry_again(desk.database, first, _entry(desk, first, "plum@orchard.com"), desk.settings)
    (batch,) = desk.claim(1)
    assert str(batch.recipients[0].address) == "plum@orchard.com"


def test_one_address_of_a_running_list_is_asked_again_and_the_list_runs_on(desk, replies):
    upload = desk.begin("plum@orchard.com", "fig@mill.com")
    batch = next(each for each in desk.claim() if each.domain.name == "orchard.com")
    desk.settle(desk.answer(batch, replies["missing"]))
    ask_entry_again(desk.database, upload, _entry(desk, upload, "plum@orchard.com"), desk.settings)
    assert _state(desk, upload) == "running"
    assert desk.finish() == ["plum@orchard.com"]


@pytest.mark.parametrize("text", ["no address"])
def test_what_is_no_address_is_not_asked_about(desk, text):
    upload = desk.begin("n,email", f"1,{text}", "2,plum@orchard.com")
    desk.finish()
    ask_entry_again(desk.database, upload, _entry(desk, upload, text), desk.settings)
    assert _state(desk, upload) == "done"


def test_a_list_by_dns_alone_asks_no_host_again(desk):
    upload = desk.begin("plum@orchard.com", is_dns_only=True)
    desk.finish()
    assert _state(desk, upload) == "done"
    ask_unknown_again(desk.database, upload, desk.settings)
    ask_entry_again(desk.database, upload, _entry(desk, upload, "plum@orchard.com"), desk.settings)
    assert _state(desk, upload) == "done"


@pytest.mark.parametrize("ask", ["one address", "all unknown"])
def test_a_deleted_list_asks_nobody_again_and_stays_as_it_was(desk, told, ask, recount):
    upload = desk.begin("plum@orchard.com")
    cancel_upload(desk.database, upload, desk.settings)
    before, entry = told(upload), _entry(desk, upload, "plum@orchard.com")
    delete_upload(desk.database, upload, desk.settings)
    if ask == "one address":
        ask_entry_again(desk.database, upload, entry, desk.settings)
    else:
        ask_unknown_again(desk.database, upload, desk.settings)
    assert desk.finish() == []
    assert _state(desk, upload) == "cancelled"
    assert told(upload) == before
    recount(desk)


def test_a_list_that_ends_early_while_it_asks_again_keeps_the_answers_it_had(desk, answers, told, recount):
    upload = _unclear(desk, answers, "plum@orchard.com", "fig@mill.com")
    before = told(upload)
    ask_unknown_again(desk.database, upload, desk.settings)
    ask_entry_again(desk.database, upload, _entry(desk, upload, "plum@orchard.com"), desk.settings)
    cancel_upload(desk.database, upload, desk.settings)
    assert told(upload) == before
    assert desk.finish() == []
    recount(desk)


def test_a_list_that_ends_early_keeps_no_answer_from_before_its_time(desk, told):
    first = desk.begin("plum@orchard.com")
    desk.finish()
    anew = desk.begin("plum@orchard.com", reuse_days=0.0)
    cancel_upload(desk.database, anew, desk.settings)
    assert told(anew)["plum@orchard.com"] == (Status.UNKNOWN, Reason.NOT_CHECKED)
    assert told(first)["plum@orchard.com"][0] is Status.VALID


def test_a_corrected_address_is_asked_again_at_the_right_domain(desk, replies):
    upload = desk.begin("email", "plum@gmial.com", corrections=(Correction("gmial.com", "gmail.com"),))
    desk.finish({"plum@gmail.com": replies["accepted"]})
    (line,) = find_entries(desk.database, upload, Search())
    ask_entry_again(desk.database, upload, line.entry, desk.settings)
    assert desk.finish({"plum@gmail.com": replies["missing"]}) == ["plum@gmail.com"]
    (line,) = find_entries(desk.database, upload, Search())
    assert (line.text, line.corrected, line.status) == ("plum@gmial.com", "plum@gmail.com", Status.INVALID)
    assert Flag.CORRECTED in line.flags
