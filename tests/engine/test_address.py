"""One text to one address, or to what is wrong with it."""

import timeit

import pytest
from email_validator import EmailSyntaxError, validate_email
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine import address as address_module
from engine.address import Address, Malformed, parse_address
from engine.reason import Reason


def accepted_by_email_validator(text: str) -> Address | None:
    try:
        found = validate_email(text, check_deliverability=False, strict=True, allow_smtputf8=True)
    except EmailSyntaxError:
        return None
    return Address(text.rpartition("@")[0], found.ascii_domain)


atoms = st.text(alphabet="abzABZ059!#$%&'*+-/=?^_`{|}~.", min_size=1, max_size=70)
labels = st.text(alphabet="abzABZ059-", min_size=1, max_size=70)
endings = st.sampled_from(
    ["com", "Co", "c", "test", "TEST", "local", "localtest", "x1", "1x", "42", "a-b", ""]
)
addresses = st.builds(
    lambda local, parts, end: f"{local}@{'.'.join([*parts, end])}",
    atoms,
    st.lists(labels, min_size=0, max_size=5),
    endings,
)
plain_addresses = st.builds(
    lambda atom, names, end: f"{atom}@{'.'.join([*names, end])}",
    st.text(alphabet="abzABZ059!#$%&'*+-/=?^_`{|}~", min_size=1, max_size=20),
    st.lists(st.text(alphabet="abzABZ059", min_size=1, max_size=9), min_size=1, max_size=4),
    endings,
)


@settings(max_examples=1500, deadline=None)
@given(addresses | plain_addresses)
@example("pear@xn--mnchen-3ya.de")
@example("pear@ab--cd.com")
@example("pear@" + "b" * 64 + ".com")
@example("p" * 65 + "@b.com")
@example("p@\u212aelvin.com")
@example("p@orchard.com\n")
@example("Info@Orchard.COM")
def test_the_fast_path_takes_only_what_email_validator_takes_and_reads_it_the_same(text):
    plain = address_module._PLAIN.match(text)
    if plain and len(text) <= address_module._LONGEST_PLAIN:
        assert accepted_by_email_validator(text) == parse_address(text)


@settings(max_examples=700, deadline=None)
@given(addresses.filter(lambda text: text[-1] != "." and text[0] not in "'`/+-*"))
def test_the_whole_parser_agrees_with_email_validator_on_plain_texts(text):
    expected = accepted_by_email_validator(text)
    found = parse_address(text)
    assert (found == expected) if expected else isinstance(found, Malformed)


@pytest.mark.parametrize("text", ["pear@orchard.com", "Pear.Tree+1@Mail.Orchard.co.uk", "p@o-rchard.museum"])
def test_plain_addresses_take_the_fast_path(text):
    assert address_module._PLAIN.match(text)
    assert isinstance(parse_address(text), Address)


def test_an_address_on_the_fast_path_takes_a_few_microseconds():
    runs = min(timeit.repeat(lambda: parse_address("pear.tree@orchard.example.com"), number=5000, repeat=5))
    assert runs / 5000 < 30e-6


@settings(max_examples=500, deadline=None)
@given(st.text(max_size=300))
def test_any_text_at_all_gives_an_address_or_a_detail(text):
    found = parse_address(text)
    assert isinstance(found, Address) or (found.text == text and found.detail)


@pytest.mark.parametrize(
    "text",
    [
        "  pear@orchard.com\t",
        "\u00a0pear@orchard.com\u00a0",
        "\u200bpear@orch\u200bard.com\ufeff",
        "\u202apear@orchard.com\u202c",
        "pear@orchard.com.",
        "pear@orchard.com...",
        "pear@orchard.com,",
        "pear@orchard.com ;",
        "mailto:pear@orchard.com",
        "MAILTO:pear@orchard.com?subject=Harvest&cc=plum@orchard.com",
        "Pear <pear@orchard.com>",
        '"Pear, Ripe" <pear@orchard.com>',
        "Pear, Ripe <pear@orchard.com>",
        "<pear@orchard.com>",
        "<mailto:pear@orchard.com>;",
        "'pear@orchard.com'",
        '"pear@orchard.com"',
        "“pear@orchard.com”",
        "'Pear <pear@orchard.com>'",
        "E-mail: pear@orchard.com",
        "pear@orchard.com (work)",
        "• pear@orchard.com",
        "12. pear@orchard.com",
        "pear@ORCHARD.com",
    ],
)
def test_what_surrounds_an_address_is_mended(text):
    assert parse_address(text) == Address("pear", "orchard.com")


def test_the_local_part_keeps_its_spelling():
    assert parse_address("INFO@Orchard.COM") == Address("INFO", "orchard.com")


def test_a_percent_sign_in_a_mailto_link_is_read():
    assert parse_address("mailto:pear%2Btree@orchard.com") == Address("pear+tree", "orchard.com")


def test_an_international_domain_becomes_a_labels():
    assert parse_address("pear@BÜCHER.example.com") == Address("pear", "xn--bcher-kva.example.com")
    assert parse_address("pear@faß.de") == Address("pear", "xn--fa-hia.de")


def test_an_emoji_may_stand_before_the_at_but_not_after_it():
    assert parse_address("🍐@orchard.com") == Address("🍐", "orchard.com")
    assert isinstance(parse_address("pear@🍐.com"), Malformed)


def test_a_decomposed_letter_is_composed():
    assert parse_address("poire\u0301@orchard.com") == Address("poiré", "orchard.com")


@pytest.mark.parametrize("text", ["", "   ", "\u00a0", "\u200b", ";", " , "])
def test_nothing_is_empty(text):
    found = parse_address(text)
    assert isinstance(found, Malformed)
    assert found.why is Reason.EMPTY


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("p" * 70 + "@orchard.com", "the part before @ is 70 characters long, 64 is the limit"),
        ("orchard.com", "there is no @"),
        ("pear＠orchard.com", "the @ is a wide character that only looks like one"),
        ("pear@@orchard.com", "two @ signs"),
        ("pear@plum@orchard.com", "two @ signs"),
        ("pear@orchard", "the domain has no dot"),
        ("@orchard.com", "there is nothing before the @"),
        ("pear@", "there is nothing after the @"),
        ("ripe pear@orchard.com", "there is a space or other text beside the address"),
        ("pear@[192.0.2.1]", "there is a number in brackets where the domain should be"),
        (
            '"ripe pear"@orchard.com',
            "the part before @ is in quotation marks, which hardly any mail host takes",
        ),
        (".pear@orchard.com", "the part before @ starts with a dot"),
        ("pear.@orchard.com", "there is a dot right before the @"),
        ("ripe..pear@orchard.com", "there are two dots in a row before the @"),
        ("pear@orchard..com", "there are two dots in a row in the domain"),
        ("pear@.orchard.com", "there is a dot right after the @"),
        ("pear@-orchard.com", "a part of the domain starts or ends with a hyphen"),
        ("pear@or_chard.com", "“_” cannot stand in a domain"),
        ("pe(ar@orchard.com", "“(” cannot stand before the @"),
        ("pear@🍐.com", "the domain has a character that no domain can have"),
        ("pear@orchard.test", "the domain's ending is reserved and takes no mail"),
        ("pear@192.0.2.1", "the domain's ending is not made of letters"),
        ("pear@xn--999999999.com", "the domain's international spelling (xn--) is broken"),
        ("pear@ab--cd.com", "a part of the domain has two hyphens where none may be"),
        ("pear@" + "o" * 64 + ".com", "a part of the domain is 64 characters long, 63 is the limit"),
        ("pear@" + "orchard." * 40 + "com", "the domain is 323 characters long, 253 is the limit"),
        (
            "p" * 60 + "@" + "orchard." * 25 + "com",
            "the address is 264 characters long, 254 is the limit",
        ),
        ("p" * 5000, "the text is 5000 characters long, 254 is the limit for an address"),
    ],
)
def test_what_is_wrong_is_said_in_plain_words(text, detail):
    assert parse_address(text) == Malformed(text, Reason.MALFORMED, detail)
