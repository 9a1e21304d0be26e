"""Rows with several addresses: counted and written alike, whichever of their addresses decides."""

import csv
import io
import random
import zipfile
from collections import Counter

import openpyxl
import pytest

from engine.never_probed import parse_listed
from engine.reason import Reason
from engine.value import replace
from engine.verdict import Status
from storage.book import write_book
from storage.by_status import write_by_status
from storage.exports import Export, export_header, export_rows, given_rows
from storage.files import Dialect
from storage.never_probed import Origin
from storage.order import NO_ADDRESS, Kind, Order
from storage.removals import (
    at_small_domains,
    kept_of,
    outcomes_of,
    removed_by,
    split,
    with_listed,
    with_providers,
)
from storage.selection import LISTED, LISTED_BESIDE, Decides, Removal, Selection
from storage.summaries import summarise
from storage.together import by_speakers, gathered, kept_by_others, read_together, small_by_speakers
from storage.undeliverable import suppression_lines
from storage.walk import walk, walk_shared
from storage.withholding import never_probe

COLUMNS = ("email", "status", "reason", "flags", "send_to")
SAFE = Selection(
    exclude=frozenset({"duplicate"}), statuses=frozenset(Status) - {Status.VALID}, decides=Decides.ANY
)
NOT_DEAD = replace(SAFE, statuses=frozenset({Status.INVALID}))
SELECTIONS = (
    SAFE,
    NOT_DEAD,
    replace(NOT_DEAD, keeps_listed=True),
    replace(SAFE, exclude=frozenset()),
    replace(
        SAFE,
        exclude=frozenset({"duplicate", "role"}),
        reasons=frozenset({Reason.ACCEPTED}),
        statuses=frozenset(),
    ),
    replace(NOT_DEAD, providers=frozenset({"pomona"})),
    replace(NOT_DEAD, least=50),
    replace(SAFE, statuses=frozenset()),
    replace(SAFE, statuses=frozenset(Status)),
)
ANSWERS = {"good": "accepted", "dead": "missing", "full": "full", "info": "accepted"}


@pytest.fixture
def answered(desk, replies):
    """Save a list and settle each address by the word it begins with; those that begin with `late` wait."""

    def settle(*lines, **choice):
        upload = desk.begin("n,email", *(f'{n},"{line}"' for n, line in enumerate(lines)), **choice)
        for batch in desk.claim():
            due = [each for each in batch.recipients if not str(each.address).startswith("late")]
            wanted = {str(each.address): replies[_answer(str(each.address))] for each in due}
            found = desk.answer(replace(batch, recipients=tuple(due)), wanted)
            rest = tuple(each for each in batch.recipients if each not in due)
            desk.settle(replace(found, batch=batch, released=rest))
        return upload

    return settle


def _answer(address):
    return next(answer for word, answer in ANSWERS.items() if address.lower().startswith(word))


def _counted(desk, upload, selection):
    marked = with_listed(desk.database, upload, outcomes_of(summarise(desk.database, upload)))
    if selection.providers:
        marked = with_providers(desk.database, upload, marked, sorted(selection.providers))
    return by_speakers(marked, read_together(desk.database, upload), selection)


def _export(upload, selection=SAFE, **wanted):
    return Export(upload, selection, COLUMNS, **wanted)


def _kept(desk, upload, selection=SAFE):
    """Give the kept rows' numbers, and to whom each is written."""
    return [(row[0], row[-2]) for row in export_rows(desk.database, _export(upload, selection))]


def _drawn(seed):
    """Draw a list in which addresses stand alone, beside others, and again in other rows."""
    draw = random.Random(seed)
    pool = [
        f"{word}{n}@{draw.choice(('orchard.com', 'mill.com'))}"
        for word in (*ANSWERS, "late")
        for n in range(4)
    ]
    pool += ["no address@", "GOOD1@orchard.com", "good1@orchard.com"]
    rows = ["; ".join(draw.choices(pool, k=draw.choice((0, 1, 1, 1, 2, 2, 3)))) for _ in range(60)]
    listed = draw.sample(pool[:20], 2)
    beside = [each for row in rows if {*row.split("; ")} & {*listed} for each in row.split("; ")]
    return rows + beside[:12], listed


@pytest.mark.parametrize("seed", range(6))
def test_what_is_counted_is_what_stands_in_every_file(desk, answered, tmp_path, seed):
    rows, listed = _drawn(seed)
    upload = answered(*rows)
    with desk.database.writing() as connection:
        connection.exec_driver_sql("UPDATE domain SET provider = 'pomona' WHERE name = 'mill.com'")
    never_probe(desk.database, [parse_listed(each) for each in listed], Origin())
    for selection in (each for some in SELECTIONS for each in (some, replace(some, decides=Decides.FIRST))):
        counted = _counted(desk, upload, selection)
        given = list(given_rows(desk.database, _export(upload, selection)))
        removed = Counter(each.removal for each in given)
        kept = removed.pop(None, 0)
        assert dict(removed_by(counted, selection)) == removed
        assert (split(counted, selection).kept, split(counted, selection).removed) == (kept, removed.total())
        assert kept + removed.total() == len(rows)
        assert [row[0] for row in _sheet(desk, upload, selection, tmp_path)] == [
            each.cells[0] for each in given if each.removal is None
        ]


@pytest.mark.parametrize("seed", range(6))
def test_rows_are_read_alike_one_by_one_and_in_passing_all_by(desk, answered, seed):
    rows, listed = _drawn(seed)
    upload = answered(*rows)
    desk.save("good0@orchard.com; good1@orchard.com", "good0@orchard.com")
    never_probe(desk.database, [parse_listed(each) for each in listed], Origin())
    with desk.database.reading() as connection:
        assert gathered(walk(connection, upload, 50)) == (every := read_together(desk.database, upload, 50))
        assert [row.row for row in gathered(walk_shared(connection, upload)).shared] == [
            row.row for row in every.shared
        ]


@pytest.mark.parametrize("seed", range(4))
def test_small_domains_are_judged_by_the_rows_of_the_file_and_whom_each_is_written_to(desk, answered, seed):
    draw = random.Random(seed)
    pool = [f"{word}{n}@{'mill' * n}.com" for word in (*ANSWERS, "late") for n in (1, 1, 2, 3, 4)]
    rows = ["; ".join(draw.choices(pool, k=draw.choice((1, 1, 2, 3)))) for _ in range(40)]
    upload = answered(*rows)
    sizes = Counter(each.rpartition("@")[2] for row in rows for each in row.split("; "))
    few = sorted(sizes.values())[1] + 1
    for selection in (each for some in SELECTIONS for each in (some, replace(some, decides=Decides.FIRST))):
        counted = at_small_domains(desk.database, upload, few)
        if selection.decides is Decides.ANY:
            counted = small_by_speakers(counted, read_together(desk.database, upload, few), selection)
        told = Counter()
        for found, number in kept_of(counted, selection):
            told[found.status.value] += number
        export = _export(upload, selection)
        header = export_header(desk.database, export)
        file = [dict(zip(header, row, strict=True)) for row in export_rows(desk.database, export)]
        small = [row["status"] for row in file if sizes[row["send_to"].rpartition("@")[2]] < few]
        assert told == Counter(small)


def _sheet(desk, upload, selection, folder):
    order = Order(Kind.BOOK, _export(upload, selection), 60)
    write_book(desk.database, order, folder / "b.xlsx", lambda _: None)
    rows = openpyxl.load_workbook(folder / "b.xlsx", read_only=True)["Kept"].iter_rows(
        min_row=2, values_only=True
    )
    return [[str(cell) for cell in row] for row in rows]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("selection", [SAFE, NOT_DEAD], ids=["safe", "not dead"])
def test_everybody_that_may_be_kept_is_written_to_once_and_nobody_who_is_suppressed(
    desk, answered, seed, selection
):
    rows, listed = _drawn(seed)
    upload = answered(*rows)
    never_probe(desk.database, [parse_listed(each) for each in listed], Origin())
    written = [address.casefold() for _, address in _kept(desk, upload, selection) if address]
    assert len(written) == len({*written})
    first = _kept(desk, upload, replace(selection, decides=Decides.FIRST))
    by_first = {address.casefold() for _, address in first if address}
    assert len(by_first) == sum(bool(address) for _, address in first), "nobody is written to twice"
    assert by_first <= {*written}, "nobody is lost to whom the first addresses alone would have led"
    held = [row.casefold().split("; ") for row in rows]
    unlisted = [row for row in held if not {*row} & {*listed}]
    beside = {each for row in held if {*row} & {*listed} for each in row}
    may_be = ("good",) if selection is SAFE else ("good", "info", "full", "late")
    for row in unlisted:
        wanted = [each for each in row if each.startswith(may_be)]
        assert not wanted or {*wanted} & ({*written} | beside), "no row with a good address goes unwritten"
    assert not {*written} & (beside - by_first), "nobody is written to whom a listed address stands for"
    suppressed = "".join(suppression_lines(desk.database, upload, Dialect(), has_listed=True)).split()
    assert not {*written} & {each.casefold() for each in suppressed}
    assert kept_by_others(read_together(desk.database, upload), selection) == _by_another_than_the_first(
        desk, upload, selection, by_first
    )


def _by_another_than_the_first(desk, upload, selection, by_first):
    """Count in the files the rows that any address keeps, and the first one does not, for somebody new."""
    first = replace(selection, decides=Decides.FIRST)
    kept = {number for number, _ in _kept(desk, upload, first)}
    begins = {row[0]: row[1].casefold().split("; ")[0] for row in _every(desk, upload)}
    return sum(
        number not in kept and to.casefold() not in (begins[number], "", *by_first)
        for number, to in _kept(desk, upload, selection)
    )


def _every(desk, upload):
    return export_rows(desk.database, _export(upload, Selection(keeps_listed=True)))


def test_a_row_is_kept_for_its_second_address_and_its_columns_speak_of_that(desk, answered):
    upload = answered("dead@orchard.com; good@orchard.com", "dead2@orchard.com; full@orchard.com")
    export = _export(upload)
    (row,) = export_rows(desk.database, export)
    told = dict(zip(export_header(desk.database, export), row, strict=True))
    assert told["email"] == "dead@orchard.com; good@orchard.com"
    assert (told["send_to"], told["status"], told["reason"]) == ("good@orchard.com", "valid", "accepted")
    assert told["other_results"] == "dead@orchard.com: invalid (mailbox_missing)"
    (gone,) = export_rows(desk.database, replace(export, is_removed_wanted=True))
    assert gone[2] == "invalid"
    assert _kept(desk, upload, replace(SAFE, decides=Decides.FIRST)) == []


def test_no_address_is_written_to_twice_and_a_row_with_another_good_one_is_not_lost(desk, answered):
    upload = answered(
        "good0@orchard.com; good1@orchard.com",
        "good0@orchard.com; good2@orchard.com",
        "dead@orchard.com; GOOD0@orchard.com",
        "good2@orchard.com",
        "good3@orchard.com",
        "dead@orchard.com; good3@orchard.com",
    )
    assert _kept(desk, upload) == [
        ("0", "good0@orchard.com"),
        ("1", "good2@orchard.com"),
        ("4", "good3@orchard.com"),
    ]
    gone = [row for row in given_rows(desk.database, _export(upload)) if row.removal]
    assert {row.removal for row in gone} == {Removal("duplicate")}
    assert all("duplicate" in row.cells[4] for row in gone)


def test_by_their_first_address_rows_that_begin_alike_are_written_to_once_and_the_others_offered(
    desk, answered
):
    upload = answered("good1@orchard.com; good2@orchard.com", "GOOD1@orchard.com; good3@orchard.com")
    by_first = replace(SAFE, decides=Decides.FIRST)
    assert _kept(desk, upload, by_first) == [("0", "good1@orchard.com")]
    assert dict(removed_by(_counted(desk, upload, by_first), by_first)) == {Removal("duplicate"): 1}
    assert kept_by_others(read_together(desk.database, upload), by_first) == 1
    assert _kept(desk, upload) == [("0", "good1@orchard.com"), ("1", "good3@orchard.com")]


def test_where_duplicates_stay_each_row_has_its_first_good_address(desk, answered):
    upload = answered("dead@orchard.com; good@orchard.com", "good@orchard.com")
    twice = replace(SAFE, exclude=frozenset())
    assert _kept(desk, upload, twice) == [("0", "good@orchard.com"), ("1", "good@orchard.com")]
    assert split(_counted(desk, upload, twice), twice).kept == 2


def test_a_row_on_the_never_asked_list_goes_however_good_its_other_address_is(desk, answered):
    upload = answered(
        "good1@orchard.com; good2@orchard.com", "good3@orchard.com; good1@orchard.com", "good2@orchard.com"
    )
    never_probe(desk.database, [parse_listed("good1@orchard.com")], Origin())
    removals = [row.removal for row in given_rows(desk.database, _export(upload))]
    assert removals == [Removal(LISTED), Removal(LISTED_BESIDE), None]
    assert dict(removed_by(_counted(desk, upload, SAFE), SAFE)) == {
        Removal(LISTED): 1,
        Removal(LISTED_BESIDE): 1,
    }


@pytest.mark.parametrize(
    ("rows", "kept"),
    [
        (["good1@orchard.com; good2@orchard.com", "good1@orchard.com"], []),
        (["dead@orchard.com; good1@orchard.com", "good1@orchard.com; good2@orchard.com"], []),
        (
            [
                "good1@orchard.com",
                "good1@orchard.com; good2@orchard.com",
                "dead@orchard.com; good1@orchard.com",
            ],
            [("0", "good1@orchard.com")],
        ),
    ],
    ids=["below", "above", "first of all"],
)
def test_nobody_beside_a_listed_address_is_written_to_because_any_address_decides(desk, answered, rows, kept):
    upload = answered(*rows)
    never_probe(desk.database, [parse_listed("good2@orchard.com")], Origin())
    by_first = replace(SAFE, decides=Decides.FIRST)
    assert [number for number, _ in _kept(desk, upload, by_first)] == [number for number, _ in kept]
    assert _kept(desk, upload) == kept
    assert kept_by_others(read_together(desk.database, upload), by_first) == 0


def test_rows_are_offered_of_which_another_address_is_good_and_stands_in_no_other_kept_row(desk, answered):
    upload = answered(
        "dead1@orchard.com; good1@orchard.com",
        "dead1@orchard.com; good2@orchard.com",
        "good2@orchard.com",
        "dead3@orchard.com; dead4@orchard.com",
        "good5@orchard.com; dead1@orchard.com",
    )
    assert kept_by_others(read_together(desk.database, upload), SAFE) == 1


def test_a_zip_has_each_row_once_and_by_its_best_address_where_any_decides(desk, answered, tmp_path):
    upload = answered(
        "dead1@orchard.com; good1@orchard.com", "full@orchard.com; dead2@orchard.com", "", "good1@orchard.com"
    )
    files = tuple((part, part) for part in (*Status, NO_ADDRESS))
    export = _export(upload, Selection(decides=Decides.BEST))
    write_by_status(
        desk.database, Order(Kind.BY_STATUS, export, 4, files=files), tmp_path / "z", lambda _: None
    )
    archive = zipfile.ZipFile(tmp_path / "z")
    found = {
        name: list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig"))))
        for name in archive.namelist()
    }
    assert {name: [row["n"] for row in rows] for name, rows in found.items()} == {
        "valid": ["0", "3"],
        "risky": ["1"],
        "no_address": ["2"],
    }
    assert found["valid"][0]["send_to"] == "good1@orchard.com"


def test_of_a_list_without_such_rows_there_is_nothing_to_look_at(desk, answered):
    together = read_together(desk.database, answered("good@orchard.com", "good@orchard.com"))
    assert (together.apart, together.shared) == ((), ())
