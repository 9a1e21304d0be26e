"""Whether a list is ready to send, in words."""

import pytest

from engine.expected import Share
from engine.readiness import SAFE_ONLY, WHOLE_LIST, Concern, Doubt, Readiness
from engine.verdict import Status
from pages.parts.readiness import ADVICE, readiness_for, told_of
from pages.parts.words import TOMORROW
from storage.summaries import summarise

SHARE = Share(0.01, 0.005, 0.02)


def test_a_mailing_that_is_ready_says_to_whom():
    told = told_of(Readiness(SAFE_ONLY, 1_204, SHARE, ()))
    assert told.is_ready
    assert told.finding == "Only what is safe, 1,204 addresses: ready to send"


def test_a_choice_is_named_by_its_statuses():
    finding = told_of(Readiness((Status.VALID, Status.ACCEPT_ALL, Status.RISKY), 9, SHARE, ())).finding
    assert finding == "Only what is Valid, Accept-all or Risky, 9 addresses: ready to send"
    assert told_of(Readiness((Status.RISKY,), 1, SHARE, ())).finding.startswith(
        "Only what is Risky, 1 address:"
    )


@pytest.mark.parametrize(
    ("concern", "said"),
    [
        (
            Concern(Doubt.FEW_VALID, 94.96, 95),
            "Only 94.96\xa0% are valid; the policy asks for at least 95\xa0%.",
        ),
        (Concern(Doubt.FEW_VALID, 0.0, 95), "None are valid; the policy asks for at least 95\xa0%."),
        (
            Concern(Doubt.SMALL_UNKNOWN, 28.4, 20),
            "At domains with fewer than 10 rows, 28\xa0% are unknown; the policy allows 20\xa0%.",
        ),
        (
            Concern(Doubt.SMALL_UNKNOWN, 20.4, 20),
            "At domains with fewer than 10 rows, 20.4\xa0% are unknown; the policy allows 20\xa0%.",
        ),
        (
            Concern(Doubt.BOUNCES, 2.34, 2.0),
            "About 2.3\xa0% are expected to bounce; the policy allows 2\xa0%.",
        ),
        (Concern(Doubt.UNANSWERED, 1_000), "1,000 addresses have no answer yet."),
    ],
)
def test_each_doubt_says_what_was_found_and_what_to_do(concern, said):
    told = told_of(Readiness(WHOLE_LIST, 100, SHARE, (concern,)))
    assert told.finding == "The whole list, 100 addresses: not ready to send"
    assert [(each.name, each.advice) for each in told.doubts] == [(said, ADVICE[concern.doubt])]


def test_whom_nobody_could_tell_is_advised_on_in_the_words_of_all_pages():
    assert TOMORROW in ADVICE[Doubt.SMALL_UNKNOWN]


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
    assert "The whole list, 2 addresses: not ready to send" in shown
    assert "Only what is safe: nobody to send to" in shown
