import pytest
from publicsuffixlist import PublicSuffixList

from engine.name_lists import read_lists
from engine.typo import meant_domain, suggestion_for

HOUSE = read_lists(None)


def meant(domain, lists=HOUSE):
    return meant_domain(domain, lists)


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("gmial.com", "gmail.com"), ("gamil.com", "gmail.com"), ("gmai.com", "gmail.com"),
        ("gmaill.com", "gmail.com"), ("mgail.com", "gmail.com"), ("gmail.con", "gmail.com"),
        ("gmail.co", "gmail.com"), ("gmail.cm", "gmail.com"), ("gmial.con", "gmail.com"),
        ("gmail.co.uk", "gmail.com"), ("hotmial.com", "hotmail.com"), ("otmail.com", "hotmail.com"),
        ("hotmail.co.ukk", "hotmail.co.uk"), ("outlok.com", "outlook.com"), ("yaho.com", "yahoo.com"),
        ("yahoo.cmo", "yahoo.com"), ("iclould.com", "icloud.com"), ("aol.con", "aol.com"),
        ("gmx.con", "gmx.com"), ("t-onlin.de", "t-online.de"), ("wanado.fr", "wanadoo.fr"),
        ("gmail.c", "gmail.com"), ("gxm.de", "gmx.de"), ("aoll.com", "aol.com"), ("web.dee", "web.de"),
        ("orange.ffr", "orange.fr"), ("hotmail.como", "hotmail.com"),
    ],
)  # fmt: skip
def test_a_slip_of_the_hand_is_corrected(typed, right):
    assert meant(typed) == right


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("orchard.con", "orchard.com"),
        ("mail.orchard.cmo", "mail.orchard.com"),
        ("orchard.orgg", "orchard.org"),
    ],
)
def test_an_ending_that_does_not_exist_is_mended_whoever_s_domain_it_is(typed, right):
    assert meant(typed) == right


@pytest.mark.parametrize(
    "domain",
    ["mail.com", "ymail.com", "mac.com", "hp.com", "me.com", "email.com", "gmx.org", "gmx.at", "fmail.com",
     "aon.at", "sol.com", "line.com", "horizon.net", "acme.co", "live.cm", "kmail.com",
     "mail.gmail.com", "hmail.com", "tmail.com", "a.b", "orchard.bet", "orchard.ne"],
)  # fmt: skip
def test_a_right_domain_is_left_alone_however_near_it_is(domain):
    assert meant(domain) == ""


def test_no_free_provider_and_no_allowed_domain_is_corrected():
    domains = HOUSE.words("free_domains.txt") | HOUSE.words("allow_domains.txt")
    assert [domain for domain in domains if meant(domain)] == []


def test_every_correction_leads_to_a_free_provider():
    free = HOUSE.words("free_domains.txt")
    slips = HOUSE.table("typos.toml")
    assert HOUSE.words("typo_targets.txt") <= free
    assert {*slips["domains"].values(), *slips["texts"].values()} <= free


def test_no_ending_that_exists_is_called_impossible():
    suffixes = PublicSuffixList(accept_unknown=False)
    impossible = HOUSE.table("typos.toml")["endings"]["impossible"]
    assert [ending for ending in impossible if suffixes.publicsuffix(f"orchard.{ending}")] == []


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("anna@gmailcom", "anna@gmail.com"), ("anna@hotmailcouk", "anna@hotmail.co.uk"),
        ("anna@gmail,com", "anna@gmail.com"), ("anna@gmail..com", "anna@gmail.com"),
        ("anna@@gmail.com", "anna@gmail.com"), ("anna @ gmail . com", "anna@gmail.com"),
        ("anna.plumgmail.com", "anna.plum@gmail.com"), ("anna@gmail", "anna@gmail.com"),
        ("anna.@gmail.com", "anna@gmail.com"), ("anna..plum@gmail.com", "anna.plum@gmail.com"),
        ("anna＠gmail.com", "anna@gmail.com"), ("anna@orchard,example", "anna@orchard.example"),
        ("anna@hotmial,com", "anna@hotmail.com"),
    ],
)  # fmt: skip
def test_a_text_that_is_no_address_is_read_as_the_address_it_was_meant_to_be(typed, right):
    assert suggestion_for(typed, HOUSE) == right


@pytest.mark.parametrize(
    "text",
    ["", "plum", "gmail.com", "hello world", "info@orchard", "a@b@orchard.example", "www.gmail.com",
     "@gmail.com", "anna plum@gmail.com", "anna@gmx.de; bob@gmx.de", "anna@web.de, bob@web.de",
     "see anna at gmail.com", "@", "n/a", "0171 2345678", "." * 300, "@" * 300],
)  # fmt: skip
def test_a_text_that_could_mean_anything_is_left_alone(text):
    assert suggestion_for(text, HOUSE) == ""


def test_the_user_s_own_real_domains_and_slips_count(tmp_path):
    tmp_path.joinpath("allow_domains.txt").write_text("gmial.com")
    tmp_path.joinpath("typos.toml").write_text('[domains]\n"plumm.example" = "plum.example"\n')
    lists = read_lists(tmp_path)
    assert meant("gmial.com", lists) == ""
    assert meant("plumm.example", lists) == "plum.example"
