import tomllib
from importlib.resources import files

import pytest

from engine.provider import Kind, Worth, all_providers, limited_providers, provider_named, provider_of

ROWS = tomllib.loads(files("engine").joinpath("lists/providers.toml").read_text("utf-8"))["provider"]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["name"])
def test_every_row_is_found_by_its_name_and_by_each_of_its_host_names(row):
    provider = provider_named(row["name"])
    assert provider.name == row["name"]
    assert provider.display
    assert all(provider_of([f"mx1.{suffix}"]) is provider for suffix in row.get("mx", []))


def test_no_two_rows_share_a_name_or_the_end_of_a_host_name():
    names = [row["name"] for row in ROWS]
    suffixes = [suffix for row in ROWS for suffix in row.get("mx", [])]
    assert len(set(names)) == len(names)
    assert len(set(suffixes)) == len(suffixes)
    assert all(suffix == suffix.lower().strip(".") for suffix in suffixes)


def test_a_host_is_matched_in_any_case_with_its_dot_and_when_it_is_the_end_itself():
    assert provider_of(["ASPMX.L.Google.COM."]).name == "google"
    assert provider_of(["google.com"]).name == "google"


def test_a_name_that_only_ends_alike_is_another_host():
    assert provider_of(["mx.notgoogle.com"]).name == "other"
    assert provider_of(["google.com.orchard.example"]).name == "other"


def test_consumer_and_business_hosts_of_microsoft_are_told_apart():
    assert provider_of(["outlook-com.olc.protection.outlook.com"]).name == "outlook"
    assert provider_of(["orchard-example.mail.protection.outlook.com"]).name == "microsoft365"
    assert provider_of(["orchard-example.a-v1.mx.microsoft"]).name == "microsoft365"


def test_the_host_of_lowest_preference_decides():
    hosts = ["d1.ess.barracudanetworks.com", "orchard-example.mail.protection.outlook.com"]
    assert provider_of(hosts).name == "barracuda"
    assert provider_of(hosts[::-1]).name == "microsoft365"


def test_a_host_nobody_knows_is_passed_over_for_one_that_is_known():
    assert provider_of(["mx.orchard.example", "mxa.mailgun.org"]).kind is Kind.SENDING_PLATFORM


@pytest.mark.parametrize("hosts", [[], ["mx.orchard.example"], ["."], [""]])
def test_unknown_hosts_belong_to_the_row_for_all_others(hosts):
    assert provider_of(hosts) is provider_named("other")


@pytest.mark.parametrize("name", ["", "orchard"])
def test_an_unknown_name_gives_the_row_for_all_others(name):
    provider = provider_named(name)
    assert (provider.name, provider.yes, provider.kind) == ("other", Worth.FAIR, Kind.OWN_HOST)
    assert provider.is_decoy_allowed


@pytest.mark.parametrize("name", ["yahoo", "mail_ru"])
def test_a_yes_that_any_address_gets_is_worthless(name):
    assert provider_named(name).yes is Worth.WORTHLESS
    assert provider_named(name).no is Worth.GOOD


def test_consumer_outlook_is_asked_one_real_address_a_session():
    outlook = provider_named("outlook")
    assert (outlook.rcpts_per_session, outlook.is_decoy_allowed) == (1, False)
    assert outlook.yes is Worth.GOOD


def test_every_gateway_forwarder_and_sending_platform_gives_a_weak_yes():
    kinds = {Kind.GATEWAY, Kind.FORWARDER, Kind.SENDING_PLATFORM}
    worths = {
        provider_named(row["name"]).yes for row in ROWS if Kind(row.get("kind", "mailbox_host")) in kinds
    }
    assert worths == {Worth.WEAK}


def test_a_slow_host_has_time_for_its_answer_within_its_budget():
    slow = provider_named("spamexperts")
    assert slow.rcpt_timeout_s is not None
    assert slow.budget_s is not None
    assert 30 < slow.rcpt_timeout_s < slow.budget_s


@pytest.mark.parametrize(
    "host",
    [
        "ec2-198-51-100-7.eu-west-1.compute.amazonaws.com",
        "vps-1a2b3c.vps.ovh.net",
        "7.100.51.198.host.ip.secureserver.net",
    ],
)
def test_a_machine_that_a_provider_lets_to_somebody_is_nobody_known(host):
    assert provider_of([host]).name == "other"
    assert provider_of([host, "aspmx.l.google.com"]).name == "google"


@pytest.mark.parametrize(
    ("name", "at_once", "in_a_session"),
    [("google", 5, None), ("outlook", 1, 1), ("gmx", 4, None), ("qq", 4, 7), ("netease", 4, 7)],
)
def test_limits_of_providers_are_those_that_are_known(name, at_once, in_a_session):
    provider = provider_named(name)
    assert (provider.sessions_at_once, provider.rcpts_per_session) == (at_once, in_a_session)
    assert provider in limited_providers()


def test_whoever_has_no_limit_is_not_among_the_limited():
    assert {each.name for each in limited_providers()} == {"google", "outlook", "gmx", "qq", "netease"}


@pytest.mark.parametrize(
    ("worth", "names"),
    [
        (Worth.GOOD, {"google", "microsoft365", "outlook", "icloud", "gmx", "zoho"}),
        (Worth.WORTHLESS, {"yahoo", "mail_ru"}),
    ],
)
def test_whose_yes_is_good_and_whose_is_worthless(worth, names):
    assert {row["name"] for row in ROWS if provider_named(row["name"]).yes is worth} == names


def test_made_up_addresses_are_asked_where_that_is_allowed_and_tells_something():
    spared = {each.name for each in all_providers() if not each.bears_decoys}
    assert {"outlook", "yahoo", "mail_ru"} <= spared
    assert provider_named("").bears_decoys
    assert {each.name for each in all_providers()} == {row["name"] for row in ROWS}
