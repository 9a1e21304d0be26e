"""Settled addresses by status, reason and provider."""

from engine.expected import Stratum
from engine.reason import Reason
from engine.verdict import Flag, Status
from storage.selection import Outcome
from storage.strata import kept_strata, safe_strata


def test_valid_addresses_are_counted_by_provider(desk, replies):
    upload = desk.save(
        "n,email",
        "1,pear@orchard.com",
        "2,fig@orchard.com",
        "3,plum@mill.com",
        "4,no address",
        "5,",
        "6,info@mill.com",
    )
    desk.save("quince@orchard.com")
    desk.start(upload)
    assert desk.acquire()
    desk.resolve(provider="google")
    batches = desk.claim()
    answers = {"pear@orchard.com": replies["missing"], "fig@orchard.com": replies["accepted"]}
    answers |= {"plum@mill.com": replies["accepted"], "info@mill.com": replies["accepted"]}
    desk.settle(*(desk.answer(batch, answers) for batch in batches))
    safe = [Stratum(Status.VALID, Reason.ACCEPTED, "google", 2)]
    assert safe_strata(desk.database, upload) == safe


def test_what_waits_is_in_no_stratum(desk):
    upload = desk.begin("pear@orchard.com", "plum@mill.com")
    assert safe_strata(desk.database, upload) == []
    desk.finish()
    assert safe_strata(desk.database, upload) == [Stratum(Status.VALID, Reason.ACCEPTED, "other", 2)]


def test_valid_rows_of_no_known_provider_are_parted_as_the_lists_valid_ones_are():
    kept = [
        (Outcome(Status.VALID, Flag(0), Reason.ACCEPTED), 10),
        (Outcome(Status.RISKY, Flag(0), Reason.ROLE), 3),
        (Outcome(Status.INVALID, Flag(0), Reason.EMPTY), 7),
    ]
    safe = [
        Stratum(Status.VALID, Reason.ACCEPTED, "google", 30),
        Stratum(Status.VALID, Reason.ACCEPTED, "other", 10),
    ]
    assert kept_strata(kept, safe) == [
        Stratum(Status.VALID, Reason.ACCEPTED, "google", 7.5),
        Stratum(Status.VALID, Reason.ACCEPTED, "other", 2.5),
        Stratum(Status.RISKY, Reason.ROLE, "", 3),
    ]


def test_rows_whose_provider_is_known_stay_with_it():
    told = (Outcome(Status.VALID, Flag(0), Reason.ACCEPTED, 90, "google"), 4)
    other = [Stratum(Status.VALID, Reason.ACCEPTED, "other", 10)]
    assert kept_strata([told], other) == [Stratum(Status.VALID, Reason.ACCEPTED, "google", 4)]


def test_where_no_valid_address_is_counted_a_valid_row_is_of_no_provider():
    kept = [(Outcome(Status.VALID, Flag(0), Reason.ACCEPTED), 2)]
    assert kept_strata(kept, []) == [Stratum(Status.VALID, Reason.ACCEPTED, "", 2)]
