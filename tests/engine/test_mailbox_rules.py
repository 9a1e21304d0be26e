import pytest

from engine.address import Address
from engine.mailbox_rules import canonical, has_aliases, is_impossible
from engine.name_lists import read_lists

HOUSE = read_lists(None)


def address(text):
    return Address(*text.rsplit("@", 1))


def same(text, lists=HOUSE):
    return str(canonical(address(text), lists))


@pytest.mark.parametrize(
    ("written", "one"),
    [
        ("Anna.Plum+news@gmail.com", "annaplum@gmail.com"),
        ("anna.plum@googlemail.com", "annaplum@gmail.com"),
        ("anna.plum+news@outlook.com", "anna.plum@outlook.com"), ("anna+1@hotmail.de", "anna@hotmail.de"),
        ("anna+news@me.com", "anna@icloud.com"), ("anna@mac.com", "anna@icloud.com"),
        ("anna+news@fastmail.com", "anna@fastmail.com"), ("news@anna.fastmail.com", "anna@fastmail.com"),
        ("News@anna.sent.com", "anna@sent.com"), ("a.n-n_a+x@pm.me", "anna@proton.me"),
        ("anna-news@yahoo.com", "anna@yahoo.com"), ("anna.plum@ya.ru", "anna-plum@yandex.ru"),
        ("anna-plum@yandex.com", "anna-plum@yandex.ru"), ("anna+news@mail.ru", "anna@mail.ru"),
        ("anna+news@hey.com", "anna@hey.com"),
    ],
)  # fmt: skip
def test_the_spellings_of_a_mailbox_share_one_form(written, one):
    assert same(written) == one


@pytest.mark.parametrize(
    "text",
    ["anna.plum+news@orchard.example", "anna.plum@outlook.com", "anna.plum@yahoo.com", "anna+news@yahoo.com",
     "anna-plum@gmx.de", "anna@bk.ru", "news@anna.gmail.com", "a@b.anna.fastmail.com"],
)  # fmt: skip
def test_where_the_provider_keeps_them_apart_addresses_stay_apart(text):
    assert same(text) == text


def test_the_form_is_in_lower_case_everywhere():
    assert same("Anna.Plum@orchard.example") == "anna.plum@orchard.example"


@pytest.mark.parametrize(
    ("domain", "expected"),
    [("gmail.com", True), ("me.com", True), ("anna.fastmail.com", True), ("yahoo.de", True),
     ("gmx.de", False), ("orchard.example", False), ("anna.gmail.com", False)],
)  # fmt: skip
def test_a_domain_whose_mailboxes_have_several_addresses_is_told(domain, expected):
    assert has_aliases(domain, HOUSE) is expected
    if not expected:
        assert same(f"a.n-n+a@{domain}") == f"a.n-n+a@{domain}"


@pytest.mark.parametrize("text", ["+news@gmail.com", "...@gmail.com", "-@yahoo.com"])
def test_an_address_that_would_be_left_without_a_name_stays_as_it_is(text):
    assert same(text) == text


def test_the_form_of_a_form_is_itself():
    for domain in (
        "gmail.com",
        "pm.me",
        "ya.ru",
        "yahoo.de",
        "mac.com",
        "anna.fastmail.com",
        "orchard.example",
    ):
        once = canonical(Address("A.n-n_a+x", domain), HOUSE)
        assert canonical(once, HOUSE) == once


@pytest.mark.parametrize(
    "text",
    ["anna@gmail.com", "a.n.n.a.b@gmail.com", "anna_plum@gmail.com", "anna-plum@gmail.com",
     f"{'a' * 31}@gmail.com", "a@yahoo.com", "anna!@outlook.com", "ab@icloud.com", "1anna@ya.ru",
     "12@qq.com", "anna&bob@web.de"],
)  # fmt: skip
def test_an_address_that_its_provider_gives_to_nobody_is_told(text):
    assert is_impossible(address(text), HOUSE)


@pytest.mark.parametrize(
    "text",
    ["annabe@gmail.com", "a.n.n.a.b.e@gmail.com", "annaplum+any_thing@googlemail.com",
     f"{'a' * 30}@gmail.com", "ANNAPLUM@gmail.com", "anna_plum@yahoo.com", "anna-news@yahoo.com",
     "anna+x@aol.com", "a@outlook.com", "anna_-@hotmail.com", "swirls.kebabs-0j@icloud.com",
     "anna.plum@ya.ru", "10001@qq.com", "13800138000@163.com", "a@orchard.example",
     "a!b@orchard.example", "anna@hey.com"],
)  # fmt: skip
def test_an_address_that_may_be_given_out_is_not(text):
    assert not is_impossible(address(text), HOUSE)


def test_every_domain_with_a_rule_is_a_free_provider_and_has_one_rule():
    domains = [domain for row in HOUSE.table("mailbox_rules.toml")["provider"] for domain in row["domains"]]
    assert len(domains) == len(set(domains))
    assert set(domains) <= HOUSE.words("free_domains.txt")


def test_every_address_of_a_provider_stays_with_it():
    for row in HOUSE.table("mailbox_rules.toml")["provider"]:
        assert row.get("one_domain", row["domains"][0]) in row["domains"]


def test_the_user_s_rules_count(tmp_path):
    tmp_path.joinpath("mailbox_rules.toml").write_text(
        '[[provider]]\nname = "plum"\ndomains = ["plum.example"]\ntag = "+"\nwanted = "[a-z]{4}"\n'
    )
    lists = read_lists(tmp_path)
    assert same("anna+x@plum.example", lists) == "anna@plum.example"
    assert is_impossible(Address("bob", "plum.example"), lists)
