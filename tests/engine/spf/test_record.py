import ipaddress
import time

import pytest

from engine.spf.record import BrokenRecord, Directive, Kind, Qualifier, SpfRecord, parse_record, spf_texts

PASS = Qualifier.PASS


def read(text) -> SpfRecord:
    record = parse_record(text)
    assert isinstance(record, SpfRecord), record
    return record


@pytest.mark.parametrize(
    ("text", "is_spf"),
    [
        ("v=spf1", True),
        ("v=spf1 -all", True),
        ("V=SPF1 -all", True),
        ("v=spf10 -all", False),
        ("v=spf2.0/pra -all", False),
        (" v=spf1 -all", False),
        ("v=spf1;-all", False),
        ("pear=plum", False),
    ],
)
def test_an_spf_record_is_told_by_its_first_word(text, is_spf):
    assert spf_texts((text, "pear=plum")) == ((text,) if is_spf else ())


@pytest.mark.parametrize(("sign", "qualifier"), [("", PASS), *((each.value, each) for each in Qualifier)])
def test_each_qualifier_is_read_and_none_means_pass(sign, qualifier):
    assert read(f"v=spf1 {sign}all").directives == (Directive(qualifier, Kind.ALL),)


@pytest.mark.parametrize(
    ("term", "directive"),
    [
        ("include:_spf.plum.sandbox", Directive(PASS, Kind.INCLUDE, "_spf.plum.sandbox")),
        ("a", Directive(PASS, Kind.A)),
        ("A:Plum.Sandbox", Directive(PASS, Kind.A, "Plum.Sandbox")),
        ("a/24", Directive(PASS, Kind.A, prefix4=24)),
        ("a//64", Directive(PASS, Kind.A, prefix6=64)),
        ("mx:plum.sandbox/24//64", Directive(PASS, Kind.MX, "plum.sandbox", prefix4=24, prefix6=64)),
        ("mx/0", Directive(PASS, Kind.MX, prefix4=0)),
        ("ptr", Directive(PASS, Kind.PTR)),
        ("ptr:plum.sandbox", Directive(PASS, Kind.PTR, "plum.sandbox")),
        ("exists:%{ir}.%{v}._spf.%{d2}", Directive(PASS, Kind.EXISTS, "%{ir}.%{v}._spf.%{d2}")),
        ("ip4:192.0.2.1", Directive(PASS, Kind.IP4, network=ipaddress.ip_network("192.0.2.1/32"))),
        ("ip4:192.0.2.9/24", Directive(PASS, Kind.IP4, network=ipaddress.ip_network("192.0.2.0/24"))),
        ("IP6:2001:db8::/32", Directive(PASS, Kind.IP6, network=ipaddress.ip_network("2001:db8::/32"))),
    ],
)  # fmt: skip
def test_each_mechanism_is_read(term, directive):
    assert read(f"v=spf1 {term} -all").directives == (directive, Directive(Qualifier.FAIL, Kind.ALL))


def test_modifiers_are_read_in_any_place_and_unknown_ones_are_passed_over():
    record = read("v=spf1 exp=why.plum.sandbox redirect=_spf.plum.sandbox colour=green a")
    assert (record.redirect, record.directives) == ("_spf.plum.sandbox", (Directive(PASS, Kind.A),))


def test_what_stands_after_all_is_not_heeded():
    record = read("v=spf1 a ~all mx")
    assert [each.kind for each in record.heeded] == [Kind.A, Kind.ALL]
    assert record.last_word is Qualifier.SOFTFAIL
    assert read("v=spf1 a").last_word is None


def test_blanks_between_and_after_words_do_no_harm():
    assert len(read("v=spf1  a   mx ").directives) == 2
    assert read("v=spf1").directives == ()


@pytest.mark.parametrize(
    "term",
    [
        "all:plum.sandbox", "include", "include:", "include:sandbox", "include:plum.sandbox/24", "exists",
        "a:", "a/33", "a//129", "a/024", "a:plum.sandbox/", "a:plum.123",
        "ip4", "ip4:", "ip4:plum.sandbox", "ip4:192.0.2", "ip4:192.0.2.1/33", "ip4:192.0.2.0/255.255.255.0",
        "ip4:2001:db8::1", "ip4:192.0.02.1", "ip6:192.0.2.1", "ip6:2001:db8::/129", "ip6:2001:db8::1%lo",
        "ipv4:192.0.2.1", "al", "--all", "-", "=", "redirect=", "redirect=sandbox", "exp=",
        "exists:%{x}.plum.sandbox", "exists:%{i.plum.sandbox", "exists:%plum.sandbox",
        "exists:%{c}.plum.sandbox",
        "a:plüm.sandbox", "moo=%", "\x00",
    ],
)  # fmt: skip
def test_a_word_that_is_none_breaks_the_record_and_is_named(term):
    broken = parse_record(f"v=spf1 mx {term} -all")
    assert isinstance(broken, BrokenRecord)
    assert term.replace("\x00", "?") in broken.fault or "names no domain" in broken.fault


@pytest.mark.parametrize("name", ["redirect", "exp"])
def test_a_modifier_may_stand_only_once(name):
    broken = parse_record(f"v=spf1 {name}=a.plum.sandbox {name}=b.plum.sandbox")
    assert isinstance(broken, BrokenRecord)
    assert "twice" in broken.fault


def test_a_fault_quotes_only_the_beginning_of_a_long_word():
    broken = parse_record(f"v=spf1 {'pear' * 200} -all")
    assert isinstance(broken, BrokenRecord)
    assert len(broken.fault) < 150


@pytest.mark.parametrize(
    "word", ["a:" + ".a" * 30_000 + "!", "a:." + "a" * 60_000 + "_", "%{" * 20_000, "a" * 60_000]
)
def test_the_longest_word_that_the_dns_can_hold_is_read_in_no_time(word):
    began = time.process_time()
    assert isinstance(parse_record(f"v=spf1 {word}"), BrokenRecord)
    assert time.process_time() - began < 1
