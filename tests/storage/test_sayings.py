"""What hosts said when they did not let us in."""

import pytest

from engine.reply import Reply, Stage
from engine.value import replace
from engine.verdict import TraceLine
from storage.sayings import MOST_SAYINGS, sayings_at, sayings_of

NO = Reply(550, "5.7.1 no", Stage.RCPT)


@pytest.fixture
def hear(desk):
    """Have the host of each address' domain refuse it in these words (`""`: it says nothing)."""

    def settle(said):
        desk.begin(*said)
        for batch in desk.claim():
            outcome = desk.answer(batch, NO)
            spoken = zip(outcome.findings, batch.recipients, strict=True)
            findings = [replace(each, trace=_trace(said[str(to.address)])) for each, to in spoken]
            desk.settle(replace(outcome, findings=tuple(findings)))
        return {row.name: row.id for row in desk.rows("SELECT id, name FROM domain")}

    return settle


def _trace(words):
    return (
        TraceLine("us", "RCPT TO"),
        TraceLine("host", "250 ok"),
        *([TraceLine("host", words)] if words else []),
    )


def test_equal_words_of_several_hosts_are_gathered_the_commonest_first(desk, hear):
    ids = hear(
        {
            "fig@strict.com": "550 5.7.1 fig@strict.com: refused",
            "pear@grim.com": "550 5.7.1 pear@grim.com:  refused",
            "plum@busy.com": "421 too busy",
            "quince@mute.com": "",
        }
    )
    domains = [ids[name] for name in ("busy.com", "mute.com", "strict.com", "grim.com")]
    found = sayings_of(desk.database, domains, [0] * len(domains))
    assert [(each.text, each.hosts, each.domains) for each in found] == [
        ("550 5.7.1 the address: refused", ("mx.strict.com", "mx.grim.com"), 2),
        ("421 too busy", ("mx.busy.com",), 1),
        ("", ("mx.mute.com",), 1),
    ]


def test_of_many_different_words_the_first_are_given(desk, hear):
    ids = hear({f"fig@mill{number}.com": f"550 reason {number}" for number in range(MOST_SAYINGS + 2)})
    assert len(sayings_of(desk.database, list(ids.values()), [0] * len(ids))) == MOST_SAYINGS


def test_that_a_mailbox_does_not_exist_is_no_refusal_but_an_answer(desk, hear):
    ids = hear({"fig@mill.com": "550 5.1.1 no such user", "pear@mill.com": "550 5.7.1 you are listed"})
    (said,) = sayings_of(desk.database, [ids["mill.com"]], [0])
    assert said.text == "550 5.7.1 you are listed"


def test_a_yes_is_no_refusal(desk, hear):
    hear({"fig@mill.com": ""})
    (upload,) = desk.rows("SELECT id FROM upload")
    assert sayings_at(desk.database, upload.id, "mill.com") == []
    assert sayings_at(desk.database, upload.id, "nowhere.com") == []


def test_a_domain_whose_host_answered_for_every_address_has_nothing_to_tell(desk, replies):
    upload = desk.begin("fig@mill.com", "pear@mill.com")
    for batch in desk.claim():
        outcome = desk.answer(
            batch, {"fig@mill.com": replies["accepted"], "pear@mill.com": replies["missing"]}
        )
        traces = (_trace("450 4.7.1 greylisted"), _trace("550 5.1.1 no such user"))
        spoken = zip(outcome.findings, traces, strict=True)
        desk.settle(replace(outcome, findings=tuple(replace(each, trace=said) for each, said in spoken)))
    assert sayings_at(desk.database, upload, "mill.com") == []


def test_who_waits_for_a_host_is_told_what_it_said(desk, replies):
    upload = desk.begin("fig@mill.com")
    (batch,) = desk.claim()
    later = replace(batch.recipients[0], trace=_trace("450 4.7.1 greylisted"))
    desk.settle(desk.put_off(replace(batch, recipients=(later,)), desk.clock() + 600))
    assert [each.text for each in sayings_at(desk.database, upload, "mill.com")] == ["450 4.7.1 greylisted"]
