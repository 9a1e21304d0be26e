import ipaddress

import pytest

from engine.spf.macro import Scene, expand, expand_without_sender

FOUR = Scene(
    ipaddress.ip_address("192.0.2.3"), "strong-bad@email.example.com", "email.example.com", "mx.plum.sandbox"
)
SIX = Scene(ipaddress.ip_address("2001:db8::cb01"), FOUR.sender, FOUR.domain, "")


@pytest.mark.parametrize(
    ("text", "expanded"),
    [
        # the examples of RFC 7208, 7.4
        ("%{s}", "strong-bad@email.example.com"),
        ("%{o}", "email.example.com"),
        ("%{d}", "email.example.com"),
        ("%{d4}", "email.example.com"),
        ("%{d3}", "email.example.com"),
        ("%{d2}", "example.com"),
        ("%{d1}", "com"),
        ("%{dr}", "com.example.email"),
        ("%{d2r}", "example.email"),
        ("%{l}", "strong-bad"),
        ("%{l-}", "strong.bad"),
        ("%{lr}", "strong-bad"),
        ("%{lr-}", "bad.strong"),
        ("%{l1r-}", "strong"),
        ("%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com"),
        ("%{lr-}.lp._spf.%{d2}", "bad.strong.lp._spf.example.com"),
        ("%{lr-}.lp.%{ir}.%{v}._spf.%{d2}", "bad.strong.lp.3.2.0.192.in-addr._spf.example.com"),
        ("%{ir}.%{v}.%{l1r-}.lp._spf.%{d2}", "3.2.0.192.in-addr.strong.lp._spf.example.com"),
        ("%{d2}.trusted-domains.example.net", "example.com.trusted-domains.example.net"),
        # and what it has no example of
        ("%{h}.%{p}", "mx.plum.sandbox.unknown"),
        ("%{S}", "strong-bad%40email.example.com"),
        ("a%%b%_c%-d.plum.sandbox.", "a%b c%20d.plum.sandbox"),
        ("%{D2}.plum.sandbox", "example.com.plum.sandbox"),
        (f"%{{d{'9' * 5000}}}", "email.example.com"),
    ],
)  # fmt: skip
def test_macros_stand_for_the_sender_its_address_and_the_domain(text, expanded):
    assert expand(text, FOUR) == expanded


def test_an_ipv6_address_is_written_in_single_digits():
    assert expand("%{ir}.%{v}._spf.%{d2}", SIX) == (
        "1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6._spf.example.com"
    )
    assert expand("%{h}", SIX) == "email.example.com"


def test_a_name_that_grows_too_long_loses_labels_on_its_left():
    expanded = expand("%{d}." * 20 + "plum.sandbox", FOUR)
    assert len(expanded) <= 253
    assert expanded.endswith(".email.example.com.plum.sandbox")
    assert expanded.split(".")[0] in {"email", "example", "com"}
    assert expand("a." + "b" * 253, FOUR) == "b" * 253
    assert expand("b" * 254, FOUR) == ""


@pytest.mark.parametrize(
    ("text", "expanded"),
    [
        ("_spf.plum.sandbox", "_spf.plum.sandbox"),
        ("%{d}.spf.plum.sandbox", "fig.sandbox.spf.plum.sandbox"),
        ("%{dr}.plum.sandbox", "sandbox.fig.plum.sandbox"),
        ("%{i}._ip.%{h}.plum.sandbox", None),
        ("%{l}.plum.sandbox", None),
        ("%{o}.plum.sandbox", None),
    ],
)
def test_what_rests_on_the_domain_alone_needs_no_sender(text, expanded):
    assert expand_without_sender(text, "fig.sandbox") == expanded
