"""Lists kept as handed in: every cell, every address, and what repeats another."""

import json

from engine.intake.correction import Correction
from engine.intake.read import read_sheet
from engine.reason import Reason
from engine.verdict import NO_FLAGS, Flag, Status
from storage.exports import Export, export_rows
from storage.intake import CHUNK_ROWS, save_upload
from storage.selection import parse_selection
from storage.summaries import summarise
from storage.uploads import Choice, UploadState

CUSTOMERS = (
    b'"Customer no.",email,Notes\r\n'
    b'00123,pear@orchard.com,"two\nlines"\r\n'
    b'NA,plum@orchard.com,"asked for ""large"""\r\n'
    b"1e5,quince@mill.com,=1+1\r\n"
    b'" padded ",,None\r\n'
)


CELLS = [
    ["00123", "pear@orchard.com", "two\nlines"],
    ["NA", "plum@orchard.com", 'asked for "large"'],
    ["1e5", "quince@mill.com", "=1+1"],
    [" padded ", "", "None"],
]


def _entries(desk, upload):
    return desk.rows("SELECT * FROM entry WHERE upload_id = :u ORDER BY row, ordinal", u=upload)


def test_own_columns_row_order_and_cells_are_kept_exactly(desk):
    upload = save_upload(desk.database, read_sheet(CUSTOMERS, "customers.csv"), Choice(("email",)))
    row = desk.rows("SELECT * FROM upload WHERE id = :u", u=upload)[0]
    assert json.loads(row.header) == ["Customer no.", "email", "Notes"]
    kept = desk.rows("SELECT cells FROM sheet_row WHERE upload_id = :u ORDER BY number", u=upload)
    assert [json.loads(each.cells) for each in kept] == CELLS
    assert [each[:3] for each in export_rows(desk.database, Export(upload))] == CELLS


def test_a_saved_list_is_ready_and_asks_for_nothing(desk):
    upload = desk.save("pear@orchard.com")
    assert summarise(desk.database, upload).standing.state is UploadState.READY
    assert desk.acquire()
    assert desk.resolve() == []
    assert desk.claim() == []


def test_duplicates_point_to_their_first_row_and_are_one_mailbox_whatever_their_case(desk):
    upload = desk.save("fig@mill.com", "Pear@Orchard.com", "pear@orchard.COM", "PEAR@orchard.com")
    entries = _entries(desk, upload)
    assert [each.first_row for each in entries] == [None, None, 1, 1]
    assert [bool(each.flags & Flag.DUPLICATE) for each in entries] == [False, False, True, True]
    assert len({each.mailbox_id for each in entries[1:]}) == 1
    assert desk.value("SELECT local_part FROM mailbox WHERE folded = 'pear'") == "Pear"


def test_letters_that_fold_to_more_than_one_are_one_mailbox(desk):
    upload = desk.save("maß@orchard.com", "MASS@orchard.com")
    assert len({each.mailbox_id for each in _entries(desk, upload)}) == 1


def flags_of(desk, upload, flag):
    return [bool(each.flags & flag) for each in _entries(desk, upload)]


def test_another_spelling_of_a_mailbox_is_an_alias_of_the_first_one_and_asked_about_as_written(desk, recount):
    upload = desk.save(
        "anna.plum@gmail.com",
        "annaplum+news@googlemail.com",
        "ANNA.plum@gmail.com",
        "bert.fig@gmail.com",
        "anna+plum@orchard.com",
        "anna@orchard.com",
    )
    assert flags_of(desk, upload, Flag.ALIAS) == [False, True, False, False, False, False]
    assert flags_of(desk, upload, Flag.DUPLICATE) == [False, False, True, False, False, False]
    asked = {each.folded for each in desk.rows("SELECT folded FROM mailbox")}
    assert asked == {"anna.plum", "annaplum+news", "bert.fig", "anna+plum", "anna"}
    recount(desk)


def test_an_alias_stays_one_when_it_is_settled_and_can_be_left_out_of_an_export(desk, recount):
    upload = desk.begin("annaplum@gmail.com", "anna.plum@gmail.com", "fig@mill.com")
    desk.finish()
    assert flags_of(desk, upload, Flag.ALIAS) == [False, True, False]
    kept = export_rows(desk.database, Export(upload, parse_selection(exclude="alias")))
    assert [row[0] for row in kept] == ["annaplum@gmail.com", "fig@mill.com"]
    recount(desk)


def test_a_row_with_a_new_mailbox_is_no_alias_but_one_that_begins_as_another_is_a_duplicate(desk, recount):
    upload = desk.save(
        "fruit,email",
        "a,annaplum@gmail.com",
        "b,anna.plum@gmail.com; fig@mill.com",
        "c,annaplum@gmail.com; a.nnaplum@gmail.com",
        "d,an.naplum@gmail.com; annaplum@gmail.com",
    )
    flags = {(each.row, each.ordinal): Flag(each.flags) & ~Flag.SEVERAL for each in _entries(desk, upload)}
    assert flags == {
        (0, 0): NO_FLAGS,
        (1, 0): NO_FLAGS,
        (1, 1): NO_FLAGS,
        (2, 0): Flag.DUPLICATE,
        (2, 1): Flag.ALIAS,
        (3, 0): Flag.ALIAS,
        (3, 1): NO_FLAGS,
    }
    recount(desk)


def test_only_a_row_s_first_address_makes_a_later_spelling_an_alias(desk):
    upload = desk.save("fig@mill.com; annaplum@gmail.com", "anna.plum@gmail.com", "a.nnaplum@gmail.com")
    assert flags_of(desk, upload, Flag.ALIAS) == [False, False, False, True]


def test_spellings_are_known_across_the_chunks_a_list_is_kept_in(desk):
    others = [f"fruit{number}@orchard.com" for number in range(CHUNK_ROWS)]
    upload = desk.save("annaplum@gmail.com", *others, "anna.plum@gmail.com")
    assert [each.row for each in _entries(desk, upload) if each.flags & Flag.ALIAS] == [CHUNK_ROWS + 1]


def test_mailboxes_of_a_domain_lie_beside_each_other_and_entries_stay_in_order(desk):
    texts = [f"pear{number}@{name}.com" for number in range(3) for name in ("orchard", "mill")]
    upload = desk.save(*texts)
    domains = [row.domain_id for row in desk.rows("SELECT domain_id FROM mailbox ORDER BY id")]
    assert domains == sorted(domains)
    assert [row[0] for row in export_rows(desk.database, Export(upload))] == texts


def test_the_same_mailbox_in_two_lists_is_one(desk):
    first, second = desk.save("pear@orchard.com"), desk.save("x@y.com", "PEAR@orchard.com")
    entries = [*_entries(desk, first), _entries(desk, second)[1]]
    assert entries[0].mailbox_id == entries[1].mailbox_id
    assert entries[1].first_row is None, "a duplicate is one of its own list"


def test_what_is_no_address_is_settled_at_once(desk, recount):
    upload = desk.save("fruit,email", "a,pear.orchard.com", "b,", "c,pear@orchard.com")
    entries = _entries(desk, upload)
    assert [(each.status, each.reason) for each in entries] == [
        (Status.INVALID, Reason.MALFORMED),
        (Status.INVALID, Reason.EMPTY),
        (None, None),
    ]
    assert entries[0].detail
    assert summarise(desk.database, upload).standing.settled == 2
    recount(desk)


def test_what_is_no_address_is_kept_with_what_was_probably_meant(desk, recount):
    upload = desk.save("fruit,email", "a,anna@gmailcom", "b,pear.orchard", "c,plum; anna@gmailcom")
    entries = _entries(desk, upload)
    assert [each.suggestion for each in entries] == ["anna@gmail.com", "", "", "anna@gmail.com"]
    assert flags_of(desk, upload, Flag.TYPO) == [True, False, False, True]
    assert flags_of(desk, upload, Flag.SEVERAL) == [False, False, True, True]
    told = list(export_rows(desk.database, Export(upload, columns=("suggestion", "flags"))))
    assert told[0][2:4] == ["anna@gmail.com", "typo"]
    recount(desk)


def test_a_list_without_any_address_is_done_as_soon_as_it_starts(desk):
    upload = desk.save("fruit,email", "a,pear", "b,plum")
    desk.start(upload)
    assert summarise(desk.database, upload).standing.state is UploadState.DONE


def test_several_addresses_in_a_cell_are_several_entries_of_one_row(desk, recount):
    upload = desk.save("fruit,email", "a,pear@orchard.com; plum@mill.com", "b,fig@mill.com")
    entries = _entries(desk, upload)
    assert [(each.row, each.ordinal, each.text) for each in entries] == [
        (0, 0, "pear@orchard.com"),
        (0, 1, "plum@mill.com"),
        (1, 0, "fig@mill.com"),
    ]
    assert [bool(each.flags & Flag.SEVERAL) for each in entries] == [True, True, False]
    recount(desk)


def test_an_address_twice_in_one_row_is_no_duplicate_of_another_row(desk):
    upload = desk.save("fruit,email", "a,pear@orchard.com; PEAR@orchard.com")
    assert [each.first_row for each in _entries(desk, upload)] == [None, None]


def test_an_empty_second_column_is_no_entry_and_settles_nothing(desk, recount):
    upload = desk.save("email,home", "pear@orchard.com,", ",", ",plum@mill.com", columns=("email", "home"))
    entries = _entries(desk, upload)
    assert [(each.row, each.ordinal, each.column, each.status) for each in entries] == [
        (0, 0, "email", None),
        (1, 0, "email", Status.INVALID),
        (2, 0, "home", None),
    ]
    assert not any(each.flags & Flag.SEVERAL for each in entries)
    recount(desk)


def test_twenty_thousand_rows_are_read_in_chunks_without_losing_one(desk, recount):
    lines = [f"fruit{n % 15_000}@orchard{n % 700}.com" for n in range(20_000)]
    lines[CHUNK_ROWS - 1 : CHUNK_ROWS + 1] = ["a@mill.com; b@mill.com", "c@mill.com; d@mill.com; e@mill.com"]
    upload = save_upload(
        desk.database, read_sheet("\n".join(["email", *lines]).encode(), "big.csv"), Choice(("email",))
    )
    summary = summarise(desk.database, upload)
    assert (summary.standing.rows, summary.standing.entries) == (20_000, 20_003)
    rows = desk.rows("SELECT number, cells FROM sheet_row ORDER BY number")
    assert [each.number for each in rows] == list(range(20_000))
    assert [json.loads(each.cells)[0] for each in rows] == lines
    assert len({each.row for each in _entries(desk, upload)}) == 20_000
    seen = {}
    for each in _entries(desk, upload):
        first = seen.setdefault(each.mailbox_id, each.row)
        assert each.first_row == (None if first == each.row else first)
    recount(desk)


def test_only_a_rows_first_address_makes_a_later_row_its_duplicate(desk):
    upload = desk.save("bad@orchard.com; good@orchard.com", "good@orchard.com", "bad@orchard.com")
    entries = _entries(desk, upload)
    assert [(each.row, each.text.strip(), each.first_row) for each in entries] == [
        (0, "bad@orchard.com", None),
        (0, "good@orchard.com", None),
        (1, "good@orchard.com", None),
        (2, "bad@orchard.com", 0),
    ]


def test_no_address_is_a_duplicate_beside_a_new_one_that_begins_its_row(desk, recount):
    upload = desk.save("pear@orchard.com", "plum@orchard.com; pear@orchard.com", "pear@orchard.com")
    flags = [bool(each.flags & Flag.DUPLICATE) for each in _entries(desk, upload)]
    assert flags == [False, False, False, True]
    recount(desk)


def test_a_row_that_begins_as_an_earlier_one_is_a_duplicate_whatever_stands_beside(desk, recount):
    upload = desk.save("pear@orchard.com", "PEAR@orchard.com; plum@orchard.com", "plum@orchard.com")
    flags = [bool(each.flags & Flag.DUPLICATE) for each in _entries(desk, upload)]
    assert flags == [False, True, False, False]
    recount(desk)


CORRECTIONS = (Correction("gmial.com", "gmail.com"),)


def test_a_corrected_address_is_one_mailbox_with_the_right_one(desk, recount):
    upload = desk.save("email", "fig@gmail.com", "Fig@gmial.com", "plum@gmial.com", corrections=CORRECTIONS)
    found = desk.rows("SELECT text, corrected, first_row, flags FROM entry ORDER BY row")
    corrected = int(Flag.CORRECTED)
    assert [tuple(each) for each in found] == [
        ("fig@gmail.com", "", None, 0),
        ("Fig@gmial.com", "Fig@gmail.com", 0, corrected | int(Flag.DUPLICATE)),
        ("plum@gmial.com", "plum@gmail.com", None, corrected),
    ]
    assert desk.value("SELECT group_concat(name) FROM domain") == "gmail.com"
    recount(desk)
    desk.start(upload)
    assert desk.acquire()
    assert sorted(desk.finish()) == ["fig@gmail.com", "plum@gmail.com"]
    flags = [each.flags & corrected for each in desk.rows("SELECT flags FROM entry ORDER BY row")]
    assert flags == [0, corrected, corrected]
    recount(desk)
