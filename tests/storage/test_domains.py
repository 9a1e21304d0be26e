"""The domains of a list."""

import pytest

from engine.dmarc import DmarcReport, DmarcState
from engine.exchange import MailHost, MailHosts, NoMail
from engine.reason import Reason
from engine.spf import SpfReport, SpfState
from engine.verdict import AcceptAll, Status
from storage.domain_kinds import BIN, kinds_of_domains
from storage.domains import DomainSearch, Safeguard, domain_board, find_domains
from storage.health import health_board


@pytest.fixture
def lists(desk, replies):
    """One list of three domains, looked up in three ways, and another that shares one of them."""
    upload = desk.save(*(f"pear{n}@orchard.com" for n in range(3)), "a@mill.com", "b@mill.com", "x@barn.com")
    other = desk.save("pear0@orchard.com", "z@hidden.com")
    desk.start(upload)
    assert desk.acquire()
    desk.resolve(provider="google")
    desk.survey(spf=SpfReport(SpfState.FAIL, "v=spf1 -all"), dmarc=DmarcReport(DmarcState.NONE))
    return upload, other


def test_domains_are_ranked_by_their_entries(desk, lists):
    found = find_domains(desk.database, lists[0])
    assert [(each.name, each.entries) for each in found] == [
        ("orchard.com", 3),
        ("mill.com", 2),
        ("barn.com", 1),
    ]
    behind = find_domains(desk.database, lists[0], limit=1, after=found[0].place)
    assert [each.name for each in behind] == ["mill.com"]


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
def test_paging_shows_each_domain_once_however_many_are_of_one_size(desk, limit):
    names = [f"{letter}{size}.com" for size in (1, 3) for letter in "dbac"]
    upload = desk.save(*(f"pear{n}@{name}" for name in names for n in range(int(name[1]))))
    desk.save("x@other.com")
    seen, after = [], None
    while page := find_domains(desk.database, upload, after=after, limit=limit):
        assert len(page) <= limit
        seen += [each.name for each in page]
        after = page[-1].place
    assert seen == sorted(names, key=lambda name: (-int(name[1]), name))


def test_a_search_is_paged_too(desk, lists):
    (first,) = find_domains(desk.database, lists[0], DomainSearch(words="r"), limit=1)
    assert first.name == "orchard.com"
    assert [
        each.name
        for each in find_domains(desk.database, lists[0], DomainSearch(words="r"), after=first.place)
    ] == ["barn.com"]


def test_domains_are_searched_by_a_part_of_their_name(desk, lists):
    assert [each.name for each in find_domains(desk.database, lists[0], DomainSearch(words="MILL"))] == [
        "mill.com"
    ]
    assert find_domains(desk.database, lists[0], DomainSearch(words="%")) == []
    assert find_domains(desk.database, lists[0], DomainSearch(words="hidden")) == []


def test_a_domain_counts_this_lists_entries_by_status(desk, lists, replies):
    batch = next(each for each in desk.claim() if each.domain.name == "orchard.com")
    answers = {f"pear{n}@orchard.com": replies["missing" if n else "accepted"] for n in range(3)}
    desk.settle(desk.answer(batch, answers))
    orchard = find_domains(desk.database, lists[0])[0]
    assert orchard.statuses[Status.VALID] == 1
    assert orchard.statuses[Status.INVALID] == 2
    assert orchard.settled == 3
    assert orchard.valid_share == pytest.approx(1 / 3)
    shared = find_domains(desk.database, lists[1], DomainSearch(words="orchard"))[0]
    assert (shared.entries, shared.settled) == (1, 1)
    assert find_domains(desk.database, lists[0], DomainSearch(words="mill"))[0].valid_share is None


def test_a_domain_says_what_its_survey_found_once_there_is_one(desk, lists):
    orchard = find_domains(desk.database, lists[0])[0]
    assert (orchard.spf, orchard.dmarc) == (SpfState.FAIL, DmarcState.NONE)
    assert orchard.health is not None
    hidden = find_domains(desk.database, lists[1], DomainSearch(words="hidden"))[0]
    assert (hidden.spf, hidden.dmarc, hidden.health) == (None, None, None)


def test_a_board_sums_the_domains_up(desk, lists):
    board = domain_board(kinds_of_domains(desk.database, lists[0]))
    assert (board.domains, board.resolved, board.taking_mail) == (3, 3, 3)
    assert board.by_provider == {"google": 3}
    assert board.accept_all == 0


def test_a_board_tells_apart_how_domains_take_mail(desk):
    kinds = {
        "implicit": {"route": MailHosts((MailHost("farm.com", 0, ("127.0.0.1",)),), is_implicit=True)},
        "null_mx": {"route": NoMail(Reason.NULL_MX), "accept_all": None},
        "mx": {"accept_all": AcceptAll.YES},
    }
    upload = desk.save("a@implicit.com", "a@null_mx.com".replace("_", "-"), "a@mx.com", "a@unresolved.com")
    assert desk.acquire()
    for name, known in kinds.items():
        single = desk.save(f"b@{name.replace('_', '-')}.com")
        desk.start(single)
        assert len(desk.resolve(**known)) == 1
    board = domain_board(kinds_of_domains(desk.database, upload))
    assert board.by_kind == {"implicit": 1, "null_mx": 1, "mx": 1}
    assert (board.domains, board.resolved, board.taking_mail, board.accept_all) == (4, 3, 2, 1)


def test_an_empty_list_of_domains_has_an_empty_board(desk):
    board = domain_board(kinds_of_domains(desk.database, 99))
    assert (board.domains, board.resolved, board.by_kind) == (0, 0, {})


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ({"providers": ("google",)}, 3),
        ({"providers": ("microsoft365",)}, 0),
        ({"spf": (SpfState.FAIL,)}, 3),
        ({"spf": (SpfState.NONE, SpfState.SOFTFAIL)}, 0),
        ({"dmarc": (DmarcState.NONE,)}, 3),
        ({"dmarc": (DmarcState.REJECT,)}, 0),
        ({"scores": (0, 100)}, 3),
        ({"spf": (SpfState.FAIL,), "words": "mill"}, 1),
    ],
)
def test_domains_are_found_by_what_they_publish_and_where_their_mail_goes(desk, lists, search, found):
    assert len(find_domains(desk.database, lists[0], DomainSearch(**search))) == found


def test_domains_are_found_by_their_score_and_by_each_safeguard_as_it_is_drawn(desk, lists):
    board = health_board(kinds_of_domains(desk.database, lists[0]))
    for start, domains in board.by_score.items():
        search = DomainSearch(scores=(start, start + BIN - 1))
        assert len(find_domains(desk.database, lists[0], search)) == domains
    drawn = (board.encryption, board.mta_sts, board.tls_rpt, board.bimi)
    for safeguard, share in zip(Safeguard, drawn, strict=True):
        search = DomainSearch(having=safeguard)
        assert len(find_domains(desk.database, lists[0], search)) == share.having


@pytest.mark.parametrize(
    "words", ["bücher", "Bücher.Example", "ücher.ex", "xn--bcher", "bu\u0308cher", "BU\u0308CH", "KVA"]
)
def test_an_international_domain_stands_once_and_is_found_in_either_form(desk, words):
    upload = desk.save("a@bücher.example", "b@xn--bcher-kva.example", "c@BÜCHER.example", "d@books.example")
    found = find_domains(desk.database, upload, DomainSearch(words=words))
    assert [(each.name, each.entries) for each in found] == [("xn--bcher-kva.example", 3)]
