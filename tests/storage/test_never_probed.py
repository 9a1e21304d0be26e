"""The never-probe list: kept, held to by lists that run, and given up again."""

import time

import pytest
from sqlalchemy import text

from engine.never_probed import NOTHING, ListedAs, parse_listed
from engine.policy import Policy
from engine.reason import Reason
from engine.verdict import Flag
from storage import never_probed
from storage.never_probed import Origin, find_lines, read_never_probed, remove_lines, write_lines
from storage.runs import finish_changes
from storage.unasked import withhold
from storage.withholding import never_probe


def _listed(*texts):
    return [parse_listed(each) for each in texts]


def _add(desk, *texts, why="asked us not to"):
    never_probe(desk.database, _listed(*texts), Origin(why))


def _outcomes(desk, upload):
    sql = "SELECT text, status, reason, flags FROM entry WHERE upload_id = :u ORDER BY row, ordinal"
    return [tuple(row) for row in desk.rows(sql, u=upload)]


def _reasons(desk, upload):
    return [reason for _, _, reason, _ in _outcomes(desk, upload)]


def test_lines_are_kept_with_their_reason_and_found_by_words_and_page_by_page(database):
    write_lines(
        database, _listed("plum.example", "fig@mill.example", "mx:mill.example"), Origin("asked us not to")
    )
    write_lines(database, _listed("plum.example"), Origin("a partner"))

    shown = [(line.listed.kind, line.listed.name, line.why) for line in find_lines(database)]
    assert shown == [
        (ListedAs.ADDRESS, "fig@mill.example", "asked us not to"),
        (ListedAs.DOMAIN, "plum.example", "a partner"),
        (ListedAs.MX, "mill.example", "asked us not to"),
    ]
    assert [line.listed.name for line in find_lines(database, words="MILL")] == [
        "fig@mill.example",
        "mill.example",
    ]
    (first,) = find_lines(database, limit=1)
    assert len(find_lines(database, after=first)) == 2
    assert find_lines(database)[0].added_at == pytest.approx(time.time(), abs=60)


def test_the_list_is_read_into_memory_whole(database):
    assert read_never_probed(database) == NOTHING
    write_lines(database, _listed("plum.example", "mx:mill.example"), Origin())
    listed = read_never_probed(database)
    assert (listed.domains, listed.mx, listed.addresses) == ({"plum.example"}, {"mill.example"}, frozenset())
    own = Policy(never_probed_domains=("quay.example",))
    assert read_never_probed(database, own).domains == {"plum.example", "quay.example"}


@pytest.mark.parametrize("words", ["müller", "MÜLLER", "mu\u0308ller", "Müller", "ller", "üll", "ü"])
@pytest.mark.parametrize("source", ["Abmeldungen MÜLLER.csv", "Mu\u0308ller.csv", "müller.csv"])
def test_lines_are_found_by_the_file_they_came_with_however_it_is_written(database, source, words):
    write_lines(database, _listed("plum.example"), Origin(source=source))
    write_lines(database, _listed("fig.example"), Origin(source="Miller.csv"))
    assert [
        line.listed.name for line in find_lines(database, words=words) if line.origin.source == source
    ] == ["plum.example"]


@pytest.mark.parametrize(
    "words", ["jürgen", "JÜRGEN@bü", "ju\u0308rgen@bücher", "bücher.ex", "xn--bcher-kva"]
)
def test_a_listed_address_with_marks_is_found_however_it_is_typed(database, words):
    write_lines(database, _listed("JÜRGEN@BÜCHER.example", "plum.example"), Origin(source="list.csv"))
    assert len(find_lines(database, words=words)) == 1


def test_lines_are_removed_and_counted(database):
    write_lines(database, _listed("plum.example", "fig@mill.example"), Origin())
    assert remove_lines(database, _listed("plum.example", "quince.example", "mx:mill.example")) == 1
    assert [line.listed.name for line in find_lines(database)] == ["fig@mill.example"]


def test_what_is_listed_is_settled_at_the_start_and_neither_resolved_nor_claimed(desk, recount):
    _add(desk, "orchard.com", "fig@mill.com")
    upload = desk.save("info@orchard.com", "pear@sub.orchard.com", "FIG@mill.com", "quince@mill.com")
    desk.start(upload)
    desk.acquire()

    assert desk.resolve() == ["mill.com"]
    assert desk.finish() == ["quince@mill.com"]
    assert _reasons(desk, upload) == [*["never_probed"] * 3, "accepted"]
    assert {status for _, status, _, _ in _outcomes(desk, upload)[:3]} == {"unknown"}
    assert Flag(_outcomes(desk, upload)[0][3]) is Flag.ROLE
    assert desk.value("SELECT state FROM upload") == "done"
    recount(desk)


def test_a_domain_all_of_whose_addresses_are_listed_is_not_looked_up(desk):
    _add(desk, "pear@orchard.com", "plum@orchard.com")
    desk.begin("pear@orchard.com", "plum@orchard.com")
    assert desk.rows("SELECT 1 FROM domain WHERE resolved_at IS NOT NULL") == []


def test_a_line_added_while_a_list_runs_holds_from_then_on(desk, recount):
    upload = desk.begin("pear@orchard.com", "plum@mill.com", "fig@quay.com")
    (batch, *_) = desk.claim(1)
    desk.settle(desk.put_off(batch, time.time() + 900))
    _add(desk, "orchard.com", "mill.com", "quay.com")

    assert desk.claim() == []
    assert desk.finish() == []
    assert _reasons(desk, upload) == ["never_probed"] * 3
    recount(desk)


def test_it_holds_for_every_list_that_names_the_address(desk, recount):
    first, second = desk.begin("pear@orchard.com"), desk.begin("pear@orchard.com", "plum@mill.com")
    _add(desk, "pear@orchard.com")

    assert desk.finish() == ["plum@mill.com"]
    assert (_reasons(desk, first), _reasons(desk, second)) == (["never_probed"], ["never_probed", "accepted"])
    recount(desk)


def test_an_answer_that_still_holds_is_not_used_for_what_is_listed_and_not_lost_either(desk, recount):
    first = desk.begin("pear@orchard.com")
    desk.finish()
    _add(desk, "orchard.com")
    second = desk.begin("pear@orchard.com")
    assert (_reasons(desk, first), _reasons(desk, second)) == (["accepted"], ["never_probed"])

    remove_lines(desk.database, _listed("orchard.com"))
    third = desk.begin("pear@orchard.com")
    assert _reasons(desk, third) == ["accepted"]
    recount(desk)


def test_a_line_taken_off_lets_the_address_be_asked_when_its_list_is_asked_again(desk):
    _add(desk, "orchard.com")
    desk.begin("pear@orchard.com")
    assert desk.finish() == []

    remove_lines(desk.database, _listed("orchard.com"))
    again = desk.begin("pear@orchard.com")
    assert desk.finish() == ["pear@orchard.com"]
    assert _reasons(desk, again) == ["accepted"]


def test_a_paused_list_is_held_to_it_when_it_goes_on(desk):
    upload = desk.save("pear@orchard.com")
    _add(desk, "orchard.com")
    assert _reasons(desk, upload) == [None]
    desk.start(upload)
    assert _reasons(desk, upload) == ["never_probed"]


def test_what_a_kill_broke_off_is_done_when_the_house_is_opened(desk):
    upload = desk.begin("pear@orchard.com")
    write_lines(desk.database, _listed("orchard.com"), Origin())
    assert _reasons(desk, upload) == [None], "killed before running lists were held to it"

    finish_changes(desk.database, desk.settings)
    assert _reasons(desk, upload) == ["never_probed"]


def test_a_batch_is_marked_where_one_of_its_hosts_is_under_a_listed_suffix(desk):
    desk.begin("pear@orchard.com", "plum@mill.com")
    _add(desk, "mx:mill.com", "mx:chard.com")

    withheld = {batch.domain.name: batch.withheld for batch in desk.claim()}
    assert withheld == {"orchard.com": None, "mill.com": Reason.NEVER_PROBED}


def test_a_mark_is_gone_with_its_line(desk):
    desk.begin("plum@mill.com")
    _add(desk, "mx:mx.mill.com")
    (batch,) = desk.claim()
    assert batch.withheld is Reason.NEVER_PROBED
    with desk.database.writing() as connection:
        connection.execute(text("UPDATE mailbox SET state = 'waiting', due_at = 0"))
        connection.execute(text("UPDATE domain SET due_at = 0"))

    remove_lines(desk.database, _listed("mx:mx.mill.com"))
    (batch,) = desk.claim()
    assert batch.withheld is None


def test_a_list_that_asks_the_dns_alone_is_held_to_it_too(desk, recount):
    _add(desk, "orchard.com")
    upload = desk.save("pear@orchard.com", "plum@mill.com", "fig@quay.com", "fig@inn.com", is_dns_only=True)
    desk.start(upload)
    desk.acquire()
    _add(desk, "mill.com", "fig@quay.com")

    assert desk.resolve() == ["inn.com"]
    assert _reasons(desk, upload)[:3] == ["never_probed"] * 3
    recount(desk)


def test_a_listed_domain_is_not_asked_for_what_it_publishes(desk):
    desk.begin("pear@orchard.com", "plum@mill.com", "fig@sub.mill.com")
    _add(desk, "mill.com", "pear@orchard.com")

    assert desk.survey() == ["orchard.com"]


def test_many_lines_are_written_in_chunks_and_make_no_look_up_slower(desk, monkeypatch):
    monkeypatch.setattr(never_probed, "CHUNK_LINES", 700)
    write_lines(desk.database, _listed(*(f"orchard-{n}.com" for n in range(2000))), Origin())
    assert desk.value("SELECT count(*) FROM never_probed") == 2000

    upload = desk.save("pear@orchard-1999.com", "pear@a.b.orchard-3.com", "pear@orchard-2000.com")
    with desk.database.writing() as connection:
        mailboxes = [row.mailbox_id for row in desk.rows("SELECT mailbox_id FROM entry ORDER BY row")]
        assert withhold(connection, upload, mailboxes, 1.0) == mailboxes[:2]
    plan = desk.rows(
        "EXPLAIN QUERY PLAN SELECT 1 FROM json_each('[[1, 2]]') AS wanted CROSS JOIN never_probed"
        " ON never_probed.kind = json_extract(wanted.value, '$[0]')"
        " AND never_probed.name = json_extract(wanted.value, '$[1]')"
    )
    assert "SEARCH never_probed USING PRIMARY KEY" in str(plan)
