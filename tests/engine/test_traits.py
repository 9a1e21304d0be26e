import time
from importlib.resources import files

import pytest

from engine.address import Address
from engine.traits import traits_of


def listed(name):
    lines = files("engine").joinpath("lists", name).read_text("utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


def suggested(domain):
    return traits_of(Address("quince", domain)).suggestion


@pytest.mark.parametrize(
    "local_part",
    ["info", "INFO", "no-reply", "no.reply", "customer_service", "sales+fairs", "hr", "buchhaltung", "büro",
     "atencionalcliente", "service-client", "ufficio.stampa", "klantenservice", "ksiegowosc", "postmaster"],
)  # fmt: skip
def test_a_function_s_mailbox_is_a_role(local_part):
    assert traits_of(Address(local_part, "orchard.example")).is_role


@pytest.mark.parametrize(
    "local_part", ["quince", "informant", "quince.sales", "h.r", "i.t", "plum+info", "saleslady"]
)
def test_a_person_s_mailbox_is_no_role(local_part):
    assert not traits_of(Address(local_part, "orchard.example")).is_role


@pytest.mark.parametrize(
    "domain", ["mailinator.com", "yopmail.com", "guerrillamail.com", "fruit.mailinator.com"]
)
def test_a_throwaway_domain_is_disposable_with_its_subdomains(domain):
    assert traits_of(Address("quince", domain)).is_disposable


def test_no_free_provider_and_no_allowed_domain_is_called_disposable():
    domains = [*listed("free_domains.txt"), *listed("allow_domains.txt")]
    assert len(domains) > 800
    assert [domain for domain in domains if traits_of(Address("quince", domain)).is_disposable] == []


@pytest.mark.parametrize(
    "domain", ["mail.com", "email.com", "fastmail.com", "21cn.com", "shop.21cn.com", "duck.com"]
)
def test_a_provider_that_others_call_disposable_is_not(domain):
    assert not traits_of(Address("quince", domain)).is_disposable


@pytest.mark.parametrize(
    "domain", ["gmail.com", "web.de", "yahoo.co.jp", "icloud.com", "mail.ru", "mail.com"]
)
def test_a_free_provider_is_free(domain):
    assert traits_of(Address("quince", domain)).is_free


def test_a_company_s_domain_is_neither_free_nor_disposable_nor_a_slip():
    traits = traits_of(Address("quince", "orchard.example"))
    assert (traits.is_free, traits.is_disposable, traits.suggestion) == (False, False, "")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("gmial.com", "gmail.com"), ("gamil.com", "gmail.com"), ("gmai.com", "gmail.com"),
        ("gmaill.com", "gmail.com"), ("mgail.com", "gmail.com"), ("gmail.con", "gmail.com"),
        ("gmail.co", "gmail.com"), ("gmail.cm", "gmail.com"), ("gmial.con", "gmail.com"),
        ("gmail.co.uk", "gmail.com"), ("hotmial.com", "hotmail.com"), ("otmail.com", "hotmail.com"),
        ("hotmail.co.ukk", "hotmail.co.uk"), ("outlok.com", "outlook.com"), ("yaho.com", "yahoo.com"),
        ("yahoo.cmo", "yahoo.com"), ("iclould.com", "icloud.com"), ("aol.con", "aol.com"),
        ("gmx.con", "gmx.com"), ("t-onlin.de", "t-online.de"), ("wanado.fr", "wanadoo.fr"),
    ],
)  # fmt: skip
def test_a_slip_of_the_hand_is_corrected_to_the_whole_address(typed, meant):
    assert suggested(typed) == f"quince@{meant}"


@pytest.mark.parametrize(
    "domain",
    ["ymail.com", "mac.com", "hp.com", "me.com", "email.com", "gmx.org", "gmx.at", "fmail.com", "aon.at",
     "sol.com", "line.com", "horizon.net", "acme.co", "live.cm", "kmail.com", "mail.gmail.com",
     "tmail.com", "a.b"],
)  # fmt: skip
def test_a_right_domain_is_left_alone_however_near_it_is(domain):
    assert suggested(domain) == ""


def test_no_free_provider_and_no_allowed_domain_is_corrected():
    domains = [*listed("free_domains.txt"), *listed("allow_domains.txt")]
    assert [domain for domain in domains if suggested(domain)] == []


def test_every_correction_leads_to_a_free_provider():
    assert set(listed("typo_targets.txt")) <= set(listed("free_domains.txt"))


@pytest.mark.parametrize("name", ["roles.txt", "free_domains.txt", "allow_domains.txt", "typo_targets.txt"])
def test_a_list_is_sorted_in_lower_case_and_names_nothing_twice(name):
    words = listed(name)
    assert words == sorted(set(words))
    assert all(word == word.lower().strip() and word for word in words)


def test_roles_are_written_as_they_are_looked_up():
    assert [
        word for word in listed("roles.txt") if not traits_of(Address(word, "orchard.example")).is_role
    ] == []


def test_a_domain_seen_before_costs_a_few_microseconds():
    addresses = [
        Address(f"fruit{n}", domain) for n in range(500) for domain in ("gmail.com", "orchard.example")
    ]
    rounds = []
    for _ in range(5):
        began = time.process_time()
        for address in addresses:
            traits_of(address)
        rounds.append((time.process_time() - began) / len(addresses))
    assert min(rounds) < 20e-6
