import pytest
from publicsuffixlist import PublicSuffixList

from engine.disposable import (
    Listing,
    is_company_host,
    is_disposable_host,
    listing_of,
    with_parents,
)
from engine.exchange import LookupFailed, MailHost, MailHosts, NoMail
from engine.name_lists import house_words, list_names, package_words, read_lists, source_of
from engine.provider import provider_named
from engine.reason import Reason

HOUSE = read_lists(None)


def listed(domain, lists=HOUSE):
    return listing_of(domain, lists)


def hosts(*names):
    return MailHosts(tuple(MailHost(name, 10) for name in names))


def own(tmp_path, **texts):
    for name, text in texts.items():
        tmp_path.joinpath(f"{name}.txt").write_text(text)
    return read_lists(tmp_path)


@pytest.mark.parametrize(
    "domain",
    [
        "mailinator.com",
        "yopmail.com",
        "guerrillamail.com",
        "fruit.mailinator.com",
        "a.b.yopmail.com",
        "tempmail.com",
    ],
)
def test_a_throwaway_domain_is_disposable_with_its_subdomains(domain):
    assert listed(domain) is Listing.SURE


def test_what_only_the_larger_package_names_is_suspected():
    only = package_words("suspected_domains.txt") - HOUSE.words("disposable_domains.txt")
    assert len(only) > 30_000
    assert {listed(domain) for domain in only} <= {Listing.SUSPECTED, Listing.NOT, Listing.SURE}
    suspected = sum(listed(domain) is Listing.SUSPECTED for domain in only)
    assert suspected > 0.97 * len(only)


@pytest.mark.parametrize(
    "domain",
    ["mail.com", "email.com", "fastmail.com", "fastmail.fm", "21cn.com", "shop.21cn.com", "duck.com",
     "hush.com", "compaq.com", "orchard.example", "com", "consultant.com", "nus.edu.sg", "comp.nus.edu.sg"],
)  # fmt: skip
def test_a_real_domain_is_not_listed_whatever_the_packages_say(domain):
    assert listed(domain) is Listing.NOT


def test_no_free_provider_and_no_allowed_domain_is_listed():
    real = HOUSE.words("free_domains.txt") | HOUSE.words("allow_domains.txt")
    assert len(real) > 1_400
    assert [domain for domain in real if listed(domain) is not Listing.NOT] == []


def test_a_listed_suffix_speaks_for_nobody_below_it():
    suffixes = PublicSuffixList()
    blocked = HOUSE.words("suspected_domains.txt") | HOUSE.words("disposable_domains.txt")
    public = [name for name in blocked if suffixes.is_public(name)]
    assert "msk.ru" in public
    assert [name for name in public if listed(f"orchard-of-plums.{name}") is not Listing.NOT] == []


def test_the_name_nearest_to_the_domain_decides(tmp_path):
    lists = own(tmp_path, disposable_domains="waste.plum.example", allow_domains="plum.example")
    assert listed("a.waste.plum.example", lists) is Listing.SURE
    assert listed("a.plum.example", lists) is Listing.NOT


def test_the_user_s_word_goes_before_every_list(tmp_path):
    lists = own(
        tmp_path, disposable_domains="mail.com\n-mailinator.com\n-yopmail.com", allow_domains="-duck.com"
    )
    assert listed("mail.com", lists) is Listing.SURE
    assert listed("mailinator.com", lists) is Listing.NOT
    assert listed("fruit.yopmail.com", lists) is Listing.NOT
    assert listed("duck.com", lists) is Listing.SUSPECTED


def test_the_parents_of_a_domain_are_given_nearest_first_without_the_top_level():
    assert list(with_parents("a.b.plum.example")) == ["a.b.plum.example", "b.plum.example", "plum.example"]
    assert list(with_parents("example")) == []


@pytest.mark.parametrize(
    "host", ["mx.yopmail.com", "mail.mailinator.com", "MX2.mail.tm.", "in.mail.gw", "mx.guerrillamail.com"]
)
def test_a_host_of_a_throwaway_service_makes_the_domain_disposable(host):
    assert is_disposable_host(hosts("mx.orchard.example", host), HOUSE)


@pytest.mark.parametrize(
    "host",
    ["aspmx.l.google.com", "mx.yandex.net", "mx00.ionos.com", "mx.orchard.example", "smtp.duck.com",
     "in1-smtp.messagingengine.com", "mx1.simplelogin.co", "us2.mx1.mailhostbox.com"],
)  # fmt: skip
def test_a_host_that_serves_others_does_not(host):
    assert not is_disposable_host(hosts(host), HOUSE)


@pytest.mark.parametrize("route", [None, NoMail(Reason.NULL_MX), LookupFailed(Reason.DNS_FAILED)])
def test_without_mail_hosts_nothing_is_said_by_them(route):
    assert not is_disposable_host(route, HOUSE)
    assert not is_company_host(route, HOUSE)


@pytest.mark.parametrize(
    ("host", "is_company"),
    [
        ("aspmx.l.google.com", True), ("orchard-example.mail.protection.outlook.com", True),
        ("eu-smtp-inbound-1.mimecast.com", True), ("mx.orchard.example", False), ("mx.yandex.net", False),
        ("route1.mx.cloudflare.net", False),
    ],
)  # fmt: skip
def test_a_company_s_provider_is_told_by_its_hosts(host, is_company):
    assert is_company_host(hosts(host), HOUSE) is is_company


def test_every_company_s_provider_is_a_provider_there_is():
    names = house_words("company_providers.txt")
    assert [name for name in names if provider_named(name).name != name] == []


def test_no_provider_s_own_hosts_are_disposable():
    providers = HOUSE.table("providers.toml")["provider"]
    ends = [end for row in providers for end in row.get("mx", ())]
    assert len(ends) > 50
    assert [end for end in ends if is_disposable_host(hosts(f"mx.{end}"), HOUSE)] == []


def test_every_list_this_rests_on_is_a_list_there_is():
    used = {"allow_domains.txt", "free_domains.txt", "disposable_domains.txt", "suspected_domains.txt",
            "disposable_hosts.txt", "company_providers.txt"}  # fmt: skip
    assert used <= set(list_names())
    assert source_of("suspected_domains.txt")["package"] == "mailchecker"
