import pytest

pytestmark = pytest.mark.postfix

BLOCKED = ("unknown", "blocked")


def asks_both(ask, kind):
    """Ask about one who exists and one who does not, whom a host that refuses us does not tell apart."""
    texts = (f"apple@{kind}.sandbox", f"nobody@{kind}.sandbox")
    asked = ask(*texts, greylist_retry_seconds=(0.1,))
    assert asked.verdicts == dict.fromkeys(texts, BLOCKED)
    return asked.trace(texts[1])


@pytest.mark.usefixtures("needs_dns")
def test_a_client_on_a_block_list_learns_nothing_of_any_mailbox(ask):
    assert "blocked using zen.sandbox" in asks_both(ask, "listed")


@pytest.mark.usefixtures("needs_dns")
def test_a_host_that_goes_on_refusing_us_is_let_alone_and_nobody_there_is_called_invalid(ask):
    texts = [f"{name}{n}@listed.sandbox" for n in range(20) for name in ("apple", "nobody")]
    asked = ask(*texts, rcpts_per_session=6, breaker_minutes=0.02)
    assert asked.verdicts == dict.fromkeys(texts, BLOCKED)
    assert asked.log.count("blocked using zen.sandbox") < len(texts)


@pytest.mark.usefixtures("needs_dns")
def test_a_client_without_a_name_in_the_dns_learns_nothing_of_any_mailbox(ask):
    assert "450 4.7.25" in asks_both(ask, "nameless")


@pytest.mark.usefixtures("needs_dns")
def test_a_sender_whose_domain_does_not_exist_learns_nothing_of_any_mailbox(ask):
    assert "450 4.1.8" in asks_both(ask, "senderless")


@pytest.mark.parametrize(
    ("kind", "refused"),
    [
        ("shut", "Client host rejected"),
        ("nohelo", "Helo command rejected"),
        ("nosender", "Sender address rejected"),
    ],
)
def test_a_refusal_before_rcpt_is_about_us_whatever_stage_it_comes_at(ask, kind, refused):
    trace = asks_both(ask, kind)
    assert refused in trace
    assert "RCPT TO" not in trace


def test_a_client_that_postscreen_shuns_learns_nothing_of_any_mailbox(ask):
    assert "550 5.3.2" in asks_both(ask, "shunned")
