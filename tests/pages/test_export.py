"""The Export page: what stays, what goes and why, and the tickets for the files."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text

from engine.expected import Stratum, expected_bounces
from engine.intake.correction import Correction
from engine.intake.read import read_sheet
from engine.never_probed import parse_listed
from engine.policy import Policy
from engine.reason import Reason
from engine.verdict import NO_FLAGS, Flag, Status
from pages.parts.clock import today
from pages.parts.downloads import Wanted, csv_downloads
from pages.parts.expectation import say_expected
from pages.parts.file_names import ENDINGS
from pages.parts.orders import by_status_order
from pages.parts.presets import KEEPS, PRESETS, Preset, kept_sentence, preset_of
from pages.parts.readiness import COUNTED, COUNTED_NARROWED
from pages.parts.reasons import REASONS
from pages.parts.tickets import DIALECTS, Format, Page, Rows, Suppression, tickets
from pages.parts.words import FLAGS, FORMATS, KEPT, OUTCOMES, STATES, STATUSES
from storage.export_lines import SEND_TO
from storage.exports import OUTCOME_COLUMNS, Export, export_header, export_rows
from storage.intake import save_upload
from storage.never_probed import Origin, write_lines
from storage.policies import NamedPolicy
from storage.rejudge import apply_policy
from storage.selection import Selection
from storage.summaries import summarise
from storage.uploads import Choice

DAY = date(2031, 5, 14)
CELLS = ("quince@orchard.sandbox", "QUINCE@orchard.sandbox", "plum@orchard.sandbox", "no address", "nor this")


def figures_of(page):
    return {each.label: each.value for each in page.metric}


@pytest.fixture
def give_up(runtime):
    """Let a list end with nobody having been asked."""

    def give(upload):
        runtime.start_upload(upload)
        runtime.cancel_upload(upload)

    return give


def downloads_of(page):
    found = [tickets.take_back(each.proto.url.removeprefix("/download/")) for each in page.link_button]
    assert None not in found
    return found


def test_figures_and_table_say_what_goes_and_why(runtime, save, show):
    save(*CELLS)
    page = show("EXPORT")
    assert not page.exception
    assert figures_of(page) == {"Rows kept": "0", "Rows removed": "5"}
    assert page.dataframe[0].value.to_numpy().tolist() == [
        ["Unknown", "Not checked", 3],
        ["Invalid", "Malformed address", 2],
    ]
    assert any("The list: 5 addresses in 5 rows." in each.value for each in page.caption)


def choose(page, preset):
    return page.segmented_control(key="preset").set_value(preset).run()


def test_only_what_is_safe_is_kept_until_somebody_says_otherwise_and_what_is_unknown_is_told(
    runtime, save, show
):
    save(*CELLS)
    page = show("EXPORT")
    assert page.segmented_control(key="preset").value is Preset.SAFE
    assert page.pills(key="statuses to keep").value == [Status.VALID]
    kept = downloads_of(page)[0].content.export.selection
    assert [status for status in Status if kept.keeps(status, NO_FLAGS)] == [Status.VALID]


def test_addresses_that_nobody_asked_about_are_not_left_out_in_silence(runtime, save, show, give_up):
    give_up(save("quince@orchard.sandbox"))
    page = show("EXPORT")
    (said,) = (each.value for each in page.info)
    assert said.startswith("1 row goes because its address was not checked.")
    assert not choose(page, Preset.NOT_DEAD).info


@pytest.mark.parametrize("preset", list(Preset))
def test_a_usual_choice_keeps_its_statuses(runtime, save, show, preset):
    save(*CELLS)
    page = choose(show("EXPORT"), preset)
    kept = downloads_of(page)[0].content.export.selection
    assert {status for status in Status if kept.keeps(status, NO_FLAGS)} == {*KEEPS[preset]}
    assert page.pills(key="statuses to keep").value == [*KEEPS[preset]]


def test_a_risky_address_of_an_accept_all_domain_is_there_for_review(runtime, save, show):
    save(*CELLS)
    page = choose(show("EXPORT"), Preset.REVIEW)
    assert downloads_of(page)[0].content.export.selection.keeps(Status.RISKY, Flag.ACCEPT_ALL)


def test_what_else_removes_rows_is_said_while_the_choices_are_folded_away(runtime, save, show):
    save(*CELLS)
    page = show("EXPORT")
    page.multiselect(key="reasons to remove").set_value([Reason.MALFORMED]).run()
    page.multiselect(key="also remove").set_value([Flag.ROLE, Flag.FREE]).run()
    page.slider(key="confidence to keep").set_value((50, 100)).run()
    (said,) = (each.value for each in page.markdown if each.value.startswith("Kept"))
    assert said.endswith("Also removed: rows by 1 reason, 2 flags, a confidence that is not from 50 to 100.")


def test_a_choice_of_one_s_own_is_none_of_the_usual_ones_until_it_is_one(runtime, save, show):
    save(*CELLS)
    page = show("EXPORT")
    page.pills(key="statuses to keep").set_value([Status.VALID, Status.RISKY]).run()
    assert page.segmented_control(key="preset").value is None
    page.pills(key="statuses to keep").set_value([Status.ACCEPT_ALL, Status.VALID]).run()
    assert page.segmented_control(key="preset").value is Preset.SAFE_AND_ACCEPT_ALL
    assert preset_of([]) is None


def test_one_sentence_says_what_is_kept_and_why(runtime, save, show):
    save(*CELLS)
    page = choose(show("EXPORT"), Preset.SAFE_AND_ACCEPT_ALL)
    (said,) = (each.value.strip() for each in page.markdown if each.value.startswith("Kept"))
    assert said == (
        "Kept: **Valid** (safe to send) and **Accept-all** (its domain takes mail for any address)."
    )


def test_the_sentence_keeps_up_with_the_choice():
    assert kept_sentence([]) == "Nothing is kept: choose what to keep."
    assert kept_sentence([Status.RISKY]) == "Kept: **Risky** (it may arrive)."
    assert all(f"**{saying.name}**" in kept_sentence(list(Status)) for saying in STATUSES.values())


def test_the_page_says_by_which_policy_the_list_is_judged(runtime, save, show):
    upload = save(*CELLS)
    assert any("Judged by the usual policy" in each.value for each in show("EXPORT").caption)
    apply_policy(runtime.database, upload, NamedPolicy("Obst*hof", Policy()))
    assert any(r"Judged by the policy of Obst\*hof" in each.value for each in show("EXPORT").caption)


def test_a_removed_row_without_an_address_is_not_called_invalid(runtime, save, show):
    save("1,quince@orchard.sandbox", "2,", head="n,email")
    page = choose(show("EXPORT"), Preset.NOT_DEAD)
    assert page.dataframe[0].value.to_numpy().tolist() == [["No address", "Nothing to check", 1]]


def test_rows_that_wait_are_counted_and_their_treatment_is_said(runtime, save, show):
    save(*CELLS, is_started=True)
    assert [each.value for each in show("EXPORT").info] == [
        "An answer is still missing for 3 rows; until it comes they are unknown."
    ]


def test_what_may_bounce_of_the_choice_is_said_and_follows_it(runtime, save, show):
    save(*CELLS)
    page = show("EXPORT")
    assert not [each for each in page.markdown if "may still bounce" in each.value]
    page.pills(key="statuses to keep").set_value([Status.INVALID]).run()
    [said] = [each.value for each in page.markdown if "may still bounce" in each.value]
    page.pills(key="statuses to keep").set_value([Status.UNKNOWN]).run()
    [other] = [each.value for each in page.markdown if "may still bounce" in each.value]
    assert said != other


def test_what_may_bounce_is_reckoned_without_the_providers_that_are_left_out(runtime, save, settle, show):
    save("quince@orchard.sandbox", "plum@orchard.sandbox", "fig@mill.sandbox", is_started=True)
    runtime.engine.stop()  # it would write that it could look up nothing, and nobody's provider
    settle()
    with runtime.database.writing() as connection:
        connection.execute(
            text("UPDATE domain SET provider = iif(name = 'mill.sandbox', 'outlook', 'google')")
        )
    page = show("EXPORT")
    page.multiselect(key="providers to remove").set_value(["google"]).run()
    assert figures_of(page) == {"Rows kept": "1", "Rows removed": "2"}
    only = expected_bounces([Stratum(Status.VALID, Reason.ACCEPTED, "outlook", 1)])
    assert say_expected(only, 1) in [each.value for each in page.markdown]


def test_a_status_that_is_kept_leaves_the_removed(runtime, save, show):
    save(*CELLS)
    page = show("EXPORT")
    page.pills(key="statuses to keep").set_value([Status.VALID, Status.INVALID]).run()
    assert figures_of(page) == {"Rows kept": "2", "Rows removed": "3"}


def test_duplicates_are_removed_until_that_is_switched_off(runtime, save, show):
    save(*CELLS)
    page = choose(show("EXPORT"), Preset.NOT_DEAD)
    assert figures_of(page) == {"Rows kept": "2", "Rows removed": "3"}
    page.toggle(key="exclude duplicates").set_value(False).run()
    assert figures_of(page) == {"Rows kept": "3", "Rows removed": "2"}


def test_rows_are_removed_by_reason_flag_confidence_and_provider_and_counted_at_once(runtime, save, show):
    upload = save(*CELLS)
    with runtime.database.writing() as connection:
        connection.execute(text("UPDATE domain SET provider = 'google'"))
    page = choose(show("EXPORT"), Preset.NOT_DEAD)
    page.pills(key="statuses to keep").set_value(list(Status)).run()
    page.multiselect(key="reasons to remove").set_value([Reason.MALFORMED]).run()
    assert figures_of(page) == {"Rows kept": "2", "Rows removed": "3"}
    page.multiselect(key="providers to remove").set_value(["google"]).run()
    assert figures_of(page) == {"Rows kept": "0", "Rows removed": "5"}
    page.multiselect(key="reasons to remove").set_value([]).run()
    page.multiselect(key="also remove").set_value([Flag.ROLE]).run()
    page.slider(key="confidence to keep").set_value((0, 99)).run()
    assert figures_of(page) == {"Rows kept": "2", "Rows removed": "3"}
    cleaned, removed = downloads_of(page)[:2]
    assert cleaned.content.export.upload == upload
    kept = [row[0] for row in export_rows(runtime.database, cleaned.content.export)]
    gone = [row[0] for row in export_rows(runtime.database, removed.content.export)]
    assert (kept, gone) == ([*CELLS[3:]], [*CELLS[:3]])


def test_columns_are_called_as_the_visitor_wants(runtime, save, show):
    save(*CELLS)
    page = show("EXPORT")
    page.multiselect(key="columns to add, none").set_value(["status", "reason", "confidence"]).run()
    page.text_input(key="name status").set_value("  email\tstatus ").run()
    page.text_input(key="name reason").set_value(" ").run()
    page.text_input(key="name confidence").set_value("EMAIL").run()
    export = downloads_of(page)[0].content.export
    assert export_header(runtime.database, export) == ["email", "email status", "reason", "winnow_EMAIL"]


def test_of_a_list_with_corrected_addresses_one_column_is_the_address_to_write_to(runtime, show, give_up):
    sheet = read_sheet(b"email\nfig@gmial.com\n<plum@orchard.sandbox>\n", "customers.csv")
    fixed = Choice(("email",), corrections=(Correction("gmial.com", "gmail.com"),))
    give_up(save_upload(runtime.database, sheet, fixed))
    page = show("EXPORT")
    export = replace(downloads_of(page)[0].content.export, selection=Selection())
    place = export_header(runtime.database, export).index("send_to")
    sent_to = [row[place] for row in export_rows(runtime.database, export)]
    assert sent_to == ["fig@gmail.com", "plum@orchard.sandbox"]


def test_formulas_are_harmless_until_that_is_switched_off(runtime, save, show):
    save(*CELLS)
    page = show("EXPORT")
    assert not any(each.content.dialect.is_exact for each in downloads_of(page)[:3])
    page.toggle(key="make formulas harmless").set_value(False).run()
    assert all(each.content.dialect.is_exact for each in downloads_of(page)[:3])


def test_a_suppression_file_and_a_report_go_with_each_list(runtime, save, show):
    upload = save(*CELLS)
    *_, suppression, report = downloads_of(show("EXPORT"))
    assert isinstance(suppression.content, Suppression)
    assert suppression.content.upload == upload
    assert suppression.file_name == f"customers - suppression {today().isoformat()}.csv"
    assert isinstance(report.content, Page)
    assert report.file_name == f"customers - report {today().isoformat()}.html"
    assert "<h1>customers.csv</h1>" in report.content.html


@pytest.mark.parametrize("key", ["exclude duplicates", "exclude listed"])
def test_the_report_calls_its_mailings_the_file_s_until_a_further_choice_is_made(runtime, save, show, key):
    save(*CELLS)
    page = show("EXPORT")
    assert COUNTED in downloads_of(page)[-1].content.html
    page.toggle(key=key).set_value(False).run()
    assert COUNTED_NARROWED in downloads_of(page)[-1].content.html
    page.toggle(key=key).set_value(True).run()
    page.multiselect(key="reasons to remove").set_value([Reason.MALFORMED]).run()
    assert COUNTED_NARROWED in downloads_of(page)[-1].content.html


def test_the_two_downloads_share_the_rows_between_them(runtime, save, show):
    save(*CELLS)
    page = show("EXPORT")
    page.pills(key="statuses to keep").set_value([Status.INVALID]).run()
    cleaned, removed = downloads_of(page)[:2]
    kept = [row[0] for row in export_rows(runtime.database, cleaned.content.export)]
    gone = [row[0] for row in export_rows(runtime.database, removed.content.export)]
    assert kept == ["no address", "nor this"]
    assert gone == [*CELLS[:3]]


@pytest.mark.parametrize("wanted", list(DIALECTS))
def test_files_are_named_after_the_list_with_what_they_are_and_the_day(runtime, save, show, wanted):
    save(*CELLS)
    page = show("EXPORT")
    page.segmented_control(key="format").set_value(wanted).run()
    assert [(each.file_name, each.content.dialect) for each in downloads_of(page)[:2]] == [
        (f"customers - cleaned {today().isoformat()}{ENDINGS[wanted]}", DIALECTS[wanted]),
        (f"customers - removed {today().isoformat()}{ENDINGS[wanted]}", DIALECTS[wanted]),
    ]


def test_a_list_that_came_as_a_workbook_is_offered_as_one(runtime, save, show):
    upload = save(*CELLS)
    assert show("EXPORT").segmented_control(key="format").value is Format.CSV_FOR_EXCEL
    with runtime.database.writing() as connection:
        connection.execute(text("UPDATE upload SET sheet_name = 'Spring' WHERE id = :id"), {"id": upload})
    page = show("EXPORT")
    assert page.segmented_control(key="format").value is Format.XLSX
    assert page.button(key="prepare").label == "Prepare the workbook"


def test_no_two_downloads_have_the_same_name(runtime, save):
    uploads = [save(*CELLS), save(*CELLS)]
    lists = [summarise(runtime.database, upload).standing for upload in uploads]
    lists.append(replace(lists[0], name="book.xlsx", sheet_name="Spring"))
    lists.append(replace(lists[0], name="book.xlsx", sheet_name="Autumn"))
    lists.append(replace(lists[0], title="Spring/May, corrected"))
    names = [
        each.file_name
        for standing in lists
        for wanted in DIALECTS
        for each in csv_downloads(Wanted(standing, Export(1), wanted, DAY))
    ]
    assert len(set(names)) == len(names) == 30
    assert "customers, second check - cleaned 2031-05-14.csv" in names
    assert "Spring-May, corrected - cleaned 2031-05-14.csv" in names
    assert "book (Spring) - removed 2031-05-14 with semicolons.csv" in names


def test_the_removed_rows_always_carry_their_reason(runtime, save):
    standing = summarise(runtime.database, save(*CELLS)).standing
    export = Export(1, columns=("provider",))
    _, removed = csv_downloads(Wanted(standing, export, Format.CSV, DAY))
    assert isinstance(removed.content, Rows)
    assert removed.content.export.columns == ("provider", "status", "reason", "flags")
    assert removed.content.export.is_removed_wanted


def test_the_removed_rows_say_in_words_why_behind_all_other_columns(runtime, save, give_up):
    upload = save("1,quince@orchard.sandbox", "2,no address", head="why removed,email")
    give_up(upload)
    standing = summarise(runtime.database, upload).standing
    safe = Export(upload, Selection(statuses=frozenset({Status.INVALID})), columns=("status",))
    cleaned, removed = (
        each.content.export for each in csv_downloads(Wanted(standing, safe, Format.CSV, DAY))
    )
    assert export_header(runtime.database, cleaned) == ["why removed", "email", "status"]
    header = export_header(runtime.database, removed)
    assert header[-1] == "winnow_why removed"
    assert [row[-1] for row in export_rows(runtime.database, removed)][-1] == (
        "Invalid: Malformed address. No address is written so; correct it or remove it."
    )


def test_a_file_per_status_says_in_words_what_was_found_of_each_row(runtime, save, give_up):
    upload = save(*CELLS)
    give_up(upload)
    standing = summarise(runtime.database, upload).standing
    export = Export(upload, Selection(statuses=frozenset(Status)), columns=("status",))
    order = by_status_order(export, standing, DAY)
    assert export_header(runtime.database, order.export)[-1] == "reason in words"
    said = [row[-1] for row in export_rows(runtime.database, order.export)]
    assert len(said) == len(CELLS)
    assert said[0] == "Unknown: Not checked. It has not been asked about."


def test_there_is_a_word_for_everything():
    assert set(OUTCOMES) == {*OUTCOME_COLUMNS, SEND_TO}
    assert set(FORMATS) == set(Format) == set(ENDINGS)
    assert set(PRESETS) == set(KEEPS) == set(Preset)
    assert set(FLAGS) == set(Flag)
    assert set(STATUSES) == set(KEPT) == set(Status)
    assert REASONS
    assert STATES


def test_the_never_asked_list_is_left_out_by_every_usual_choice_until_that_is_switched_off(
    runtime, save, show, give_up
):
    give_up(save(*CELLS))
    write_lines(runtime.database, [parse_listed("plum@orchard.sandbox")], Origin())
    page = choose(show("EXPORT"), Preset.NOT_DEAD)
    assert figures_of(page) == {"Rows kept": "1", "Rows removed": "4"}
    assert ["Never-asked list", "Its address is on it.", 1] in page.dataframe[0].value.to_numpy().tolist()
    cleaned, removed = (each.content.export for each in downloads_of(page)[:2])
    assert [row[0] for row in export_rows(runtime.database, cleaned)] == [CELLS[0]]
    assert CELLS[2] in [row[0] for row in export_rows(runtime.database, removed)]
    page = page.toggle(key="exclude listed").set_value(False).run()
    assert figures_of(page) == {"Rows kept": "2", "Rows removed": "3"}
    assert any("Rows on your never-asked list are kept." in each.value for each in page.markdown)


def test_a_line_added_later_is_counted_at_once(runtime, save, show, give_up):
    give_up(save(*CELLS))
    page = choose(show("EXPORT"), Preset.NOT_DEAD)
    assert figures_of(page)["Rows kept"] == "2"
    write_lines(runtime.database, [parse_listed("orchard.sandbox")], Origin())
    assert figures_of(page.run())["Rows kept"] == "0"


def test_the_suppression_file_has_who_is_never_asked_too_if_that_is_wanted(runtime, save, show, give_up):
    give_up(save(*CELLS))
    write_lines(runtime.database, [parse_listed("nobody.example")], Origin())
    assert "suppress the listed" not in [each.key for each in show("EXPORT").toggle]
    write_lines(runtime.database, [parse_listed("orchard.sandbox")], Origin())
    page = show("EXPORT")
    *_, suppression, _ = downloads_of(page)
    assert not suppression.content.has_listed
    assert page.toggle(key="suppress the listed").label == "And who is on your never-asked list (3 rows)"
    page.toggle(key="suppress the listed").set_value(True).run()
    *_, suppression, _ = downloads_of(page)
    assert suppression.content.has_listed
