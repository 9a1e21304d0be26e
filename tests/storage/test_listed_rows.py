"""Rows on the never-probe list: left out of every file and counted so, whenever the list was checked."""

import zipfile

import pytest
from sqlalchemy import text

from engine.intake.correction import Correction
from engine.never_probed import parse_listed
from engine.verdict import Status
from storage.bulk import driver_of
from storage.by_status import write_by_status
from storage.exports import Export, export_rows, given_rows
from storage.listed_rows import WITH_LISTED
from storage.never_probed import Origin, remove_lines
from storage.order import Kind, Order
from storage.removals import outcomes_of, providers_of, removed_by, split, with_listed, with_providers
from storage.selection import LISTED, LISTED_BESIDE, Removal, Selection
from storage.summaries import summarise
from storage.withholding import never_probe

LINES = (
    "pear@orchard.com",
    "PEAR@orchard.com",
    "quince@deep.orchard.com",
    "plum@mill.com",
    "fig@mill.com",
    "none",
)

USUAL = Selection()
SLIPS = (Correction("gmial.com", "gmail.com"),)


@pytest.fixture
def checked(desk):
    upload = desk.begin(*LINES)
    desk.finish()
    return upload


def _never(desk, *names):
    never_probe(desk.database, [parse_listed(name) for name in names], Origin())


def _kept(desk, upload, selection=USUAL):
    return [row[0] for row in export_rows(desk.database, Export(upload, selection))]


def _counted(desk, upload):
    return with_listed(desk.database, upload, outcomes_of(summarise(desk.database, upload)))


@pytest.mark.parametrize(
    ("listed", "left_out"),
    [
        (("plum@mill.com",), LINES[3:4]),
        (("pear@orchard.com",), LINES[:2]),
        (("orchard.com",), LINES[:3]),
        (("deep.orchard.com",), LINES[2:3]),
        (("hard.com", "ill.com", "lum@mill.com"), ()),
        (("com",), LINES[:5]),
        (("mx:mill.com", "mx:com"), ()),
        (("mill.com", "fig@mill.com"), LINES[3:5]),
    ],
)
def test_a_line_added_after_the_check_keeps_its_rows_out(desk, checked, listed, left_out):
    assert _kept(desk, checked) == [*LINES]
    _never(desk, *listed)
    assert _kept(desk, checked) == [line for line in LINES if line not in left_out]
    assert _kept(desk, checked, Selection(keeps_listed=True)) == [*LINES]
    removed = removed_by(_counted(desk, checked), Selection())
    assert removed == ([(Removal(LISTED), len(left_out))] if left_out else [])


def test_counters_and_a_look_at_providers_and_the_file_agree(desk, checked):
    _never(desk, "orchard.com", "fig@mill.com")
    for selection in (
        Selection(),
        Selection(statuses=frozenset({Status.INVALID})),
        Selection(keeps_listed=True),
    ):
        counted = _counted(desk, checked)
        by_row = with_providers(desk.database, checked, counted, providers_of(desk.database, checked))
        assert split(counted, selection) == split(by_row, selection)
        assert split(by_row, selection).kept == len(_kept(desk, checked, selection))


def test_a_row_is_left_out_for_any_of_its_addresses(desk):
    upload = desk.begin("plum@mill.com; pear@orchard.com", "fig@mill.com")
    desk.finish()
    _never(desk, "pear@orchard.com")
    assert _kept(desk, upload) == ["fig@mill.com"]
    assert split(_counted(desk, upload), Selection()).kept == 1


def test_it_is_told_whether_a_row_goes_for_its_first_address_or_for_one_beside_that(desk):
    upload = desk.begin("plum@mill.com; pear@orchard.com", "pear@orchard.com; fig@mill.com", "fig@mill.com")
    desk.finish()
    _never(desk, "pear@orchard.com")
    told = [Removal(LISTED_BESIDE), Removal(LISTED), None]
    assert [row.removal for row in given_rows(desk.database, Export(upload))] == told
    counts = _counted(desk, upload)
    by_provider = with_providers(desk.database, upload, counts, providers_of(desk.database, upload))
    for counted in (counts, by_provider):
        assert {*removed_by(counted, Selection())} == {(Removal(LISTED_BESIDE), 1), (Removal(LISTED), 1)}


def test_rows_that_still_wait_are_left_out_as_well(desk):
    upload = desk.save("pear@orchard.com", "fig@mill.com")
    _never(desk, "orchard.com")
    assert split(_counted(desk, upload), Selection()).removed == 1
    assert [row.removal for row in given_rows(desk.database, Export(upload))] == [Removal(LISTED), None]


def test_a_line_taken_off_lets_its_rows_out_again(desk, checked):
    _never(desk, "orchard.com")
    remove_lines(desk.database, [parse_listed("orchard.com")])
    assert _kept(desk, checked) == [*LINES]


def test_another_list_is_not_touched(desk, checked):
    other = desk.save("melon@quay.com")
    _never(desk, "orchard.com")
    assert _kept(desk, other) == ["melon@quay.com"]


def test_the_zip_of_files_by_status_leaves_them_out_too(desk, checked, tmp_path):
    _never(desk, "com")
    files = tuple((status, f"{status}.csv") for status in Status)
    write_by_status(
        desk.database,
        Order(Kind.BY_STATUS, Export(checked), len(LINES), files=files),
        tmp_path / "all.zip",
        lambda _share: None,
    )
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert archive.namelist() == ["invalid.csv"]


@pytest.mark.parametrize("listed", ["fig@gmial.com", "fig@gmail.com"])
def test_a_corrected_row_is_left_out_by_either_of_its_addresses(desk, listed):
    upload = desk.save('"Fig <Fig@gmial.com>"', "ffig@gmial.com", "fi@gmial.com", corrections=SLIPS)
    _never(desk, listed)
    assert _kept(desk, upload) == ["ffig@gmial.com", "fi@gmial.com"]
    assert split(_counted(desk, upload), Selection()).removed == 1


def test_whoever_is_listed_as_written_is_not_asked_at_the_corrected_address(desk):
    _never(desk, "fig@gmial.com", "plum@gmail.com")
    desk.begin("fig@gmial.com", "plum@gmial.com", "pear@gmial.com", corrections=SLIPS)
    assert desk.finish() == ["pear@gmail.com"]


def test_a_domain_that_is_listed_as_it_was_mistyped_keeps_its_corrected_rows_out(desk):
    upload = desk.save("fig@gmial.com", "pear@gmail.com", "plum@gmial.com.de", corrections=SLIPS)
    _never(desk, "gmial.com")
    assert _kept(desk, upload) == ["pear@gmail.com", "plum@gmial.com.de"]
    assert split(_counted(desk, upload), Selection()).removed == 1


@pytest.mark.parametrize("others", [0, 5, 6, 7, 50])
def test_the_same_rows_are_left_out_whether_the_list_or_the_never_probe_list_is_longer(desk, checked, others):
    _never(desk, "PEAR@orchard.com", "fig@mill.com", *(f"fig{number}@mill.com" for number in range(others)))
    desk.save("fig@mill.com", "fig1@mill.com")
    assert _kept(desk, checked) == [LINES[2], LINES[3], LINES[5]]
    assert split(_counted(desk, checked), Selection()).removed == 3


def _steps(desk, upload):
    """Count the steps that SQLite takes to find who of a list is listed, in thousands."""
    taken = []
    with desk.database.reading() as connection:
        driver = driver_of(connection)
        driver.set_progress_handler(lambda: taken.append(1), 1_000)
        connection.execute(text(f"{WITH_LISTED} SELECT count(*) FROM listed"), {"upload": upload}).all()
        driver.set_progress_handler(None, 0)
    return len(taken)


def test_of_a_short_list_not_all_lines_of_a_long_never_probe_list_are_looked_at(desk, checked):
    _never(desk, *(f"fig{number}@quay.com" for number in range(2_000)))
    assert _steps(desk, checked) <= 1


def test_of_a_long_list_not_all_entries_are_looked_at_for_a_few_lines(desk):
    upload = desk.save(*(f"fig{number}@quay.com" for number in range(2_000)))
    _never(desk, "fig1@quay.com")
    assert _steps(desk, upload) <= 1
