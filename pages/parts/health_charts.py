"""The charts of how a list's domains are set up: counts in, a figure out, and beside it the same in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

import plotly.graph_objects as go

from engine.dmarc import DmarcState
from engine.spf import SpfState
from pages.parts.bars import Bar, drawn_bars, lying_bars, part_of, say_bars
from pages.parts.colours import BAD, FAIR, GOOD, NOTHING, WEAK
from pages.parts.counting import count, several
from pages.parts.tips import on_a_bar
from pages.parts.words import DMARC_STATES, SPF_STATES, Saying
from storage.domain_kinds import BIN, LAST_BIN
from storage.domains import Safeguard
from storage.health import HealthBoard, Share

State = TypeVar("State", SpfState, DmarcState)

WHOLE = 100.0
"""Percent."""

SOUND, MIDDLING = 70, 40
"""From these scores on a domain is well set up, or middling."""


def score_bars(by_score: Mapping[int, int]) -> go.Figure:
    """Draw how many domains have which health score, in bins of ten points."""
    starts = range(0, LAST_BIN + BIN, BIN)
    counts = [by_score.get(start, 0) for start in starts]
    bars = go.Bar(
        x=[_bin_name(start) for start in starts],
        y=counts,
        text=[count(number) if number else "" for number in counts],
        textposition="outside",
        cliponaxis=False,
        marker={"color": [_grade(start) for start in starts]},
        customdata=[[str(start)] for start in starts],
        hoverinfo="none",
    )
    layout = {
        "bargap": 0.15,
        "height": 300,
        "xaxis": {
            "title": {"text": "Health, of 100"},
            "type": "category",
            "showgrid": False,
            "tickangle": 0,
        },
        "yaxis": {"visible": False, "range": [0, max([*counts, 1]) * 1.2]},
    }
    return drawn_bars(bars, _score_finding(by_score), layout, _scored(by_score))


def _bin_name(start: int) -> str:
    return f"{start}+" if start == LAST_BIN else str(start)


def _grade(score: int) -> str:
    if score >= SOUND:
        return GOOD
    return WEAK if score >= MIDDLING else BAD


def say_scores(by_score: Mapping[int, int]) -> str:
    """Say what `score_bars` draws: the bins that hold anything."""
    parts = [
        f"{count(number)} with {start} to {100 if start == LAST_BIN else start + BIN - 1}"
        for start, number in sorted(by_score.items())
        if number
    ]
    return say_bars(_score_finding(by_score), parts, _scored(by_score))


def _scored(by_score: Mapping[int, int]) -> str:
    return _counted(sum(by_score.values()), "whose records were read")


def _counted(domains: int, which: str) -> str:
    """Say what a chart counts, below its finding; `""` where it counts nothing."""
    return f"Counted: {several(domains, 'domain')} {which}" if domains else ""


def _score_finding(by_score: Mapping[int, int]) -> str:
    scored = sum(by_score.values())
    if not scored:
        return "No domain has a score yet"
    sound = sum(number for start, number in by_score.items() if start >= SOUND)
    score = "scores" if 1 in (sound, scored) else "score"
    return f"{count(sound)} of {several(scored, 'domain')} {score} {SOUND} or more"


@dataclass(frozen=True, slots=True)
class StateChart(Generic[State]):
    """How domains stand in one matter: the states with their names and colours, and what is found of them.

    `finding` is a sentence with two numbers, how many are in one of the `sound` states and of how many;
    `which` says which domains those are.
    """

    finding: str
    names: Mapping[State, Saying]
    colours: Mapping[State, str]
    sound: frozenset[State]
    which: str

    def draw(self, counts: Mapping[State, int]) -> go.Figure:
        """Draw how many domains are in which state, the best on top."""
        whole = sum(counts.values())
        bars = [
            Bar(
                saying.name,
                counts[state],
                part_of(counts[state], whole),
                self.colours[state],
                (state,),
                on_a_bar(saying),
            )
            for state, saying in self._present(counts)
        ]
        return lying_bars(self._found(counts), bars, counted=_counted(whole, self.which))

    def say(self, counts: Mapping[State, int]) -> str:
        """Say what `draw` draws."""
        words = [f"{saying.name} {count(counts[state])}" for state, saying in self._present(counts)]
        return say_bars(self._found(counts), words, _counted(sum(counts.values()), self.which))

    def _present(self, counts: Mapping[State, int]) -> list[tuple[State, Saying]]:
        return [(state, saying) for state, saying in self.names.items() if counts.get(state)]

    def _found(self, counts: Mapping[State, int]) -> str:
        whole = sum(counts.values())
        sound = sum(counts.get(state, 0) for state in self.sound)
        return self.finding.format(count(sound), count(whole), "s" if 1 in (sound, whole) else "")


SPF = StateChart(
    "SPF: {} of {} limit{} who may send for them",
    SPF_STATES,
    {
        SpfState.FAIL: GOOD,
        SpfState.SOFTFAIL: FAIR,
        SpfState.NEUTRAL: WEAK,
        SpfState.PASS_ALL: BAD,
        SpfState.NONE: NOTHING,
        SpfState.PERMERROR: BAD,
        SpfState.TEMPERROR: NOTHING,
    },
    sound=frozenset({SpfState.FAIL, SpfState.SOFTFAIL}),
    which="whose SPF was looked up",
)
"""Which kind of SPF record domains have."""

DMARC = StateChart(
    "DMARC: {} of {} keep{} forged mail out",
    DMARC_STATES,
    {
        DmarcState.REJECT: GOOD,
        DmarcState.QUARANTINE: FAIR,
        DmarcState.MONITOR: WEAK,
        DmarcState.NONE: NOTHING,
        DmarcState.BROKEN: BAD,
    },
    sound=frozenset({DmarcState.QUARANTINE, DmarcState.REJECT}),
    which="whose DMARC is known",
)
"""Which DMARC policy domains have."""


def presence_bars(board: HealthBoard) -> go.Figure:
    """Draw what part of the domains have each further safeguard, of those of which it is known."""
    bars = [
        Bar(
            SAFEGUARDS[each].name,
            _percent(found),
            _of_known(found),
            opens=(each,),
            tip=on_a_bar(SAFEGUARDS[each]),
        )
        for each, found in _safeguards(board).items()
    ]
    return lying_bars(_presence_finding(board), bars, longest=WHOLE, counted=_OF_KNOWN)


def say_presence(board: HealthBoard) -> str:
    """Say what `presence_bars` draws."""
    parts = [f"{SAFEGUARDS[each].name} {_of_known(found)}" for each, found in _safeguards(board).items()]
    return say_bars(_presence_finding(board), parts, _OF_KNOWN)


_OF_KNOWN = "Counted: of each, the domains of which it is known"
SAFEGUARDS = {
    Safeguard.ENCRYPTION: Saying("Encryption", "Its mail host takes mail over an encrypted connection."),
    Safeguard.MTA_STS: Saying("MTA-STS", "It tells senders to deliver over an encrypted connection only."),
    Safeguard.TLS_RPT: Saying("TLS-RPT", "It asks to be told where an encrypted delivery failed."),
    Safeguard.BIMI: Saying("BIMI", "It names a logo that inboxes may show beside its mail."),
}
"""What a domain can have besides SPF and DMARC, and what that is for."""


def _safeguards(board: HealthBoard) -> dict[Safeguard, Share]:
    return {
        Safeguard.ENCRYPTION: board.encryption,
        Safeguard.MTA_STS: board.mta_sts,
        Safeguard.TLS_RPT: board.tls_rpt,
        Safeguard.BIMI: board.bimi,
    }


def _of_known(found: Share) -> str:
    return f"{count(found.having)} of {count(found.known)} known" if found.known else "not known"


def _percent(found: Share) -> float:
    return WHOLE * found.having / found.known if found.known else 0.0


def _presence_finding(board: HealthBoard) -> str:
    offered = board.encryption
    if not offered.known:
        return "Encryption of mail to them is not known yet"
    offer = "offers" if 1 in (offered.having, offered.known) else "offer"
    return f"{count(offered.having)} of {several(offered.known, 'domain')} asked {offer} encryption"
