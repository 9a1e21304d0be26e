"""The charts of how a list's domains are set up, and what is said of each."""

import re
from dataclasses import replace

import pytest

from engine.dmarc import DmarcState
from engine.spf import SpfState
from pages.parts.charts import kind_bars, provider_bars
from pages.parts.health_charts import (
    DMARC,
    SPF,
    presence_bars,
    say_presence,
    say_scores,
    score_bars,
)
from pages.parts.words import DMARC_STATES, SPF_STATES
from storage.health import HealthBoard, Share

BOARD = HealthBoard(
    domains=60,
    surveyed=50,
    by_score={90: 4, 70: 6, 40: 30, 0: 10},
    by_spf={SpfState.SOFTFAIL: 20, SpfState.FAIL: 10, SpfState.NONE: 15, SpfState.TEMPERROR: 5},
    by_dmarc={DmarcState.REJECT: 8, DmarcState.QUARANTINE: 2, DmarcState.NONE: 40},
    encryption=Share(30, 40),
    mta_sts=Share(1, 50),
    tls_rpt=Share(0, 50),
    bimi=Share(0, 0),
    parked=0,
)
EMPTY = HealthBoard(9, 0, {}, {}, {}, *[Share(0, 0)] * 4, parked=0)


def test_every_score_is_drawn_in_its_ten_and_a_hundred_with_the_nineties():
    bars = score_bars(BOARD.by_score).data[0]
    assert list(bars.x) == [*(str(start) for start in range(0, 90, 10)), "90+"]
    assert list(bars.y) == [10, 0, 0, 0, 30, 0, 0, 6, 0, 4]
    assert "4 with 90 to 100" in say_scores(BOARD.by_score)


def test_scores_of_a_grade_share_a_colour_and_grades_do_not():
    colours = list(score_bars(BOARD.by_score).data[0].marker.color)
    assert len({*colours[:4]}) == len({*colours[4:7]}) == len({*colours[7:]}) == 1
    assert len({*colours}) == 3


def test_the_title_of_the_scores_says_how_many_domains_are_well_set_up():
    assert score_bars(BOARD.by_score).layout.title.text == "10 of 50 domains score 70 or more"
    assert say_scores({}) == "No domain has a score yet."


def test_spf_records_are_drawn_the_best_first_by_their_names():
    bars = SPF.draw(BOARD.by_spf).data[0]
    assert list(bars.y) == ["Strict (-all)", "Soft (~all)", "No record", "Not known"]
    assert list(bars.x) == [10, 20, 15, 5]
    assert bars.text[0] == "10  (20.0 %)"


def test_the_title_of_spf_counts_the_domains_that_its_bars_count():
    said = "SPF: 30 of 50 limit who may send for them. Counted: 50 domains whose SPF was looked up. Strict"
    assert SPF.say(BOARD.by_spf).startswith(said)


def test_dmarc_policies_are_drawn_the_strictest_first():
    bars = DMARC.draw(BOARD.by_dmarc).data[0]
    assert list(bars.y) == ["Reject", "Quarantine", "No policy"]
    assert DMARC.say(BOARD.by_dmarc) == (
        "DMARC: 10 of 50 keep forged mail out. Counted: 50 domains whose DMARC is known. "
        "Reject 8; Quarantine 2; No policy 40."
    )


@pytest.mark.parametrize("state", list(SpfState))
def test_every_state_of_spf_can_be_drawn_and_said(state):
    assert SPF.draw({state: 2}).data[0].y[0] == SPF_STATES[state].name
    assert f"{SPF_STATES[state].name} 2" in SPF.say({state: 2})


@pytest.mark.parametrize("state", list(DmarcState))
def test_every_state_of_dmarc_can_be_drawn_and_said(state):
    assert DMARC.draw({state: 2}).data[0].y[0] == DMARC_STATES[state].name
    assert f"{DMARC_STATES[state].name} 2" in DMARC.say({state: 2})


def test_safeguards_are_drawn_as_parts_of_what_is_known():
    bars = presence_bars(BOARD).data[0]
    assert list(bars.x) == [75, 2, 0, 0]
    assert list(bars.text) == ["30 of 40 known", "1 of 50 known", "0 of 50 known", "not known"]
    assert say_presence(BOARD).startswith(
        "30 of 40 domains asked offer encryption. Counted: of each, the domains of which it is known. "
        "Encryption 30 of 40 known"
    )


def test_nothing_is_said_of_encryption_where_nobody_was_asked():
    unasked = replace(BOARD, encryption=Share(0, 0))
    assert presence_bars(unasked).layout.title.text == "Encryption of mail to them is not known yet"


def test_each_chart_of_domains_says_below_its_finding_which_domains_it_counts():
    board = [score_bars(BOARD.by_score), SPF.draw(BOARD.by_spf), DMARC.draw(BOARD.by_dmarc)]
    for figure in (*board, presence_bars(BOARD), provider_bars({"google": 3}), kind_bars({"google": 3})):
        assert re.match(r"Counted: .*domains?\b", figure.layout.title.subtitle.text)
        assert len(figure.layout.title.subtitle.text) <= 55, "a phone cuts a longer line"


@pytest.mark.parametrize(
    "figure",
    [score_bars({}), SPF.draw({}), DMARC.draw({}), presence_bars(EMPTY)],
    ids=["scores", "spf", "dmarc", "safeguards"],
)
def test_a_chart_of_nothing_is_still_a_chart(figure):
    assert figure.layout.title.text
    assert figure.layout.paper_bgcolor == "rgba(0,0,0,0)"
