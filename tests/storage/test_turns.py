"""Places, clocks and ranks: the numbers behind whose turn it is."""

from storage import turns
from storage.runs import pause_upload

LINES = ("pear@one.com", *(f"pear{n}@three.com" for n in range(3)), "pear@two.com", "plum@two.com")


def _places(desk, upload):
    rows = desk.rows(
        "SELECT name, position FROM upload_domain JOIN domain ON domain.id = domain_id"
        " WHERE upload_id = :upload ORDER BY position",
        upload=upload,
    )
    return [tuple(each) for each in rows]


def test_a_lists_domains_have_their_places_by_size(desk, monkeypatch):
    monkeypatch.setattr(turns, "CHUNK_DOMAINS", 2)
    upload = desk.save(*LINES)
    assert _places(desk, upload) == [("three.com", 0), ("two.com", 1), ("one.com", 2)]


def test_clocks_only_move_on(desk):
    for clock in (3.0, 7.0, 5.0):
        with desk.database.writing() as connection:
            turns.move_clocks(connection, {"zoho": clock})
    assert desk.value("SELECT clock FROM lane_clock") == 7.0


def test_a_list_has_its_ranks_from_where_the_lane_stood_when_it_started(desk):
    desk.begin(*(f"pear@plum{n}.com" for n in range(9)))
    desk.claim(5)
    assert desk.value("SELECT clock FROM lane_clock WHERE lane = ''") == 4.0
    desk.start(desk.save(*LINES))
    desk.resolve()
    rows = desk.rows("SELECT name, rank FROM domain WHERE name NOT LIKE 'plum%' ORDER BY rank")
    assert [tuple(each) for each in rows] == [("three.com", 4.0), ("two.com", 5.0), ("one.com", 6.0)]


def test_starting_a_list_that_runs_does_not_put_it_behind(desk):
    upload = desk.begin(*LINES)
    desk.claim()
    before = desk.rows("SELECT * FROM turn")
    desk.start(upload)
    assert desk.rows("SELECT * FROM turn") == before


def test_a_paused_list_has_no_turn(desk):
    desk.begin(*LINES)
    desk.claim()
    upload = desk.begin("fig@mill.com")
    assert desk.rows("SELECT * FROM turn WHERE upload_id = :upload", upload=upload)
    pause_upload(desk.database, upload, desk.settings)
    assert not desk.rows("SELECT * FROM turn WHERE upload_id = :upload", upload=upload)
