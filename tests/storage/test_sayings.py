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


def test_a_yes_is_no_refusal(desk, hear):
    hear({"fig@mill.com": ""})
    assert sayings_at(desk.database, "mill.com") == []
    assert sayings_at(desk.database, "nowhere.com") == []
