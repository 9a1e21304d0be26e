"""Single entries: found page by page, and searched."""

from unicodedata import normalize

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from engine.intake.correction import Correction
from engine.reason import Reason
from engine.shown_domain import as_unicode
from engine.spelling import as_domain
from engine.verdict import Flag, Status
from storage.entries import Search, count_entries, find_entries

MUNICH = ["b@münchen.de", "B@MÜNCHEN.de", "c@mu\u0308nchen.de"]
"""One domain as three lists may write it, the last as macOS does: mark by mark."""


def _spelled(words):
    """Give words as they may be typed: small, capital and mixed, their letters composed or not."""
    cases = (words, words.upper(), words.title())
    return [normalize(form, each) for each in cases for form in ("NFC", "NFD")]


def _texts(desk, upload, **search):
    return [each.text for each in find_entries(desk.database, upload, Search(**search))]


@pytest.mark.parametrize("limit", [1, 3, 7, 1000])
def test_paging_shows_each_entry_once_in_order(desk, limit):
    lines = [f"a{n}@orchard.com; b{n}@mill.com" if n % 3 else f"c{n}@farm.com" for n in range(20)]
    upload, other = (
        desk.save("n,email", *(f"{n},{line}" for n, line in enumerate(lines))),
        desk.save("x@y.com"),
    )
    seen, after = [], None
    while page := find_entries(desk.database, upload, Search(), after=after, limit=limit):
        assert len(page) <= limit
        seen += page
        after = page[-1].place
    expected = desk.rows("SELECT id FROM entry WHERE upload_id = :u ORDER BY row, ordinal", u=upload)
    assert [each.entry for each in seen] == [each.id for each in expected]
    assert len(seen) == 33
    assert _texts(desk, other) == ["x@y.com"]


def test_paging_is_not_upset_by_what_is_settled_meanwhile(desk):
    upload = desk.begin(*(f"pear{n}@orchard.com" for n in range(10)))
    first = find_entries(desk.database, upload, Search(), limit=4)
    desk.finish()
    rest = find_entries(desk.database, upload, Search(), after=first[-1].place)
    assert [each.row for each in (*first, *rest)] == list(range(10))


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("%", ["50%@mill.com"]),
        ("_", ["a_b@orchard.com"]),
        ("\\", ["back\\slash"]),
        ("A_B", ["a_b@orchard.com"]),
        ("orchard", ["a_b@orchard.com", "axb@orchard.com"]),
        ("B@Orchard.c", ["a_b@orchard.com", "axb@orchard.com"]),
        ("%@m", ["50%@mill.com"]),
        ("a_b@", ["a_b@orchard.com"]),
        ("k\\sl", ["back\\slash"]),
        ('"a_b"', []),
        ("orchard OR mill", []),
        ("'", []),
        ("", ["a_b@orchard.com", "axb@orchard.com", "50%@mill.com", "back\\slash"]),
    ],
)
def test_a_search_takes_its_words_as_they_stand(desk, words, found):
    upload = desk.save("n,email", "1,a_b@orchard.com", "2,axb@orchard.com", "3,50%@mill.com", "4,back\\slash")
    assert _texts(desk, upload, words=words) == found


@pytest.mark.parametrize(
    ("words", "found"),
    [("a", ["axb@orchard.com"]), ("AXB@o", ["axb@orchard.com"]), ("orchard", []), ("%", []), ("", 3)],
)
def test_words_may_be_looked_for_at_the_begin_alone(desk, words, found):
    upload = desk.save("n,email", "1,axb@orchard.com", "2,50%@mill.com", "3,Xaxb@mill.com")
    texts = _texts(desk, upload, words=words, is_begin=True)
    assert texts == found if isinstance(found, list) else len(texts) == found


@pytest.mark.parametrize("limit", [1, 3, 7, 1000])
def test_paging_through_what_words_find_shows_each_entry_once_in_order(desk, limit):
    lines = [f"fig{n}@orchard.com; plum{n}@mill.com; fig{n}@farm.com" for n in range(20)]
    other = desk.save("fig@orchard.com")
    upload = desk.save("n,email", *(f"{n},{line}" for n, line in enumerate(lines)))
    desk.save("figs@orchard.com")
    seen, after = [], None
    search = Search(words="fig", flags=Flag.SEVERAL)
    while page := find_entries(desk.database, upload, search, after=after, limit=limit):
        assert len(page) <= limit
        seen += page
        after = page[-1].place
    assert [each.text for each in seen] == [
        f"fig{n}@{domain}" for n in range(20) for domain in ("orchard.com", "farm.com")
    ]
    assert _texts(desk, other, words="fig") == ["fig@orchard.com"]


@pytest.mark.parametrize("limit", [1, 2, 100])
def test_the_few_entries_of_a_rare_domain_are_found_in_order(desk, limit):
    rows = [f"fig{n}@orchard.com" for n in range(700)]
    rows[5], rows[300], rows[650] = "pear@mill.com", "plum@mill.com", "pear@mill.com"
    desk.save("quince@mill.com")
    upload = desk.save(*rows)
    search, after, found = Search(domain="mill.com"), None, []
    while page := find_entries(desk.database, upload, search, after=after, limit=limit):
        after = page[-1].place
        found += [(line.row, line.text) for line in page]
    assert found == [(5, "pear@mill.com"), (300, "plum@mill.com"), (650, "pear@mill.com")]
    assert _texts(desk, upload, domain="mill.com", flags=Flag.DUPLICATE) == ["pear@mill.com"]
    assert _texts(desk, upload, domain="mill.com", words="plum") == ["plum@mill.com"]
    assert _texts(desk, upload, domain="nowhere.com", flags=Flag.DUPLICATE) == []


def test_words_are_found_together_with_all_other_filters(desk, replies):
    upload = desk.begin("pear@orchard.com", "info@orchard.com", "pear@mill.com")
    batch = next(each for each in desk.claim() if each.domain.name == "orchard.com")
    answers = {"pear@orchard.com": replies["missing"], "info@orchard.com": replies["accepted"]}
    desk.settle(desk.answer(batch, answers))
    assert _texts(desk, upload, words="pear", domain="mill.com") == ["pear@mill.com"]
    assert _texts(desk, upload, words="orchard", statuses=(Status.INVALID,)) == ["pear@orchard.com"]
    assert _texts(desk, upload, words="pear", is_waiting=True) == ["pear@mill.com"]
    assert _texts(desk, upload, words="orchard", reasons=(Reason.ROLE,)) == ["info@orchard.com"]


def test_a_search_by_status_reason_flag_domain_and_waiting(desk, replies):
    upload = desk.begin("pear@orchard.com", "info@orchard.com", "plum@mill.com", "PEAR@orchard.com")
    batch = next(each for each in desk.claim() if each.domain.name == "orchard.com")
    desk.settle(
        desk.answer(batch, {"pear@orchard.com": replies["missing"], "info@orchard.com": replies["accepted"]})
    )
    assert _texts(desk, upload, statuses=(Status.INVALID,)) == ["pear@orchard.com", "PEAR@orchard.com"]
    assert _texts(desk, upload, statuses=(Status.INVALID, Status.RISKY), flags=Flag.ROLE) == [
        "info@orchard.com"
    ]
    assert _texts(desk, upload, reasons=(Reason.ROLE,)) == ["info@orchard.com"]
    assert _texts(desk, upload, flags=Flag.DUPLICATE) == ["PEAR@orchard.com"]
    assert _texts(desk, upload, domain="mill.com") == ["plum@mill.com"]
    assert _texts(desk, upload, is_waiting=True) == ["plum@mill.com"]
    assert _texts(desk, upload, statuses=(Status.INVALID,), domain="mill.com") == []


@pytest.mark.parametrize(
    ("search", "fits"),
    [
        (Search((Status.INVALID,)), lambda line: line.status is Status.INVALID),
        (Search(reasons=(Reason.ROLE,)), lambda line: line.reason is Reason.ROLE),
        (Search(flags=Flag.SEVERAL), lambda line: Flag.SEVERAL in line.flags),
        (Search(is_waiting=True), lambda line: line.status is None),
        (Search(confidence=(0, 50)), lambda line: line.confidence is not None and line.confidence <= 50),
    ],
    ids=["status", "reason", "flag", "waiting", "points"],
)
@pytest.mark.parametrize("limit", [1, 2, 1000])
def test_paging_through_outcomes_shows_each_that_fits_once_in_the_list_s_order(
    desk, replies, search, fits, limit
):
    lines = [f"pear{n}@orchard.com; info@orchard.com; fig{n}@mill.com" for n in range(4)]
    upload = desk.begin(*lines, "plum@orchard.com", "no address", "info@mill.com", "fig1@mill.com")
    batch = next(each for each in desk.claim() if each.domain.name == "orchard.com")
    missing = {f"pear{n}@orchard.com": replies["missing"] for n in range(4)}
    accepted = dict.fromkeys(("info@orchard.com", "plum@orchard.com"), replies["accepted"])
    desk.settle(desk.answer(batch, missing | accepted))
    seen, after = [], None
    while page := find_entries(desk.database, upload, search, after=after, limit=limit):
        seen += page
        after = page[-1].place
    assert seen == [each for each in find_entries(desk.database, upload, Search()) if fits(each)]
    assert len(seen) > 1


MALFORMED = (Reason.MALFORMED,)


@pytest.fixture
def mixed(desk, replies):
    """A list that holds everything: two domains, of which one waits, a malformed text, two rows without."""
    lines = [
        "pear@orchard.com",
        "info@orchard.com",
        "plum@mill.com",
        "PEAR@orchard.com",
        "no address",
        "",
        " ",
    ]
    upload = desk.begin("n,email", *(f"{n},{line}" for n, line in enumerate(lines)))
    batch = next(each for each in desk.claim() if each.domain.name == "orchard.com")
    answers = {"pear@orchard.com": replies["missing"], "info@orchard.com": replies["accepted"]}
    desk.settle(desk.answer(batch, answers))
    return upload


@pytest.mark.parametrize("statuses", [(), (Status.INVALID,), (Status.INVALID, Status.RISKY), (Status.VALID,)])
@pytest.mark.parametrize("reasons", [(), MALFORMED, (Reason.EMPTY, Reason.ROLE)])
@pytest.mark.parametrize("flags", [Flag(0), Flag.DUPLICATE])
@pytest.mark.parametrize("is_empty", [None, False, True])
@pytest.mark.parametrize("is_waiting", [False, True])
def test_counters_count_what_a_search_finds(desk, mixed, statuses, reasons, flags, is_empty, is_waiting):
    search = Search(statuses, reasons, flags, is_empty=is_empty, is_waiting=is_waiting)
    assert count_entries(desk.database, mixed, search) == len(find_entries(desk.database, mixed, search))


@pytest.mark.parametrize("confidence", [(0, 0), (0, 100), (1, 94), (95, 100)])
@pytest.mark.parametrize("statuses", [(), (Status.INVALID,)])
def test_counters_count_what_has_so_many_points_and_what_waits_has_none(desk, mixed, confidence, statuses):
    search = Search(statuses, confidence=confidence)
    found = find_entries(desk.database, mixed, search)
    assert count_entries(desk.database, mixed, search) == len(found)
    assert all(confidence[0] <= each.confidence <= confidence[1] for each in found)
    settled = [each for each in find_entries(desk.database, mixed, Search(statuses)) if each.status]
    assert len(found) == sum(confidence[0] <= each.confidence <= confidence[1] for each in settled)


@pytest.mark.parametrize("domain", ["orchard.com", "mill.com", "nowhere.com"])
@pytest.mark.parametrize("statuses", [(), (Status.INVALID,), (Status.INVALID, Status.RISKY)])
@pytest.mark.parametrize("is_waiting", [False, True])
def test_counters_count_what_is_found_at_a_domain(desk, mixed, domain, statuses, is_waiting):
    search = Search(statuses, domain=domain, is_empty=False, is_waiting=is_waiting)
    assert count_entries(desk.database, mixed, search) == len(find_entries(desk.database, mixed, search))


@pytest.mark.parametrize(
    "search",
    [
        Search(words="pear"),
        Search(domain="mill.com", flags=Flag.ROLE),
        Search((), MALFORMED, domain="x"),
        Search(domain="mill.com", confidence=(0, 50)),
    ],
)
def test_what_no_counter_tells_is_not_counted(desk, mixed, search):
    assert count_entries(desk.database, mixed, search) is None


def test_rows_without_an_address_can_be_looked_for_or_left_out(desk, mixed):
    assert _texts(desk, mixed, is_empty=True) == ["", " "]
    assert len(_texts(desk, mixed, is_empty=False)) == 5
    assert len(_texts(desk, mixed)) == 7


@pytest.mark.parametrize("limit", [1, 2, 100])
@pytest.mark.parametrize("words", ["@gmail.com", "ga", "@gma", "ail"])
def test_a_corrected_entry_is_found_by_what_was_asked_too_in_order(desk, words, limit):
    lines = ("gala@gmial.com", "gage@gmail.com", "gail@gmial.com", "pear@orchard.com")
    upload = desk.save(*lines, corrections=(Correction("gmial.com", "gmail.com"),))
    desk.save("gala@gmial.com", corrections=(Correction("gmial.com", "gmail.com"),))
    seen, after = [], None
    while page := find_entries(desk.database, upload, Search(words=words), after=after, limit=limit):
        seen += [each.text for each in page]
        after = page[-1].place
    assert seen == [*lines[:3]]


def test_a_corrected_entry_is_found_by_what_was_written(desk):
    upload = desk.save(
        "gala@gmial.com", "gage@gmail.com", corrections=(Correction("gmial.com", "gmail.com"),)
    )
    assert _texts(desk, upload, words="gmial") == ["gala@gmial.com"]
    assert _texts(desk, upload, words="gala@gmail", is_begin=True) == ["gala@gmial.com"]


def test_an_address_begins_as_it_was_asked_whatever_stands_round_it(desk):
    upload = desk.save("  <gala@orchard.com>  ", "'gage@orchard.com'", "nogala@orchard.com")
    found = find_entries(desk.database, upload, Search(words="ga", is_begin=True))
    assert [each.asked for each in found] == ["gala@orchard.com", "gage@orchard.com"]
    assert len(_texts(desk, upload, words="gala@", is_begin=True)) == 1
    assert len(_texts(desk, upload, words="<gala")) == 1


@pytest.mark.parametrize("words", ["b", "bob@", "BOB@orchard.com"])
@pytest.mark.parametrize(
    "written", ["Robin Bobson <bob@orchard.com>", "mailto:bob@orchard.com", "(work) bob@orchard.com"]
)
def test_an_address_begins_as_it_is_shown_behind_a_name_or_a_scheme(desk, words, written):
    upload = desk.save(written, "bobbin.bob@@", "no.bob@orchard.com")
    found = find_entries(desk.database, upload, Search(words=words, is_begin=True))
    assert [each.asked for each in found if each.domain] == ["bob@orchard.com"]
    assert not find_entries(desk.database, upload, Search(words="robin", is_begin=True))


@pytest.mark.parametrize("is_begin", [False, True])
@pytest.mark.parametrize("words", ["anna@bücher.example", "anna@xn--bcher-kva.example", "ANNA@bücher"])
def test_an_address_at_an_international_domain_is_found_in_either_form(desk, words, is_begin):
    same = ["anna@bücher.example", "anna@xn--bcher-kva.example"]
    upload = desk.save(*same, "anna@books.example", "joanna@bücher.example")
    found = _texts(desk, upload, words=words, is_begin=is_begin)
    assert found == (same if is_begin else [*same, "joanna@bücher.example"])


def test_addresses_that_differ_by_the_form_of_their_domain_alone_are_duplicates(desk):
    upload = desk.save("anna@bücher.example", "anna@xn--bcher-kva.example", "Anna@BÜCHER.example")
    flags = [each.flags for each in find_entries(desk.database, upload, Search())]
    assert [Flag.DUPLICATE in each for each in flags] == [False, True, True]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("münch", MUNICH),
        ("münchen.de", MUNICH),
        ("@münchen.de", MUNICH),
        ("xn--mnchen-3ya", MUNICH),
        ("xn--tda", [*MUNICH, "a@ü.at", "JÜRGEN@mill.com", "x@BÜCHER.example"]),
        ("ü", [*MUNICH, "a@ü.at", "JÜRGEN@mill.com", "x@BÜCHER.example"]),
        ("jürgen", ["JÜRGEN@mill.com"]),
        ("élan", ["Élan@mill.com"]),
        ("bücher", ["x@BÜCHER.example"]),
        ("bücher.example", ["x@BÜCHER.example"]),
        ("@bücher.ex", ["x@BÜCHER.example"]),
        ("xn--bcher-kva.example", ["x@BÜCHER.example"]),
        ("σας", ["ΣΑΣ@mill.com", "ΣΑΣΑ@mill.com"]),
        ("ünchen.fr", []),
    ],
)
def test_words_with_marks_are_found_however_they_are_typed(desk, words, found):
    others = [
        "a@ü.at",
        "JÜRGEN@mill.com",
        "Élan@mill.com",
        "x@BÜCHER.example",
        "ΣΑΣ@mill.com",
        "ΣΑΣΑ@mill.com",
    ]
    upload = desk.save(*MUNICH, *others, "c@mill.com")
    for typed in _spelled(words):
        assert _texts(desk, upload, words=typed) == [each for each in (*MUNICH, *others) if each in found]


@pytest.mark.parametrize("words", ["jürgen", "jürgen@mü", "jürgen@münchen.de", "jürgen@xn--mnchen-3ya.de"])
def test_an_address_with_marks_begins_as_it_is_shown_however_it_is_typed(desk, words):
    begun = [f"{each}@MÜNCHEN.de" for each in _spelled("jürgen")]
    upload = desk.save(*begun, "Jürgen J. <JÜRGEN@xn--mnchen-3ya.de>", "hansjürgen@münchen.de", "j@mill.com")
    for typed in _spelled(words):
        found = find_entries(desk.database, upload, Search(words=typed, is_begin=True))
        assert [each.row for each in found] == list(range(len(begun) + 1))


def test_an_address_is_found_as_it_was_corrected_whatever_marks_it_has(desk):
    upload = desk.save("JU\u0308RGEN@gmial.com", corrections=(Correction("gmial.com", "gmail.com"),))
    for typed in _spelled("jürgen@gmail"):
        assert len(_texts(desk, upload, words=typed)) == 1
        assert len(_texts(desk, upload, words=typed, is_begin=True)) == 1


@pytest.mark.parametrize("domain", ["MÜNCHEN.de", "mu\u0308nchen.de", "xn--mnchen-3ya.de"])
def test_a_whole_domain_is_found_however_it_is_typed(desk, domain):
    upload = desk.save(*MUNICH, "b@xn--mnchen-3ya.de", "b@münchen.dev")
    assert _texts(desk, upload, domain=as_domain(domain.lower())) == [*MUNICH, "b@xn--mnchen-3ya.de"]


LETTERS = "aänœéüßñőøжя.ώλσ"
NAMES = st.text(LETTERS, min_size=1, max_size=6).filter(
    lambda name: ".." not in name and name.strip(".") == name
)


@st.composite
def typings(draw, texts):
    """A text as anybody may type it: each letter a capital or small, all composed or all decomposed."""
    letters = [draw(st.sampled_from([each, _capital(each)])) for each in draw(texts)]
    return normalize(draw(st.sampled_from(["NFC", "NFD"])), "".join(letters))


def _capital(letter):
    return "ẞ" if letter == "ß" else letter.upper()


@st.composite
def written_addresses(draw):
    """An address as a list may write it, its domain in either form."""
    domain = draw(NAMES)
    if draw(st.booleans()):
        domain = as_domain(domain)
    return f"{draw(typings(NAMES))}@{draw(typings(st.just(domain)))}.com"


def _has(written, words):
    """Say plainly whether a text has the words: ASCII ones as it is written, others as it is read, too."""
    small, sought = (normalize("NFC", each.lower()).replace("ς", "σ") for each in (written, words))
    if words.isascii():
        return words.lower() in written.lower()
    return sought in small or sought in as_unicode(small).replace("ς", "σ")


@hypothesis_settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(lines=st.lists(written_addresses(), min_size=1, max_size=8), data=st.data())
def test_a_search_finds_what_has_the_words_in_whatever_letters(desk, lines, data):
    upload = desk.save("n,email", *(f"{number},{line}" for number, line in enumerate(lines)))
    written = [each.text for each in find_entries(desk.database, upload, Search())]
    for _ in range(8):
        whole = normalize("NFC", data.draw(st.sampled_from(written)))
        start = data.draw(st.integers(0, len(whole) - 1))
        part = whole[start : start + data.draw(st.integers(1, len(whole)))]
        words = data.draw(typings(st.just(part)))
        if "xn--" not in words.lower():
            assert _texts(desk, upload, words=words) == [each for each in written if _has(each, words)]
