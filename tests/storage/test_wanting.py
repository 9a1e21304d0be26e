"""What it means for mailboxes that a list runs, or runs no more."""

import time

import pytest

from engine.verdict import Flag
from storage.uploads import upload_row
from storage.wanting import give_answers_back, unwant, want

DAY_S = 86_400.0


def ids(desk, *folded):
    return [row.id for row in desk.rows("SELECT id, folded FROM mailbox") if row.folded in folded]


def run(desk, upload):
    """Say that a list runs, without wanting anybody yet."""
    change(desk, f"UPDATE upload SET state = 'running' WHERE id = {upload}")


def change(desk, statement):
    with desk.database.writing() as connection:
        connection.exec_driver_sql(statement)


def want_in(desk, upload, *folded):
    with desk.database.writing() as connection:
        row = upload_row(connection, upload)
        want(connection, row, ids(desk, *folded), desk.settings)


def unwant_all(desk, *folded):
    with desk.database.writing() as connection:
        unwant(connection, ids(desk, *folded))


def wanted(desk):
    rows = desk.rows("SELECT folded FROM mailbox WHERE is_wanted = 1 AND due_at IS NOT NULL ORDER BY folded")
    return [row.folded for row in rows]


@pytest.fixture
def upload(desk):
    saved = desk.save("fig@mill.com", "pear@mill.com", "plum@orchard.com")
    run(desk, saved)
    return saved


def test_who_is_wanted_is_due_and_the_domain_is_looked_up(desk, upload):
    want_in(desk, upload, "fig", "plum")
    assert wanted(desk) == ["fig", "plum"]
    assert desk.value("SELECT count(*) FROM domain WHERE resolve_at IS NOT NULL AND due_at IS NOT NULL") == 2


def test_wanting_somebody_twice_changes_nothing(desk, upload):
    want_in(desk, upload, "fig")
    before = desk.rows("SELECT * FROM mailbox"), desk.rows("SELECT * FROM domain")
    want_in(desk, upload, "fig")
    assert (desk.rows("SELECT * FROM mailbox"), desk.rows("SELECT * FROM domain")) == before


def test_who_waits_for_a_retry_keeps_its_time_and_attempts(desk, upload):
    later = time.time() + 600
    want_in(desk, upload, "fig")
    change(
        desk, f"UPDATE mailbox SET state = 'deferred', attempts = 2, due_at = {later!r} WHERE folded = 'fig'"
    )
    want_in(desk, upload, "fig")
    assert desk.value("SELECT due_at FROM mailbox WHERE folded = 'fig'") == later
    assert desk.value("SELECT attempts FROM mailbox WHERE folded = 'fig'") == 2


def test_a_half_answer_that_nobody_wanted_for_long_starts_again(desk, upload):
    long_ago = time.time() - 3 * DAY_S
    change(
        desk,
        f"UPDATE mailbox SET state = 'deferred', attempts = 2, due_at = {long_ago!r}, recipient = '{{}}'"
        " WHERE folded = 'fig'",
    )
    want_in(desk, upload, "fig")
    (fig,) = desk.rows("SELECT * FROM mailbox WHERE folded = 'fig'")
    assert (fig.state, fig.attempts, fig.recipient, fig.is_wanted) == ("waiting", 0, None, 1)


def test_nobody_is_held_back_whom_another_running_list_waits_for(desk, upload):
    other = desk.save("fig@mill.com")
    run(desk, other)
    want_in(desk, upload, "fig", "pear")
    change(desk, f"UPDATE upload SET state = 'paused' WHERE id = {upload}")
    unwant_all(desk, "fig", "pear")
    assert wanted(desk) == ["fig"]
    change(desk, f"UPDATE upload SET state = 'paused' WHERE id = {other}")
    unwant_all(desk, "fig", "pear")
    assert wanted(desk) == []
    assert desk.value("SELECT count(*) FROM domain WHERE due_at IS NOT NULL") == 0


@pytest.fixture
def answered(desk):
    """Another list has the answer about fig@mill.com."""
    desk.begin("fig@mill.com")
    desk.finish()


@pytest.mark.parametrize(
    ("old_days", "reuse_days", "is_reused"),
    [(1, None, True), (1, 7.0, True), (8, 7.0, False), (8, None, True), (0, 0.0, False), (61, None, False)],
)
def test_an_answer_is_reused_where_it_holds_and_is_young_enough(
    desk, answered, recount, old_days, reuse_days, is_reused
):
    change(
        desk,
        f"UPDATE mailbox SET checked_at = checked_at - {old_days * DAY_S},"
        f" expires_at = expires_at - {old_days * DAY_S}",
    )
    upload = desk.save("fig@mill.com", reuse_days=reuse_days)
    run(desk, upload)
    want_in(desk, upload, "fig")
    (entry,) = desk.rows("SELECT status, flags FROM entry WHERE upload_id = :u", u=upload)
    assert (entry.status == "valid", bool(entry.flags & Flag.REUSED)) == (is_reused, is_reused)
    assert wanted(desk) == ([] if is_reused else ["fig"])
    recount(desk)


def test_an_answer_that_ran_out_meanwhile_is_given_back_to_a_list_that_had_it_and_to_no_later_one(
    desk, answered, recount
):
    earlier = desk.save("fig@mill.com")
    change(desk, f"UPDATE upload SET created_at = created_at - {DAY_S} WHERE id = {earlier}")
    change(desk, f"UPDATE mailbox SET expires_at = {time.time() - 60!r}")
    later = desk.save("fig@mill.com")
    for upload in (earlier, later):
        with desk.database.writing() as connection:
            give_answers_back(connection, upload, ids(desk, "fig"))
    rows = desk.rows("SELECT upload_id, status FROM entry WHERE upload_id IN (:e, :l)", e=earlier, l=later)
    assert {row.upload_id: row.status for row in rows} == {earlier: "valid", later: None}
    recount(desk)
