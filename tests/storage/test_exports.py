"""The list given back: its columns, its rows, what is kept and what is removed."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from engine.intake.correction import Correction
from engine.intake.read import read_sheet
from engine.policy import Policy
from engine.reason import Reason
from storage.exports import (
    OUTCOME_COLUMNS,
    Export,
    export_header,
    export_rows,
    export_title,
)
from storage.intake import save_upload
from storage.policies import NamedPolicy
from storage.removals import outcomes_of, removed_by, split
from storage.selection import Selection, parse_selection
from storage.summaries import summarise
from storage.uploads import Choice

OUTCOMES = [
    "email", "status", "reason", "confidence", "flags", "suggestion", "mx_host", "provider", "attempts",
    "checked_at",
]  # fmt: skip


@pytest.fixture
def mixed(desk, replies):
    """A list with rows of many kinds, of which those at farm.com still wait."""
    upload = desk.begin(
        "No.,E-mail,Note",
        '00123,pear@orchard.com,"two\nlines"',
        "1,info@orchard.com; plum@mill.com,=1+1",
        "2,PEAR@orchard.com,NA",
        "3,no address,-5",
        "4,,@x",
        "5,fig@farm.com,+49",
        "6,FIG@farm.com,late",
        "7,quince@mill.com,Grüße",
        columns=("E-mail",),
    )
    answers = dict.fromkeys(("pear@orchard.com", "info@orchard.com"), replies["accepted"])
    answers |= {"plum@mill.com": replies["missing"], "quince@mill.com": replies["full"]}
    for batch in desk.claim():
        if batch.domain.name != "farm.com":
            desk.settle(desk.answer(batch, answers))
    return upload


def _dicts(desk, export):
    header = export_header(desk.database, export)
    assert len(header) == len(set(header))
    return [dict(zip(header, row, strict=True)) for row in export_rows(desk.database, export)]


def test_own_columns_come_first_and_the_outcome_columns_after_them(desk):
    upload = desk.save("No.,E-mail", "1,pear@orchard.com", columns=("E-mail",))
    assert export_header(desk.database, Export(upload)) == ["No.", "E-mail", *OUTCOMES]
    assert list(OUTCOME_COLUMNS) == OUTCOMES


def test_an_outcome_column_that_the_list_has_already_is_prefixed(desk):
    upload = desk.save("Status,address,email,flags", "new,pear@orchard.com,office,x", columns=("address",))
    header = export_header(desk.database, Export(upload))
    assert header[:4] == ["Status", "address", "email", "flags"]
    assert header[4:] == [
        f"winnow_{name}" if name in {"email", "status", "flags"} else name for name in OUTCOMES
    ]


@pytest.mark.parametrize("name", ["email", "Email", "EMAIL"])
def test_an_address_column_that_is_called_email_is_simply_kept(desk, name):
    upload = desk.save(f"No.,{name}", "1,pear@orchard.com", columns=(name,))
    assert export_header(desk.database, Export(upload)) == ["No.", name, *OUTCOMES[1:]]


def test_an_exported_list_may_be_checked_and_exported_again_and_again(desk):
    header = ["email"]
    for _ in range(3):
        upload = desk.save(",".join(header), "pear@orchard.com" + "," * (len(header) - 1))
        header = export_header(desk.database, Export(upload))
        assert len(header) == len(set(header))
    assert "winnow_winnow_status" in header


def test_every_row_is_written_in_order_with_what_was_found(desk, mixed):
    rows = _dicts(desk, Export(mixed))
    assert [each["No."] for each in rows] == ["00123", "1", "2", "3", "4", "5", "6", "7"]
    assert [each["Note"] for each in rows][:4] == ["two\nlines", "=1+1", "NA", "-5"]
    assert [(each["email"], each["status"], each["reason"]) for each in rows] == [
        ("pear@orchard.com", "valid", "accepted"),
        ("info@orchard.com", "risky", "role"),
        ("PEAR@orchard.com", "valid", "accepted"),
        ("no address", "invalid", "malformed"),
        ("", "invalid", "empty"),
        ("fig@farm.com", "unknown", "not_checked"),
        ("FIG@farm.com", "unknown", "not_checked"),
        ("quince@mill.com", "risky", "mailbox_full"),
    ]
    assert [each["flags"] for each in rows][:3] == ["", "role several", "duplicate"]
    assert rows[0]["mx_host"] == "mx.orchard.com"
    assert rows[0]["provider"] == "other"
    assert rows[0]["attempts"] == "1"
    at = datetime.strptime(rows[0]["checked_at"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert abs(at.timestamp() - desk.clock()) < 60
    assert (rows[5]["confidence"], rows[5]["checked_at"]) == ("", "")


def test_a_file_for_people_gives_a_row_without_an_address_no_status_but_its_reason(desk, mixed):
    rows = _dicts(desk, Export(mixed, empty_status=""))
    assert [(each["status"], each["reason"]) for each in rows if not each["status"]] == [("", "empty")]
    assert len(rows) == len(_dicts(desk, Export(mixed)))


def test_other_addresses_of_a_row_are_told_in_a_column_of_their_own(desk, mixed):
    rows = _dicts(desk, Export(mixed))
    assert rows[1]["other_results"] == "plum@mill.com: invalid (mailbox_missing)"
    assert {each["other_results"] for each in rows if each["No."] != "1"} == {""}


def test_a_list_with_one_address_a_row_has_no_column_for_others(desk):
    upload = desk.save("email,home", "pear@orchard.com,", ",fig@farm.com", columns=("email", "home"))
    assert "other_results" not in export_header(desk.database, Export(upload))


def test_the_outcome_columns_show_the_first_address_where_the_first_column_is_empty(desk):
    upload = desk.save("work,home", ",fig@farm.com", "pear@orchard.com,", columns=("work", "home"))
    assert [each["email"] for each in _dicts(desk, Export(upload))] == ["fig@farm.com", "pear@orchard.com"]


def test_a_row_that_waits_for_its_host_is_unknown_with_the_reason(desk, clock):
    upload = desk.begin("pear@orchard.com")
    (batch,) = desk.claim()
    desk.settle(desk.put_off(batch, clock() + 900, Reason.GREYLISTED))
    (row,) = _dicts(desk, Export(upload))
    assert (row["status"], row["reason"], row["attempts"]) == ("unknown", "greylisted", "1")


def test_only_the_wanted_outcome_columns_are_written(desk, mixed):
    export = Export(mixed, columns=("status", "checked_at"))
    assert export_header(desk.database, export) == [
        "No.", "E-mail", "Note", "status", "checked_at", "other_results",
    ]  # fmt: skip


SELECTIONS = [
    *itertools.product(
        ["", "valid", "unknown", "valid,duplicate"], ["", "duplicate", "several", "unknown,role"]
    ),
    ("accept_all", ""),
]


@pytest.mark.parametrize(("include", "exclude"), SELECTIONS)
def test_a_split_counts_what_is_really_written_and_removed(desk, mixed, include, exclude):
    selection = parse_selection(include, exclude)
    outcomes = outcomes_of(summarise(desk.database, mixed))
    parted = split(outcomes, selection)
    kept = list(export_rows(desk.database, Export(mixed, selection)))
    removed = list(export_rows(desk.database, Export(mixed, selection, is_removed_wanted=True)))
    assert (parted.kept, parted.removed) == (len(kept), len(removed))
    assert sum(count for *_, count in removed_by(outcomes, selection)) == parted.removed
    everything = list(export_rows(desk.database, Export(mixed)))
    assert sorted([*kept, *removed]) == sorted(everything)


def test_removed_rows_are_written_with_their_reasons(desk, mixed):
    selection = parse_selection("valid")
    rows = _dicts(desk, Export(mixed, selection, is_removed_wanted=True))
    assert [each["No."] for each in rows] == ["1", "3", "4", "5", "6", "7"]
    assert all(each["reason"] for each in rows)


@pytest.mark.parametrize(
    ("name", "sheet", "title"),
    [
        ("fruits.csv", "", "fruits"),
        ("fruits.of.june.xlsx", "", "fruits.of.june"),
        ("Pasted text", "", "Pasted text"),
        ("fruits.xlsx", "Customers 2024", "Customers 2024"),
    ],
)
def test_an_export_is_called_as_the_sheet_that_was_handed_in_else_as_the_file(desk, name, sheet, title):
    handed_in = replace(read_sheet(b"email\npear@orchard.com\n", name), sheet_name=sheet)
    upload = save_upload(desk.database, handed_in, Choice(("email",)))
    assert export_title(desk.database, Export(upload)) == title


def test_an_export_streams_all_of_a_long_list_in_order(desk):
    lines = [f"pear{n}@orchard{n % 50}.com" for n in range(5_000)]
    upload = desk.save(*lines)
    assert [row[0] for row in export_rows(desk.database, Export(upload))] == ["email", *lines][1:]


@pytest.mark.parametrize(
    ("cell", "email"),
    [
        (" Pear@Orchard.com ", "Pear@Orchard.com"),
        ("Pear Tree <pear@orchard.com>", "pear@orchard.com"),
        ("mailto:pear@orchard.com?subject=x", "pear@orchard.com"),
        ("pear@orchard.com.", "pear@orchard.com"),
        ("pear at orchard", "pear at orchard"),
    ],
)
def test_the_email_column_holds_the_bare_address_in_its_own_spelling(desk, cell, email):
    upload = desk.save("No.,E-mail", f'1,"{cell}"', columns=("E-mail",))
    column = export_header(desk.database, Export(upload)).index("email")
    assert [row[column] for row in export_rows(desk.database, Export(upload))] == [email]


def test_a_column_is_called_as_the_user_wants_and_never_as_another_one(desk):
    upload = desk.save("Status,address", "new,pear@orchard.com", columns=("address",))
    names = (("reason", "Why"), ("confidence", "WHY"), ("status", "Email status"), ("flags", "status"))
    export = Export(upload, columns=("status", "reason", "confidence", "flags"), names=names)
    assert export_header(desk.database, export) == [
        "Status", "address", "Email status", "Why", "winnow_WHY", "winnow_status",
    ]  # fmt: skip


def test_a_row_that_waits_is_kept_and_removed_as_it_is_counted(desk, clock):
    upload = desk.begin("pear@orchard.com")
    (batch,) = desk.claim()
    desk.settle(desk.put_off(batch, clock() + 900, Reason.GREYLISTED))
    by_reason = Selection(reasons=frozenset({Reason.GREYLISTED}))
    assert len(list(export_rows(desk.database, Export(upload, by_reason)))) == 1
    assert split(outcomes_of(summarise(desk.database, upload)), by_reason).kept == 1


CORRECTIONS = (Correction("gmial.com", "gmail.com"), Correction("hotmial.com", "hotmail.com"))


@pytest.fixture
def misspelt(desk, replies):
    """A list that is asked at the right domains."""
    upload = desk.begin(
        "No.,E-mail",
        "1,mailto:fig@gmial.com",
        "2,fig@gmail.com; plum@hotmial.com",
        "3,no address",
        "4,pear@orchard.com",
        columns=("E-mail",),
        corrections=CORRECTIONS,
    )
    names = ("fig@gmail.com", "plum@hotmail.com", "pear@orchard.com")
    desk.finish(dict.fromkeys(names, replies["accepted"]))
    return upload


def test_what_was_asked_stands_beside_what_was_read_where_a_list_was_corrected(desk, misspelt):
    header = export_header(desk.database, Export(misspelt))
    assert header == ["No.", "E-mail", "email", "corrected_email", *OUTCOMES[1:], "other_results"]
    rows = _dicts(desk, Export(misspelt))
    assert [(each["email"], each["corrected_email"], each["status"]) for each in rows] == [
        ("fig@gmial.com", "fig@gmail.com", "valid"),
        ("fig@gmail.com", "", "valid"),
        ("no address", "", "invalid"),
        ("pear@orchard.com", "", "valid"),
    ]
    assert rows[1]["other_results"] == "plum@hotmial.com -> plum@hotmail.com: valid (accepted)"
    assert "corrected" in rows[0]["flags"].split()
    assert "corrected" not in rows[3]["flags"].split()


def test_the_corrected_column_comes_first_where_the_address_column_is_called_email(desk):
    upload = desk.save("email", "fig@gmial.com", corrections=CORRECTIONS)
    assert export_header(desk.database, Export(upload)) == ["email", "corrected_email", *OUTCOMES[1:]]


def test_corrected_rows_can_be_chosen_like_others(desk, misspelt):
    kept = _dicts(desk, Export(misspelt, parse_selection("corrected", "")))
    assert [each["email"] for each in kept] == ["fig@gmial.com"]


def test_of_whom_a_client_has_nobody_asked_no_other_lists_answer_is_written(desk):
    own = NamedPolicy("Orchard", Policy(never_probed_domains=("orchard.com",)))
    upload = desk.begin("fig@orchard.com", policy=own)
    desk.begin("fig@orchard.com")
    desk.finish()
    (said,) = _dicts(desk, Export(upload))
    assert (said["reason"], said["mx_host"], said["attempts"], said["checked_at"]) == (
        "never_probed",
        "",
        "0",
        "",
    )
    assert said["provider"] == "other"
