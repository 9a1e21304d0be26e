"""What puts addresses at stake, a line each, the most first; a click filters the table, and advises."""

from functools import partial

import pandas as pd
import streamlit as st

from engine.shown_domain import readable
from pages.parts.asked_domains import domains_at_stake
from pages.parts.bars import share
from pages.parts.cards import LIVE
from pages.parts.clicks import go_there
from pages.parts.colours import BAD, FAIR, NOTHING, WEAK
from pages.parts.counting import count, several
from pages.parts.frame import link_to_preflight, plain, verbatim
from pages.parts.kept import kept_stakes
from pages.parts.reasons import REASONS
from pages.parts.stake_policy import policy_sentence
from pages.parts.words import TOMORROW, Saying
from storage.database import Database
from storage.policies import NamedPolicy, policy_of_list
from storage.sayings import HostSaying, sayings_of
from storage.stake import Stake
from storage.stakes import SAMPLED, StakeBoard, StakeLine
from storage.summaries import Standing

REFRESH_S = 5.0
_HOSTS_NAMED = 3
STAKES = {
    Stake.NO_SUCH_DOMAIN: Saying(
        "Dead: no such domain",
        "Look for typing errors in the names. Take all others off: mail to them comes back.",
    ),
    Stake.NULL_MX: Saying(
        "Says it takes no mail (null MX)",
        "The owner has switched mail off. Take these rows off, or ask the people for another address.",
    ),
    Stake.NO_MAIL_HOST: Saying(
        "No mail host",
        "The domain exists, but nothing takes mail for it. Look for typing errors; take the others off.",
    ),
    Stake.NOT_LOOKED_UP: Saying(
        "Could not be looked up",
        f"Its name servers did not answer, which says nothing of its mail. Keep these rows, and {TOMORROW}.",
    ),
    Stake.PARKED: Saying(
        "Parked: a domain without use",
        "A service for unused domains answers there. Hardly anybody reads that mail: leave these rows out.",
    ),
    Stake.ACCEPT_ALL: Saying(
        "Accepts everything",
        "Even made-up addresses are accepted, so nobody can tell. Send to those you know; try the others in"
        " small portions.",
    ),
    Stake.BLOCKED: Saying(
        "Refuses us",
        "This speaks of the machine that asks, not of your addresses: keep these rows. What each host said"
        " often names the block list or the rule that is in the way: have it lifted there. Preflight shows"
        " what can be seen of this machine from here. Then ask the unknown ones again on Results.",
    ),
    Stake.WAITING: Saying(
        "Puts us off (greylisting, or a limit)",
        "These hosts put strangers off, or take only so many questions at a time. While the list runs, Winnow"
        " comes back by itself; of a list that is done, ask the unknown ones again on Results.",
    ),
    Stake.UNREACHABLE: Saying(
        "Cannot be reached",
        "Nobody answered at the mail host. Keep these rows and ask again in some days; take them off if the"
        " host stays away.",
    ),
    Stake.DISPOSABLE: Saying(
        "Disposable: addresses made to be thrown away",
        "Mail arrives there for some minutes or days, and then nobody reads it: leave these rows out.",
    ),
    Stake.OTHER: Saying(
        "Other reasons",
        "Their hosts did not say whether these addresses exist: keep these rows. What each host said tells"
        " most. Ask the unknown ones again on Results; those that stay unknown are best tried in a small"
        " portion.",
    ),
}
"""What puts rows at stake, and what to do about it."""

GROUPS = {
    "Mail there comes back: take these off": (Stake.NO_SUCH_DOMAIN, Stake.NULL_MX, Stake.NO_MAIL_HOST),
    "Nobody could tell, or not yet: keep these": (
        Stake.ACCEPT_ALL,
        Stake.BLOCKED,
        Stake.WAITING,
        Stake.UNREACHABLE,
        Stake.NOT_LOOKED_UP,
    ),
    "Hardly anybody would read it: leave these out": (Stake.DISPOSABLE, Stake.PARKED),
    "Nobody could tell, for other reasons: keep these": (Stake.OTHER,),
}
"""What is to be done about rows at stake: each kind stands in one part."""

_COLOURS = {
    Stake.NO_SUCH_DOMAIN: BAD,
    Stake.NULL_MX: BAD,
    Stake.NO_MAIL_HOST: BAD,
    Stake.PARKED: WEAK,
    Stake.DISPOSABLE: WEAK,
    Stake.BLOCKED: WEAK,
    Stake.ACCEPT_ALL: FAIR,
}
_BAR = (
    "<div aria-hidden='true' style='height:6px;border-radius:3px;background:rgba(128,128,128,.18)'>"
    "<div style='width:{percent:.1f}%;min-width:4px;height:6px;border-radius:3px;background:{colour}'></div>"
    "</div>"
)
_ABOUT_HOSTS = (Stake.BLOCKED, Stake.WAITING, Stake.UNREACHABLE, Stake.OTHER)
"""The lines whose hosts have something to say."""


def stakes(database: Database, standing: Standing) -> None:
    """Show what puts a list's rows at stake, again and again while the list changes by itself."""
    refresh = REFRESH_S if standing.state in LIVE else None
    st.fragment(_stakes, run_every=refresh)(database, standing)


def _stakes(database: Database, standing: Standing) -> None:
    board, named = kept_stakes(database, standing), policy_of_list(database, standing.upload)
    st.subheader(stake_finding(board, standing.addresses), anchor=False)
    if len(board.lines) > 1:
        st.caption("In each part the most addresses first; each address is counted once.")
    for name, kinds in GROUPS.items():
        _show_group(name, [line for line in board.lines if line.stake in kinds], standing.addresses, named)
    go_there()


def _show_group(name: str, lines: list[StakeLine], addresses: int, named: NamedPolicy) -> None:
    """Show the lines that want the same done; nothing where there are none."""
    if not lines:
        return
    with st.container(border=True):
        st.markdown(f"**{name}**")
        for line in lines:
            _show_line(line, addresses, policy_sentence(line.stake, named))


def stake_finding(board: StakeBoard, addresses: int) -> str:
    """Say how much of a list is at domains with something wrong."""
    if not board.lines:
        return "No domain looked up so far puts an address at stake"
    verb = "stands" if board.rows == 1 else "stand"
    return (
        f"{count(board.rows)} of {several(addresses, 'address', 'addresses')} {verb} at domains in question"
    )


def _show_line(line: StakeLine, addresses: int, judged: str) -> None:
    name = STAKES[line.stake].name
    percent = 100 * line.rows / max(addresses, 1)
    with st.container(gap="xxsmall", key=f"stake-{line.stake}"):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.markdown(name, width="content")
            st.button(
                several(len(line.domains), "domain"),
                key=f"show {line.stake}",
                icon=":material/filter_alt:",
                type="tertiary",
                help=f"Show the domains of this line: {name}",
                on_click=partial(domains_at_stake, name, line),
            )
        st.html(_BAR.format(percent=percent, colour=_COLOURS.get(line.stake, NOTHING)))
        st.caption(stake_words(line, addresses))
        if line.reasons:
            st.caption(reasons_sentence(line))
        if judged:
            st.caption(judged)


def stake_words(line: StakeLine, addresses: int) -> str:
    """Say how many rows a line is about, and which domains are the largest."""
    named = ", ".join(f"{plain(readable(name))} ({count(rows)})" for name, rows in line.largest)
    more = len(line.domains) - len(line.largest)
    others = f" and {count(more)} more" if more > 0 else ""
    rows = several(line.rows, "address", "addresses")
    return f"{rows}, {share(line.rows, addresses)} of the list: {named}{others}"


def reasons_sentence(line: StakeLine) -> str:
    """Name the reasons of a line that has several, each with its addresses."""
    return f"{', '.join(f'{REASONS[why].name} ({count(rows)})' for why, rows in line.reasons)}."


def show_asked(database: Database, upload: int, line: StakeLine) -> None:
    """Say what to do about the line that was clicked, and what its hosts said."""
    with st.container(border=True, key="stake-asked"):
        st.markdown(f"**What to do.** {STAKES[line.stake].advice}")
        if judged := policy_sentence(line.stake, policy_of_list(database, upload)):
            st.markdown(judged)
        if line.stake is Stake.BLOCKED:
            link_to_preflight()
        if line.stake in _ABOUT_HOSTS:
            _show_sayings(sayings_of(database, line.domains, line.samples), len(line.domains))


def _show_sayings(said: list[HostSaying], domains: int) -> None:
    st.markdown("**What their hosts said**")
    st.table(sayings_table(said), border="horizontal", hide_index=True)
    if domains > SAMPLED:
        st.caption(f"From the {count(SAMPLED)} domains with the most addresses.")


def sayings_table(said: list[HostSaying]) -> pd.DataFrame:
    """Write what hosts said as rows of Markdown: their words, below them who they are, for how many domains.

    Words and names share a column: on a phone there is no room for two.
    """
    return pd.DataFrame(
        {
            "In their words": [f"{verbatim(each.text) or 'Nothing'}  \n{_hosts(each)}" for each in said],
            "Domains": [count(each.domains) for each in said],
        }
    )


def _hosts(said: HostSaying) -> str:
    named = ", ".join(plain(readable(host)) for host in said.hosts[:_HOSTS_NAMED])
    more = len(said.hosts) - _HOSTS_NAMED
    return f"{named} and {count(more)} more" if more > 0 else named
