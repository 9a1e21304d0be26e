"""How well the domains of a list are set up."""

from dataclasses import replace

import pytest

from engine.dmarc import DmarcReport, DmarcState
from engine.exchange import MailHost, MailHosts, NoMail
from engine.reason import Reason
from engine.spf import SpfReport, SpfState
from engine.survey import Survey
from storage.domain_kinds import kinds_of_domains
from storage.health import Share, find_health, health_board

MX = MailHosts((MailHost("mx.orchard.com", 10, ("127.0.0.1", "::1")),))
GOOD = {
    "spf": SpfReport(SpfState.FAIL, "v=spf1 mx -all", 1),
    "dmarc": DmarcReport(DmarcState.REJECT, "v=DMARC1; p=reject", "orchard.com"),
    "has_mta_sts": True,
    "has_tls_rpt": True,
    "has_bimi": True,
}
BAD = {
    "spf": SpfReport(SpfState.NONE),
    "dmarc": DmarcReport(DmarcState.NONE),
    "has_mta_sts": False,
    "has_tls_rpt": False,
    "has_bimi": False,
    "is_parked": True,
}


@pytest.fixture
def lists(desk):
    """A list of five domains: good, bad, without mail, not surveyed, not looked up; and another list."""
    assert desk.acquire()
    for name, route, known in (
        ("good.com", MX, GOOD),
        ("bad.com", replace(MX, is_implicit=True), BAD),
        ("nomail.com", NoMail(Reason.NULL_MX), BAD | {"is_parked": None}),
        ("elsewhere.com", MX, GOOD),
    ):
        desk.start(desk.save(f"a@{name}"))
        desk.resolve(route=route, offers_tls=True if name == "good.com" else None)
        desk.survey(**known)
    desk.start(desk.save("a@unread.com"))
    desk.resolve(route=MX)
    return desk.save(*(f"pear@{name}.com" for name in ("good", "bad", "nomail", "unread", "waiting")))


def test_a_board_counts_a_lists_domains_by_what_they_publish(desk, lists):
    board = health_board(kinds_of_domains(desk.database, lists))
    assert (board.domains, board.surveyed, board.parked) == (5, 3, 1)
    assert board.by_spf == {SpfState.FAIL: 1, SpfState.NONE: 2}
    assert board.by_dmarc == {DmarcState.REJECT: 1, DmarcState.NONE: 2}
    assert board.encryption == Share(1, 1)
    assert board.mta_sts == board.tls_rpt == board.bimi == Share(1, 3)


def test_scores_are_counted_by_tens_and_a_hundred_with_the_nineties(desk, lists):
    assert health_board(kinds_of_domains(desk.database, lists)).by_score == {90: 1, 10: 1, 0: 1}
    assert find_health(desk.database, "good.com").health.score == 100
    assert find_health(desk.database, "bad.com").health.score == 10


def test_a_list_without_domains_has_an_empty_board(desk):
    board = health_board(kinds_of_domains(desk.database, 99))
    assert (board.domains, board.surveyed, board.by_score, board.encryption) == (0, 0, {}, Share(0, 0))


def test_one_domain_is_given_with_all_that_is_known_of_it(desk, lists):
    found = find_health(desk.database, "good.com")
    assert found.facts.route == MX
    assert found.survey == Survey("good.com", found.survey.taken_at, **GOOD)
    assert found.health.score == sum(line.points for line in found.health.ledger)


def test_what_nobody_has_read_yet_is_none(desk, lists):
    unread = find_health(desk.database, "unread.com")
    assert (unread.facts.route, unread.survey, unread.health) == (MX, None, None)
    assert find_health(desk.database, "waiting.com") is None
    assert find_health(desk.database, "nobody.com") is None
