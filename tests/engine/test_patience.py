from engine.patience import patience_with
from engine.provider import provider_named
from engine.settings import Settings


def test_others_than_slow_providers_get_the_time_that_is_set():
    patience = patience_with("other", Settings())

    assert (patience.connect_s, patience.banner_s, patience.command_s) == (6, 8, 8)
    assert (patience.rcpt_s, patience.budget_s) == (8, 12)
    assert patience_with("", Settings()) == patience


def test_a_provider_known_to_be_slow_gets_the_time_it_needs_where_it_needs_it():
    slow = provider_named("spamexperts")
    patience = patience_with(slow.name, Settings())

    assert (patience.rcpt_s, patience.budget_s) == (slow.rcpt_timeout_s, slow.budget_s)
    assert (patience.command_s, patience.banner_s) == (8, 8)


def test_settings_that_give_more_time_than_a_provider_needs_stand():
    settings = Settings(smtp_op_timeout_ms=90_000, total_budget_ms=120_000)

    assert patience_with("spamexperts", settings).rcpt_s == 90
    assert patience_with("spamexperts", settings).budget_s == 120


def test_a_connection_takes_no_longer_than_the_whole_budget():
    assert patience_with("other", Settings(total_budget_ms=2_000)).connect_s == 2
