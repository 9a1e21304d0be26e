"""Whether a list is ready to send, in words."""

import pytest

from engine.expected import Share
from engine.readiness import NO_COUNTS, SAFE_ONLY, WHOLE_LIST, Concern, Doubt, Readiness
from engine.reason import Reason
from engine.value import replace
from engine.verdict import Status
from pages.parts.readiness import ADVICE, readiness_for, told_of
from pages.parts.tickets import Page, tickets
from pages.parts.words import TOMORROW
from storage.summaries import summarise

SHARE = Share(0.01, 0.005, 0.02)


def counts(askable=0, **statuses):
    told = {Status(name): number for name, number in statuses.items()}
    return replace(NO_COUNTS, statuses=told, askable=askable)


def test_a_mailing_that_is_ready_says_to_whom():
    told = told_of(Readiness(SAFE_ONLY, 1_250, SHARE, (), rows=1_204))
    assert told.is_ready
    assert told.finding == "Only what is safe, 1,204 rows: ready to send"


def test_a_choice_is_named_by_its_statuses():
    several = (Status.VALID, Status.ACCEPT_ALL, Status.RISKY)
    finding = told_of(Readiness(several, 9, SHARE, (), rows=9)).finding
    assert finding == "Only what is Valid, Accept-all or Risky, 9 rows: ready to send"
    one = told_of(Readiness((Status.RISKY,), 1, SHARE, (), rows=1))
    assert one.finding.startswith("Only what is Risky, 1 row:")


def test_each_doubt_says_what_was_found_and_what_to_do():
    concern = Concern(Doubt.FEW_VALID, 94.96, 95)
    told = told_of(Readiness(WHOLE_LIST, 100, SHARE, (concern,), rows=90, counts=counts(valid=94)))
    assert told.finding == "The whole list, 90 rows: not ready to send"
    said = "Only 94.96\xa0% are valid; the policy asks for at least 95\xa0%."
    advice = "Send to the valid ones only, and leave the others out of this mailing."
    assert [(each.name, each.advice) for each in told.doubts] == [(said, advice)]


@pytest.mark.parametrize(
    ("doubt", "held", "keeps", "advice"),
    [
        (Doubt.NOBODY, counts(invalid=9), SAFE_ONLY, "Check another list."),
        (Doubt.NOBODY, counts(askable=1, unknown=1), SAFE_ONLY, "Ask again about the one that is unknown"),
        (Doubt.NOBODY, counts(askable=2, unknown=2), SAFE_ONLY, "Ask again about those that are unknown"),
        (Doubt.FEW_VALID, counts(invalid=9), WHOLE_LIST, "Write to none of them"),
        (
            Doubt.FEW_VALID,
            counts(invalid=1, risky=9),
            WHOLE_LIST,
            "Leave out the invalid ones. Of the others",
        ),
        (Doubt.FEW_VALID, counts(unknown=9), WHOLE_LIST, "Do not write to all at once"),
        (Doubt.SMALL_UNKNOWN, counts(unknown=9), WHOLE_LIST, "Keep them, and send without them."),
        (Doubt.SMALL_UNKNOWN, counts(askable=9, unknown=9), WHOLE_LIST, f"Keep them, {TOMORROW}"),
        (Doubt.BOUNCES, counts(valid=9), SAFE_ONLY, "Write to a small portion first;"),
        (Doubt.BOUNCES, counts(valid=9, risky=2), SAFE_ONLY, "Write to a small portion first;"),
        (Doubt.BOUNCES, counts(valid=9, risky=2), WHOLE_LIST, "Leave out the risky ones;"),
        (Doubt.BOUNCES, counts(invalid=1, risky=2), WHOLE_LIST, "Leave out the invalid and the risky ones;"),
    ],
)
def test_no_advice_leads_nowhere(doubt, held, keeps, advice):
    found = Readiness(keeps, 9, SHARE, (Concern(doubt, 9.0),), counts=held)
    (told,) = told_of(found).doubts
    assert told.advice.startswith(advice)


def test_there_is_advice_for_every_doubt():
    assert {*ADVICE} == {*Doubt}


def test_nobody_to_send_to_is_said_as_such():
    told = told_of(Readiness(SAFE_ONLY, 0, None, (Concern(Doubt.NOBODY, 0),)))
    assert told.finding == "Only what is safe: nobody to send to"


def test_an_ended_list_shows_both_mailings_by_its_own_policy(runtime, save, show):
    upload = save("plum@orchard.sandbox", "no address", is_started=True)
    runtime.cancel_upload(upload)
    (safe, whole) = readiness_for(
        runtime.database, summarise(runtime.database, upload).standing, (WHOLE_LIST, SAFE_ONLY)
    )
    assert (safe.keeps, whole.keeps, whole.addresses) == (SAFE_ONLY, WHOLE_LIST, 2)
    page = show("RESULTS", list=str(upload))
    shown = " ".join(each.value for each in page.markdown)
    assert "Ready to send?" in shown
    assert "The whole list, 2 rows: not ready to send" in shown
    assert "Only what is safe: nobody to send to" in shown


def test_the_panel_counts_the_rows_that_export_keeps(runtime, save, settle, show):
    save("plum@orchard.sandbox; fig@orchard.sandbox", "PLUM@orchard.sandbox", is_started=True)
    settle()
    page = show("RESULTS")
    shown = " ".join(each.value for each in page.markdown)
    assert "Only what is safe, 1 row: ready to send" in shown
    reckoned = "1 is not the first in its row and 1 repeats an earlier row. That leaves 1 row for the file."
    assert any(reckoned in each.value for each in page.caption)
    page = show("EXPORT")
    assert [each.value for each in page.metric] == ["1", "1"]
    assert any(reckoned in each.value for each in page.caption)


def test_where_valid_addresses_stand_behind_others_only_nobody_is_sent_to(runtime, save, settle, show):
    save("no address; plum@orchard.sandbox", is_started=True)
    settle()
    shown = " ".join(each.value for each in show("RESULTS").markdown)
    assert "Only what is safe: nobody to send to." in shown
    assert [each.value for each in show("EXPORT").metric] == ["0", "1"]


def test_a_file_that_further_choices_narrow_is_judged_as_it_is_made(runtime, save, settle, show):
    save("plum@orchard.sandbox", "fig@orchard.sandbox", "no address", is_started=True)
    settle()
    page = show("EXPORT")
    page.segmented_control(key="preset").set_value(None).run()
    page.pills(key="statuses to keep").set_value([Status.VALID, Status.INVALID]).run()
    assert "Only what is Valid or Invalid, 3 rows: not ready to send" in _report(page)
    page.multiselect(key="reasons to remove").set_value([Reason.MALFORMED]).run()
    assert not page.exception
    said = _report(page)
    assert "Only what is Valid or Invalid, with your further choices, 2 rows: ready to send" in said
    assert "The whole list, 3 rows: not ready to send" in said


def test_unknown_ones_of_a_narrowed_file_are_looked_for_at_small_domains(runtime, save, show):
    upload = save("plum@orchard.sandbox", "no address", is_started=True)
    runtime.cancel_upload(upload)
    page = show("EXPORT")
    page.pills(key="statuses to keep").set_value([Status.UNKNOWN]).run()
    page.multiselect(key="reasons to remove").set_value([Reason.MALFORMED]).run()
    assert not page.exception
    said = _report(page).replace("\xa0", " ")
    assert "Of addresses at domains with fewer than 10 of them, 100 % are unknown" in said
    page.multiselect(key="reasons to remove").set_value([Reason.NOT_CHECKED]).run()
    assert "Only what is Unknown, with your further choices: nobody to send to" in _report(page)


def _report(page):
    found = [tickets.take_back(each.proto.url.removeprefix("/download/")) for each in page.link_button]
    return next(each.content.html for each in found if each and isinstance(each.content, Page))
