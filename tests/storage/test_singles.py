"""Single addresses: asked first and alone, followed by their rows, kept for a while, and then gone."""

import asyncio
import time

from engine.intake.cell import addresses_in
from engine.never_probed import parse_listed
from engine.policy import Policy
from engine.reason import Reason
from engine.verdict import Status, TraceLine
from storage.again import ask_entry_again
from storage.catalogue import find_lists
from storage.deletion import deleted_lists
from storage.never_probed import Origin, write_lines
from storage.policies import NamedPolicy
from storage.purge import purge_next
from storage.queue import SqlWorkQueue
from storage.singles import (
    MOST_KEPT,
    Phase,
    ask_single,
    is_single,
    read_single,
    recent_singles,
    remove_single,
)
from storage.summaries import standings, summarise


def ask(desk, text, **more) -> int:
    return ask_single(desk.database, addresses_in(text)[0], desk.settings, **more)


def phase(desk, upload) -> Phase:
    return read_single(desk.database, upload).phase


def names(batch) -> list[str]:
    return [str(each.address) for each in batch.recipients]


def purge(desk) -> None:
    with desk.database.writing() as connection:
        while purge_next(connection, time.time()):
            pass


def test_a_single_address_is_followed_from_the_look_up_to_its_answer(desk):
    upload = ask(desk, "fig@orchard.com")
    assert desk.acquire()
    assert phase(desk, upload) is Phase.LOOKS_UP
    desk.resolve()
    assert phase(desk, upload) is Phase.WAITS
    (batch,) = desk.claim()
    assert (batch.is_watched, names(batch)) == (True, ["fig@orchard.com"])
    assert phase(desk, upload) is Phase.ASKS
    desk.settle(desk.answer(batch))
    check = read_single(desk.database, upload)
    assert (check.phase, check.detail.line.status, check.is_reused) == (Phase.OVER, Status.VALID, False)
    assert desk.value("SELECT state FROM upload") == "done"


def test_what_is_said_stands_in_its_row_while_it_is_out(desk):
    upload = ask(desk, "fig@orchard.com")
    assert desk.acquire()
    desk.resolve()
    (batch,) = desk.claim()
    said = (TraceLine("note", "connecting to 127.0.0.1 port 25"), TraceLine("host", "220 mx.orchard.com"))
    asyncio.run(desk.queue.tell(batch.recipients[0].mailbox, said))
    assert read_single(desk.database, upload).detail.trace == said


def test_what_is_told_too_late_changes_no_answer(desk):
    upload = ask(desk, "fig@orchard.com")
    assert desk.acquire()
    desk.resolve()
    (batch,) = desk.claim()
    desk.settle(desk.answer(batch))
    before = read_single(desk.database, upload).detail.trace
    asyncio.run(desk.queue.tell(batch.recipients[0].mailbox, [TraceLine("note", "late")]))
    assert read_single(desk.database, upload).detail.trace == before


def test_it_goes_out_before_a_long_list_and_alone_though_the_list_is_at_its_domain_too(desk):
    desk.begin("email", *(f"pear{n}@plum.com" for n in range(50)), *(f"pear{n}@mill.com" for n in range(60)))
    ask(desk, "fig@mill.com")
    (batch,) = desk.claim(limit=1)
    assert (batch.is_watched, names(batch)) == (True, ["fig@mill.com"])
    assert not any(each.is_watched for each in desk.claim())


def test_its_domain_is_looked_up_before_all_others(desk):
    upload = desk.save("email", *(f"pear@plum{n}.com" for n in range(20)))
    desk.start(upload)
    ask(desk, "fig@orchard.com")
    assert desk.acquire()
    (first, *_) = asyncio.run(desk.queue.claim_domains(1))
    assert first.name == "orchard.com"


def test_it_goes_first_though_many_of_its_domain_were_put_off_and_are_due_again(desk):
    desk.begin("email", *(f"pear{n}@plum.com" for n in range(20)))
    (batch,) = desk.claim()
    desk.settle(desk.put_off(batch, desk.clock() - 1))
    ask(desk, "fig@plum.com")
    (batch,) = desk.claim()
    assert names(batch) == ["fig@plum.com"]


def test_a_domain_is_no_further_ahead_once_its_single_address_has_its_answer(desk):
    desk.begin("email", *(f"pear{n}@plum.com" for n in range(50)), *(f"pear{n}@mill.com" for n in range(40)))
    ask(desk, "fig@mill.com")
    (batch,) = desk.claim(limit=1)
    desk.settle(desk.answer(batch))
    (batch,) = desk.claim(limit=1)
    assert batch.domain.name == "plum.com"


def test_an_answer_that_holds_is_given_at_once_and_can_be_asked_for_anew(desk):
    desk.begin("email", "fig@orchard.com")
    desk.finish()
    upload = ask(desk, "fig@orchard.com")
    check = read_single(desk.database, upload)
    assert (check.is_over, check.is_reused) == (True, True)
    ask_entry_again(desk.database, upload, check.detail.line.entry, desk.settings)
    assert phase(desk, upload) is Phase.WAITS
    assert desk.finish() == ["fig@orchard.com"]
    assert not read_single(desk.database, upload).is_reused


def test_one_that_is_put_off_says_until_when_and_goes_on_by_itself(desk):
    upload = ask(desk, "fig@orchard.com")
    assert desk.acquire()
    desk.resolve()
    (batch,) = desk.claim()
    due_at = desk.clock() + 300
    desk.settle(desk.put_off(batch, due_at))
    check = read_single(desk.database, upload)
    assert (check.phase, check.why, check.until) == (Phase.PUT_OFF, Reason.GREYLISTED, due_at)
    desk.clock.ahead_s = 301
    (batch,) = desk.claim()
    assert (batch.is_watched, batch.recipients[0].attempts) == (True, 1)


def test_one_that_was_out_when_the_engine_was_killed_is_asked_by_the_next(desk, clock):
    upload = ask(desk, "fig@orchard.com")
    assert desk.acquire()
    desk.resolve()
    assert desk.claim()
    clock.ahead_s = 60
    other = SqlWorkQueue(desk.database, desk.settings, clock)
    desk.queue.close()
    desk.queue = other
    assert desk.acquire()
    assert phase(desk, upload) is Phase.WAITS
    (batch,) = desk.claim()
    assert batch.is_watched


def test_what_is_no_address_is_settled_at_once(desk):
    check = read_single(desk.database, ask(desk, "no address"))
    assert (check.is_over, check.address, check.facts) == (True, "", None)
    assert check.detail.line.reason is Reason.MALFORMED


def test_who_is_never_probed_is_settled_unasked(desk):
    write_lines(desk.database, [parse_listed("orchard.com")], Origin("a client's wish"))
    check = read_single(desk.database, ask(desk, "fig@orchard.com"))
    assert (check.is_over, check.detail.line.reason) == (True, Reason.NEVER_PROBED)
    assert desk.acquire()
    assert desk.resolve() == []


def test_who_is_never_probed_for_a_client_is_settled_unasked(desk):
    named = NamedPolicy("Orchard Ltd", Policy(never_probed_domains=("orchard.com",)))
    check = read_single(desk.database, ask(desk, "fig@orchard.com", named=named))
    assert (check.is_over, check.detail.line.reason) == (True, Reason.NEVER_PROBED)
    assert desk.acquire()
    assert desk.resolve() == []


def test_it_is_judged_by_the_policy_that_was_chosen(desk, replies):
    named = NamedPolicy("Orchard Ltd", Policy(least_confidence=100))
    upload = ask(desk, "fig@orchard.com", named=named)
    assert desk.acquire()
    desk.finish()
    check = read_single(desk.database, upload)
    assert check.policy_name == "Orchard Ltd"
    assert check.detail.line.status is not Status.VALID


def test_it_stands_among_no_lists(desk, recount):
    upload = ask(desk, "fig@orchard.com")
    assert standings(desk.database) == []
    assert summarise(desk.database, upload) is None
    assert find_lists(desk.database).whole == 0
    remove_single(desk.database, upload, desk.settings)
    assert deleted_lists(desk.database) == []
    recount(desk)


def test_the_same_text_asked_again_replaces_the_earlier_check(desk):
    first = ask(desk, "fig@orchard.com")
    second = ask(desk, "fig@orchard.com")
    assert [each.upload for each in recent_singles(desk.database)] == [second]
    assert not is_single(desk.database, first)
    assert desk.value("SELECT is_wanted FROM mailbox") == 1


def test_the_last_ones_are_kept_the_latest_first(desk):
    asked = [ask(desk, f"fig{n}@orchard.com") for n in range(MOST_KEPT + 2)]
    kept = recent_singles(desk.database)
    assert [each.upload for each in kept] == asked[:1:-1]
    assert kept[0].line.text == f"fig{MOST_KEPT + 1}@orchard.com"


def test_a_removed_check_goes_with_its_mailbox_unless_a_list_names_it(desk):
    desk.save("email", "pear@plum.com")
    for text in ("fig@orchard.com", "pear@plum.com"):
        remove_single(desk.database, ask(desk, text), desk.settings)
    purge(desk)
    assert [row.local_part for row in desk.rows("SELECT local_part FROM mailbox")] == ["pear"]
    assert [row.name for row in desk.rows("SELECT name FROM domain")] == ["plum.com"]
    assert desk.value("SELECT count(*) FROM upload WHERE is_single = 1") == 0


def test_a_removed_check_asks_nobody(desk):
    remove_single(desk.database, ask(desk, "fig@orchard.com"), desk.settings)
    assert desk.acquire()
    assert desk.resolve() == []


def test_a_list_is_not_removed_as_a_check(desk):
    upload = desk.save("email", "fig@orchard.com")
    remove_single(desk.database, upload, desk.settings)
    assert [each.upload for each in standings(desk.database)] == [upload]
    assert read_single(desk.database, upload) is None
