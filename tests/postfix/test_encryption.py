import asyncio

import pytest

from engine.address import Address
from engine.asking import Asker
from engine.connection import open_session
from engine.greeting import Tls, introduce
from engine.patience import patience_with
from engine.reply import is_yes
from engine.trace import Trace

pytestmark = pytest.mark.postfix

TOLD = (("valid", "accepted"), ("invalid", "mailbox_missing"))


@pytest.mark.parametrize("kind", ["tls", "tlsonly"])
def test_a_host_that_offers_encryption_or_demands_it_is_asked_encrypted(ask, kind):
    texts = (f"apple@{kind}.sandbox", f"nobody@{kind}.sandbox")
    asked = ask(*texts)
    assert asked.verdicts == dict(zip(texts, TOLD, strict=True))
    assert all("encrypted with TLSv1.3" in asked.trace(text) for text in texts)
    assert "TLS connection established" in asked.log
    assert asked.facts(f"{kind}.sandbox").offers_tls is True


def test_a_host_that_knows_only_tls_of_1999_is_asked_encrypted_all_the_same(ask):
    asked = ask("apple@tlsold.sandbox", "nobody@tlsold.sandbox")
    assert tuple(asked.verdicts.values()) == TOLD
    assert "encrypted with TLSv1\n" in asked.trace("apple@tlsold.sandbox")


def test_a_demand_for_encryption_is_met_when_it_comes(postfix, settings):
    async def introduced(trace):
        patience = patience_with("", settings)
        session = await open_session(postfix.hosts["tlsonly.sandbox"], trace, settings, patience)
        try:
            assert is_yes(await introduce(session, settings, Tls.NEVER))
            told = await Asker(session, settings).ask([Address("apple", "tlsonly.sandbox")])
            return told[0].answer
        finally:
            await session.quit()

    trace = Trace()
    assert is_yes(asyncio.run(introduced(trace)))
    said = [line.text for line in trace.lines]
    demanded = said.index("530 5.7.0 Must issue a STARTTLS command first")
    assert said[demanded + 1] == "STARTTLS"
    assert "encrypted with TLSv1.3" in said[demanded:]


def test_a_host_that_demands_encryption_and_does_not_let_us_leaves_all_unknown(ask):
    asked = ask("apple@tlshidden.sandbox", "nobody@tlshidden.sandbox")
    assert set(asked.verdicts.values()) == {("unknown", "tls_required")}
    assert "530 5.7.0" in asked.trace("apple@tlshidden.sandbox")


def test_a_host_without_encryption_is_asked_in_plain_words(ask):
    asked = ask("apple@plain.sandbox")
    assert asked.verdicts == {"apple@plain.sandbox": ("valid", "accepted")}
    assert asked.facts("plain.sandbox").offers_tls is False
