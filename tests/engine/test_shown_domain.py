"""An international domain as people read it, where that deceives nobody."""

import pytest

from engine.address import parse_address
from engine.name_lists import use_lists
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


DECEIVING = {
    "a Cyrillic letter among Latin ones": "pаypal.com",
    "a Greek one": "gοogle.com bücher\u0431.example",
    "Cyrillic ones alone, which look Latin": "аррӏе.com ѵѵ.com ѡѡ.com ҽ.com үа.com",
    "one of them with a mark": "раураї.com раурӓӏ.com",
    "Armenian ones": "օօօ.com",
    "digits of another script": "०००.com",
    "an ending that looks like another": "yahoo.сом bücher.сом",
    "phonetic letters": "ɡoogle.com ĸ.com gᶆail.com",
    "small capitals": "gᴏᴏgle.com ᴄᴏᴏ.com ꜱky.com",
    "clicks and tones": "gmaiǀ.com ƽmail.com",
    "scripts in little use": "ꓖꓳꓳꓖꓡꓰ.com ᏢᎪᎩ.com ⲟⲟⲟ.com",
    "a provider's name but for marks": "gmáil.com mail.gmáil.com x.gmáil.com gmail.çom",
    "a provider's name but for strokes": "gmaił.com outłook.com hotmaił.com yahøo.com ǥmail.com gmaıl.com",
    "the marks of another script": "gma\u0650il.example",
}
HONEST = {
    "Latin letters with marks": "bücher.example müller.de ïle.fr tiếngviệt.vn işık.com.tr",
    "Latin letters of their own": "straße.de smørrebrød.dk łódź.pl đuro.hr œuvre.fr ħaż.mt þing.is",
    "a Latin letter that phonetic writing has too": "azərbaycan.az",
    "Cyrillic": "президент.рф пример.испытание қазақстан.қаз україна.укр україна.com москва.com пример.мон",
    "Cyrillic that looks Latin, under an ending that does not": "сосо.рф",
    "Greek": "παράδειγμα.gr ελλάδα.gr",
    "Armenian, Georgian, Ethiopic": "հայ.հայ საქართველო.გე ታዲያስ.com",
    "from right to left": "مثال.مصر דוגמה.ישראל ދިވެހި.com",
    "scripts of the North of India": "भारत.भारत বাংলা.বাংলা ਪੰਜਾਬੀ.com ગુજરાતી.com ଓଡ଼ିଆ.com",
    "scripts of the South of India": "தமிழ்.com తెలుగు.com ಕನ್ನಡ.com മലയാളം.com",
    "scripts of the South-East": "ไทย.com ខ្មែរ.com ລາວ.la မြန်မာ.com",
    "Sinhala, Tibetan": "සිංහල.com བོད་ཡིག.com",
    "Japanese, which mixes scripts": "例え.jp 東京かな.jp らーめん.jp 々木.jp",
    "Korean and Chinese, which mix them too": "한국.kr 한국中.kr ㄅ中.tw",
    "a dot between two letters": "l·l.cat",
    "below a provider's own name": "bücher.gmail.com",
}  # fmt: skip


def each_of(table: dict[str, str]) -> list[object]:
    return [pytest.param(name, id=f"{why}: {name}") for why, names in table.items() for name in names.split()]


@pytest.mark.parametrize("told", each_of(DECEIVING))
def test_a_domain_whose_letters_pass_for_others_is_written_as_the_dns_has_it(told):
    domain = parse_address(f"a@{told}").domain
    assert "xn--" in domain
    assert readable(domain) == domain
    assert as_unicode(domain) == told
    assert readable(f"fig@{domain}") == f"fig@{domain}"


@pytest.mark.parametrize("told", each_of(HONEST))
def test_a_domain_that_deceives_nobody_is_written_as_its_people_write_it(told):
    domain = parse_address(f"a@{told}").domain
    assert "xn--" in domain
    assert readable(domain) == told


def test_a_domain_that_the_user_knows_is_shown_though_one_without_its_marks_is_known_too(tmp_path):
    domain = parse_address("a@mail.gmáil.com").domain
    assert readable(domain) == domain
    (tmp_path / "allow_domains.txt").write_text("gmáil.com\n", "utf-8")
    try:
        use_lists(tmp_path)
        assert readable(domain) == "mail.gmáil.com"
    finally:
        use_lists(None)
    assert readable(domain) == domain


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
