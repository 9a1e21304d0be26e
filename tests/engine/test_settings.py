import pytest
from pydantic import ValidationError

from engine.settings import Settings, UnusableSettings, read_settings

DEFAULTS = {
    "resolvers": (), "smtp_port": 25, "source_address": "", "allow_private_networks": False,
    "validator_helo": "", "validator_mail_from": "", "global_concurrency": 96, "per_domain_concurrency": 1,
    "domain_sessions_per_minute": 10, "domain_rcpts_per_minute": 0, "rcpts_per_session": 20,
    "session_backoff_ms": 1200, "dns_timeout_ms": 1500, "smtp_connect_timeout_ms": 6000,
    "smtp_op_timeout_ms": 8000, "total_budget_ms": 12000, "greylist_retry_seconds": (45, 900, 7200, 28800),
    "outage_retry_seconds": (900, 7200), "breaker_failures": 5, "breaker_minutes": 45,
    "email_validation_ttl_days": 60, "invalid_ttl_days": 30, "unknown_ttl_hours": 24,
    "domain_cache_ttl_hours": 24, "prefer_ipv4": True, "metrics_log_every": 100,
}  # fmt: skip


def test_the_defaults_are_those_of_the_design():
    settings = read_settings({})

    assert settings.model_dump(exclude={"database_url"}) == DEFAULTS
    assert settings.database_url.startswith("sqlite:///")
    assert settings.database_url.endswith("winnow.db")


def test_every_setting_is_read_from_the_variable_of_its_name():
    environ = {
        "DATABASE_URL": "sqlite:///list.db", "RESOLVERS": "127.0.0.1:5353, 192.0.2.53 ,", "SMTP_PORT": "2525",
        "SOURCE_ADDRESS": "127.0.0.9", "ALLOW_PRIVATE_NETWORKS": "true", "VALIDATOR_HELO": "mx.plum.example",
        "VALIDATOR_MAIL_FROM": "check@plum.example", "GLOBAL_CONCURRENCY": "7", "PER_DOMAIN_CONCURRENCY": "2",
        "DOMAIN_SESSIONS_PER_MINUTE": "0", "DOMAIN_RCPTS_PER_MINUTE": "30", "RCPTS_PER_SESSION": "5",
        "SESSION_BACKOFF_MS": "0", "DNS_TIMEOUT_MS": "1", "SMTP_CONNECT_TIMEOUT_MS": "2",
        "SMTP_OP_TIMEOUT_MS": "3", "TOTAL_BUDGET_MS": "4", "GREYLIST_RETRY_SECONDS": "0.5, 2",
        "OUTAGE_RETRY_SECONDS": "3", "BREAKER_FAILURES": "6", "BREAKER_MINUTES": "1.5",
        "EMAIL_VALIDATION_TTL_DAYS": "1", "INVALID_TTL_DAYS": "2", "UNKNOWN_TTL_HOURS": "3",
        "DOMAIN_CACHE_TTL_HOURS": "4", "PREFER_IPV4": "false", "METRICS_LOG_EVERY": "9",
    }  # fmt: skip
    read = read_settings(environ).model_dump()

    assert set(environ) == {name.upper() for name in Settings.model_fields}
    defaults = read_settings({}).model_dump()
    assert [name for name in read if read[name] == defaults[name]] == []
    assert read["resolvers"] == ("127.0.0.1:5353", "192.0.2.53")
    assert read["greylist_retry_seconds"] == (0.5, 2.0)


def test_an_empty_variable_counts_as_not_set_and_foreign_ones_are_left_alone():
    assert read_settings({"SMTP_PORT": "", "PATH": "/bin", "smtp_port": "26"}).smtp_port == 25


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SMTP_PORT", "0"),
        ("SMTP_PORT", "66000"),
        ("SMTP_PORT", "smtp"),
        ("GLOBAL_CONCURRENCY", "0"),
        ("GREYLIST_RETRY_SECONDS", "45,soon"),
        ("OUTAGE_RETRY_SECONDS", "-1"),
        ("ALLOW_PRIVATE_NETWORKS", "perhaps"),
        ("SESSION_BACKOFF_MS", "-5"),
    ],
)
def test_an_unusable_value_is_told_in_one_sentence_that_names_the_variable(variable, value):
    with pytest.raises(UnusableSettings, match=f"^These settings cannot be used: {variable}: ") as caught:
        read_settings({variable: value})

    assert "\n" not in str(caught.value)


def test_all_unusable_values_are_told_at_once():
    with pytest.raises(UnusableSettings, match=r"SMTP_PORT: .*; RCPTS_PER_SESSION: "):
        read_settings({"SMTP_PORT": "x", "RCPTS_PER_SESSION": "x"})


def test_settings_are_frozen():
    with pytest.raises(ValidationError):
        Settings().smtp_port = 26


def test_we_introduce_ourselves_by_the_names_that_are_set():
    settings = Settings(validator_helo="mx.plum.example")
    assert (settings.helo, settings.mail_from) == ("mx.plum.example", "verify@mx.plum.example")

    other = Settings(validator_helo="mx.plum.example", validator_mail_from="check@plum.example")
    assert other.mail_from == "check@plum.example"


@pytest.mark.parametrize(
    ("helo", "is_private", "is_allowed"),
    [
        ("mx.plum.example", False, True),
        ("localhost", False, False),
        ("orchard.", False, False),
        ("localhost", True, True),
    ],
)
def test_without_a_real_name_only_the_sandbox_may_be_probed(helo, is_private, is_allowed):
    settings = Settings(validator_helo=helo, allow_private_networks=is_private)

    assert settings.is_probing_allowed is is_allowed


@pytest.mark.parametrize(
    "servers", ["192.0.2.53", "127.0.0.53:5353", "::1", "[::1]:53", "192.0.2.1, 192.0.2.2:53"]
)
def test_name_servers_are_ip_addresses_perhaps_with_a_port(servers):
    assert len(read_settings({"RESOLVERS": servers}).resolvers) == servers.count(",") + 1


@pytest.mark.parametrize(
    "servers", ["pear", "192.0.2.1:0", "192.0.2.1:99999", "ns.example:53", "[::1]", "192.0.2.1:"]
)
def test_what_is_no_name_server_is_told_of_at_the_start(servers):
    with pytest.raises(UnusableSettings, match="RESOLVERS"):
        read_settings({"RESOLVERS": servers})
