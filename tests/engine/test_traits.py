import time

import pytest

from engine.address import Address, parse_address
from engine.exchange import MailHost, MailHosts
from engine.gibberish import is_gibberish
from engine.name_lists import UnusableList, package_words, read_lists, use_lists
from engine.traits import Traits, is_disposable_domain, prove_tables, traits_of

GOOGLE = MailHosts((MailHost("aspmx.l.google.com", 1),))
OWN = MailHosts((MailHost("mx.orchard.example", 10),))
THROWAWAY = MailHosts((MailHost("mx.yopmail.com", 10),))
SUSPECTED = "carver.com"


def traits(text, route=None):
    return traits_of(Address(*text.rsplit("@", 1)), route)


def test_an_ordinary_address_has_no_traits():
    assert traits("anna.quince@orchard.example") == Traits()
    assert traits("anna.quince@orchard.example", OWN) == Traits()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("info@orchard.example", Traits(is_role=True)),
        ("quince@mailinator.com", Traits(is_disposable=True)),
        ("annaquince@gmail.com", Traits(is_free=True)),
        ("quince@gmial.con", Traits(suggestion="quince@gmail.com")),
        ("xkqjwvbzq@orchard.example", Traits(is_random=True)),
        ("an_na@gmail.com", Traits(is_free=True, is_impossible=True)),
        ("sales2@orchard.example", Traits(is_role=True)),
        ("sales22@gmail.com", Traits(is_free=True)),
        ("noreply@gmial.con", Traits(is_role=True, suggestion="noreply@gmail.com")),
    ],
)
def test_each_trait_is_told(text, expected):
    assert traits(text) == expected


def test_a_role_is_never_called_random(tmp_path):
    tmp_path.joinpath("roles.txt").write_text("xkqjwvbzq")
    lists = read_lists(tmp_path)
    assert is_gibberish("xkqjwvbzq", lists)
    assert traits_of(Address("xkqjwvbzq", "orchard.example"), lists=lists) == Traits(is_role=True)


def test_a_suspected_domain_is_disposable_unless_its_mail_is_at_a_company_s_provider():
    assert SUSPECTED in package_words("suspected_domains.txt")
    assert traits(f"quince@{SUSPECTED}").is_disposable
    assert traits(f"quince@{SUSPECTED}", OWN).is_disposable
    assert not traits(f"quince@{SUSPECTED}", GOOGLE).is_disposable


def test_a_domain_that_is_surely_disposable_is_so_wherever_its_mail_goes():
    assert traits("quince@mailinator.com", GOOGLE).is_disposable


def test_an_unknown_domain_at_a_throwaway_service_s_host_is_disposable():
    assert not traits("quince@orchard.example").is_disposable
    assert traits("quince@orchard.example", THROWAWAY).is_disposable
    assert not traits("quince@duck.com", THROWAWAY).is_disposable, "the list of real domains goes before"


def test_what_the_user_takes_off_the_list_is_not_disposable_by_its_hosts_either(tmp_path):
    tmp_path.joinpath("disposable_domains.txt").write_text("-yopmail.com")
    lists = read_lists(tmp_path)
    assert not traits_of(Address("quince", "fruit.yopmail.com"), THROWAWAY, lists).is_disposable
    assert traits_of(Address("quince", "orchard.example"), THROWAWAY, lists).is_disposable


def test_a_misspelt_provider_on_the_suspected_list_is_a_typing_error_and_not_disposable():
    assert "yaho.com" in package_words("suspected_domains.txt")
    assert traits("quince@yaho.com") == Traits(suggestion="quince@yahoo.com")


@pytest.mark.parametrize("route", [None, OWN, GOOGLE, THROWAWAY])
@pytest.mark.parametrize("domain", ["mailinator.com", SUSPECTED, "gmail.com", "orchard.example"])
def test_a_domain_is_disposable_as_its_addresses_are(domain, route):
    assert is_disposable_domain(domain, route) is traits(f"quince@{domain}", route).is_disposable


def test_lists_put_in_use_change_the_traits_at_once(tmp_path):
    tmp_path.joinpath("disposable_domains.txt").write_text("orchard.example")
    tmp_path.joinpath("roles.txt").write_text("quince")
    assert traits("quince@orchard.example") == Traits()
    try:
        use_lists(tmp_path)
        assert traits("quince@orchard.example") == Traits(is_role=True, is_disposable=True)
    finally:
        use_lists(None)
    assert traits("quince@orchard.example") == Traits()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("letter_pairs.toml", "[after]\na = [1, 2, 3]"),
        ("mailbox_rules.toml", '[[provider]]\nname = "plum"'),
        ("mailbox_rules.toml", '[[provider]]\nname = "gmail"\nwanted = "["'),
        ("typos.toml", "domains = 7"),
        ("providers.toml", '[[provider]]\nname = "google"\nyes = "plum"'),
        ("providers.toml", '[[provider]]\nname = "plum"'),
        ("replies.toml", '[[row]]\nmeaning = "plum"'),
        ("replies.toml", '[[row]]\nmeaning = "missing"\nwords = ["plum"]'),
        ("replies.toml", '[phrases]\nplum = ["["]'),
        ("block_lists.toml", '[[block_list]]\nname = "Plum"\ncolour = "blue"'),
        ("block_lists.toml", '[[block_list]]\nwords = ["plum"]'),
    ],
)  # fmt: skip
def test_a_table_of_the_user_s_that_cannot_be_used_is_refused_with_its_name(tmp_path, name, text):
    prove_tables(read_lists(tmp_path))
    tmp_path.joinpath(name).write_text(text)
    with pytest.raises(UnusableList, match=name):
        prove_tables(read_lists(tmp_path))


def test_an_address_costs_less_than_reading_a_quarter_of_one_from_a_file():
    """Of one that takes the slow way through the parser, whose 30 microseconds are the yardstick."""
    texts = [f"jürgen.quince{n}@{domain}" for n in range(200) for domain in ("gmail.com", "orchard.example")]
    addresses = [Address(f"juergen.quince{n}", "orchard.example") for n in range(len(texts))]
    assert _best_cpu_s(traits_of, addresses) < _best_cpu_s(parse_address, texts) / 2


def _best_cpu_s(say, things):
    say(things[0])
    rounds = []
    for _ in range(5):
        began = time.process_time()
        for thing in things:
            say(thing)
        rounds.append(time.process_time() - began)
    return min(rounds)
