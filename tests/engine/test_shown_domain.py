"""An international domain as people read it, where that deceives nobody."""

import pytest

from engine.address import parse_address
from engine.shown_domain import as_unicode, otherwise, readable


@pytest.mark.parametrize(
    ("domain", "said"),
    [
        ("plum.example", "plum.example"),
        ("xn--bcher-kva.example", "bücher.example"),
        ("xn--999999999.example", "xn--999999999.example"),
        ("mail.xn--strae-oqa.de", "mail.straße.de"),
        ("xn--wgv71a119e.jp", "日本語.jp"),
        ("xn--e1afmkfd.xn--p1ai", "пример.рф"),
        ("fig.xn--a@xn--bcher-kva.example", "fig.xn--a@bücher.example"),
    ],
)
def test_a_domain_is_written_as_people_read_it_where_that_can_be(domain, said):
    assert readable(domain) == as_unicode(domain) == said


@pytest.mark.parametrize(
    "told",
    [
        "pаypal.com",  # one Cyrillic letter among Latin ones
        "gοogle.com",  # a Greek one
        "аррӏе.com",  # Cyrillic ones alone, all of which look Latin
        "ɡoogle.com",  # a letter of phonetic writing
        "bücher\u0431.example",
        "gmaıl.com",  # a provider's name but for its marks
        "gmáil.com",
        "ĸ.com",
        "օօօ.com",  # Armenian letters
        "үа.com",
    ],
)
def test_a_domain_whose_letters_pass_for_others_is_written_as_the_dns_has_it(told):
    domain = parse_address(f"a@{told}").domain
    assert domain.startswith("xn--")
    assert readable(domain) == domain
    assert as_unicode(domain) == told


@pytest.mark.parametrize(
    "told", ["東京かな.jp", "한국中.kr", "tiếngviệt.vn", "сосо.рф", "ελλάδα.gr", "l·l.cat"]
)
def test_a_language_that_is_written_with_several_scripts_or_marks_deceives_nobody(told):
    assert readable(parse_address(f"a@{told}").domain) == told


@pytest.mark.parametrize(
    ("words", "other"),
    [
        ("bücher.example", "xn--bcher-kva.example"),
        ("BÜCHER.example", "xn--bcher-kva.example"),
        ("xn--bcher-kva.example", "bücher.example"),
        ("anna@bücher.example", "anna@xn--bcher-kva.example"),
        ("Anna@XN--bcher-kva.example", "Anna@bücher.example"),
        ("@bücher", "@xn--bcher-kva"),
        ("plum@orchard.example", ""),
        ("xn--", ""),
        ("..ü", "..xn--tda"),
        ("", ""),
    ],
)
def test_what_is_looked_for_has_another_form_where_its_domain_has(words, other):
    assert otherwise(words) == other
