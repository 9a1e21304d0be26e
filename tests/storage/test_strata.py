"""Settled addresses by status, reason and provider."""

from engine.expected import Stratum
from engine.reason import Reason
from engine.verdict import Status
from storage.strata import safe_strata, strata_of


def test_valid_addresses_are_counted_by_provider_and_others_by_reason(desk, replies):
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
    assert set(strata_of(desk.database, upload)) == {
        *safe,
        Stratum(Status.INVALID, Reason.MAILBOX_MISSING, "", 1),
        Stratum(Status.INVALID, Reason.MALFORMED, "", 1),
        Stratum(Status.RISKY, Reason.ROLE, "", 1),
    }


def test_what_waits_is_in_no_stratum(desk):
    upload = desk.begin("pear@orchard.com", "plum@mill.com")
    assert strata_of(desk.database, upload) == []
    desk.finish()
    assert safe_strata(desk.database, upload) == [Stratum(Status.VALID, Reason.ACCEPTED, "other", 2)]
