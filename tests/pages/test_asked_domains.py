"""What a hit in a chart of Domains asks the table for, and how that is said."""

import pytest
import streamlit as st

from engine.dmarc import DmarcState
from engine.spf import SpfState
from pages.parts.asked_domains import (
    WORDS,
    all_domains,
    asked_domains,
    domains_at_stake,
    domains_of_dmarc,
    domains_of_kind,
    domains_of_provider,
    domains_of_score,
    domains_of_spf,
    domains_with,
    stake_asked,
)
from pages.parts.clicks import Hit
from storage.domains import DomainSearch, Safeguard
from storage.stake import Stake
from storage.stakes import StakeLine

pytestmark = pytest.mark.usefixtures("session")


@pytest.mark.parametrize(
    ("hit", "opens", "said", "search"),
    [
        (domains_of_provider, ("google",), "Google", DomainSearch(providers=("google",))),
        (
            domains_of_kind,
            ("proofpoint", "mimecast"),
            "Filter in front (gateway)",
            DomainSearch(providers=("proofpoint", "mimecast")),
        ),
        (domains_of_score, ("40",), "health 40 to 49", DomainSearch(scores=(40, 49))),
        (domains_of_score, ("90",), "health 90 to 100", DomainSearch(scores=(90, 100))),
        (domains_with, ("mta_sts",), "MTA-STS", DomainSearch(having=Safeguard.MTA_STS)),
        (domains_of_spf, (SpfState.FAIL,), "SPF: Strict (-all)", DomainSearch(spf=(SpfState.FAIL,))),
        (domains_of_dmarc, (DmarcState.REJECT,), "DMARC: Reject", DomainSearch(dmarc=(DmarcState.REJECT,))),
    ],
)
def test_a_bar_asks_for_its_domains_and_says_so(hit, opens, said, search):
    st.session_state[WORDS] = "mill"
    hit(Hit(opens))
    assert asked_domains() == (said, search)
    assert not st.session_state[WORDS]


def test_what_a_bar_asked_for_can_be_taken_back():
    domains_of_score(Hit(("40",)))
    all_domains()
    assert asked_domains() == ("", DomainSearch())


def test_a_line_of_what_is_at_stake_asks_for_its_domains_until_something_else_is_asked():
    line = StakeLine(Stake.BLOCKED, 4, (7, 9), (("mill.com", 3),), (0, 0))
    domains_at_stake("Refuses us", line)
    assert asked_domains() == ("Refuses us", DomainSearch(among=(7, 9)))
    assert stake_asked() == line
    domains_of_score(Hit(("40",)))
    assert stake_asked() is None
