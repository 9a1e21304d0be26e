"""What every screen stands in: its head, the ways to others, what the engine says, foreign texts as such."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

import streamlit as st

import runtime as house
from engine.work_queue import Notice
from pages.parts.counting import count
from pages.parts.words import FIGURES, NO_ENGINE, NOTICES, OUR_SIDE
from runtime import NotRunning, Runtime
from storage.lease import engine_holder

_PAGES = Path(__file__).resolve().parent.parent
LISTS = str(_PAGES / "lists.py")
NEW_LIST = str(_PAGES / "new_list.py")
RESULTS = str(_PAGES / "results.py")
DOMAINS = str(_PAGES / "domains.py")
EXPORT = str(_PAGES / "export.py")
NEVER_ASKED = str(_PAGES / "never_asked.py")
PREFLIGHT = str(_PAGES / "preflight.py")
PACE = str(_PAGES / "pace.py")
POLICIES = str(_PAGES / "policies.py")
COMPARE = str(_PAGES / "compare.py")
CHECK_ONE = str(_PAGES / "check_one.py")
HELP = str(_PAGES / "help.py")
"""The screens, as `link` and `go` take them."""

SCREENS = (
    LISTS,
    NEW_LIST,
    CHECK_ONE,
    RESULTS,
    DOMAINS,
    EXPORT,
    POLICIES,
    NEVER_ASKED,
    PREFLIGHT,
    PACE,
    HELP,
    COMPARE,
)
"""All of them, for a navigation: a link leads nowhere else."""

_MARK = str(_PAGES / "parts" / "mark.svg")
_WORDMARK = str(_PAGES / "parts" / "wordmark.svg")
_DEMO = "Demo in a made-up mail world on this machine: nothing leaves it, and all of it is gone when it ends."
_STYLE = (
    "<style>[data-testid='stMainBlockContainer'] {max-width: 72rem; padding-top: 4.5rem}"
    "[data-testid='stElementToolbarButton']:has([aria-label^='Download']),"
    "[data-testid='stElementToolbarButton']:has([aria-label^='Search']) {display: none}"
    "[data-testid='stTable'] code {white-space: normal; overflow-wrap: anywhere}"
    "[data-testid='stLayoutWrapper']:has(> [class*='st-key-at-hand']) {position: sticky; bottom: 0;"
    " z-index: 9; padding: .75rem 0; background: light-dark(#fdfcf9, #1a1815);"
    " border-top: 1px solid light-dark(#e2dbcb, #3d382f)}"
    "[data-testid='stMain']:has([class*='st-key-at-hand']) {scroll-padding-bottom: 8rem}"
    "[data-testid='stCode'] pre {padding-right: 3.5rem}"
    "@media (hover: none) {[data-testid='stCode'] > div, [data-testid='stCode'] > div > div"
    " {opacity: 1 !important; visibility: visible !important}}"
    ".st-key-order button {min-height: 2.5rem}"
    "[data-testid='stMetricValue'], [data-testid='stTable'] {font-variant-numeric: tabular-nums}"
    "[data-testid='stPlotlyChart'] :is(.xtick, .ytick, .bars, .legend, .infolayer) text"
    " {fill: currentColor !important}"
    ":is([data-testid^='stBase'][data-testid*='primary']:not(:disabled), [aria-label='Selected values'] *)"
    " {color: light-dark(#fff, #10241e)}</style>"
)
"""A table on a page is only a part of a list, so it offers no file and no search of its own; long code in it
breaks, for phones. What is to be at hand stays at the lower edge of the window. No text lies under the sign
that copies it, and where no mouse can hover that is always seen. Figures stand below each other, and words of
charts are as dark as all others. Main buttons and what is chosen are light in the dark theme, so what stands
on them is dark there. The choice of an order is as high as the field that it stands beside."""

_ADDRESS = re.compile(r"(\S*@\S*\w)(\W*)")
_MARKDOWN_SIGNS = re.compile(r"[\\`*_{}\[\]()#+\-.!|~$:<>&]")


def enter(title: str, *, shows_ways_on: bool = True) -> Runtime:
    """Guard and head a page: its title, and what the engine has to say. Every page begins with this.

    Where Preflight tells more of what the engine says, ways on are shown, but not on Preflight itself.
    """
    dress()
    st.set_page_config(page_title=f"{title} · Winnow")
    try:
        runtime = house.current()
    except NotRunning:
        st.error("Winnow is not open yet. Wait a moment, then load the page again.")
        st.stop()
    if runtime.sample:
        st.caption(f":material/science: {_DEMO}")
    st.title(title, anchor=False)
    with st.container():  # it comes and goes: what is below stays where it stands
        _show_notice(runtime, shows_ways_on=shows_ways_on)
    return runtime


def dress() -> None:
    """Give the window its mark and measures; without our mark browsers fetch one from elsewhere."""
    st.set_page_config(page_title="Winnow", page_icon=_MARK, layout="wide")
    st.logo(_WORDMARK, size="large", icon_image=_MARK)
    st.html(_STYLE)


def notice_of(runtime: Runtime) -> Notice | None:
    """Give what the engine has to say of itself; None where no engine holds the database."""
    holder = engine_holder(runtime.database)
    return holder.notice if holder else None


def _show_notice(runtime: Runtime, *, shows_ways_on: bool) -> None:
    """Show what keeps the engine from its work, and where to go; nothing where it works, or is about to."""
    notice = notice_of(runtime)
    said = NOTICES[notice] if notice else _NO_ENGINE[runtime.engine.is_alive]
    if said:
        st.warning(f"{OUR_SIDE}{said}" if notice in _ABOUT_THIS_MACHINE else said, icon=":material/info:")
    if shows_ways_on and notice in _ABOUT_THIS_MACHINE:
        _show_ways_on(is_port_closed=notice is Notice.PORT_CLOSED)


_NO_ENGINE = {True: "", False: NO_ENGINE}
"""What is said where no engine holds the database, by whether ours is about to."""


def _show_ways_on(*, is_port_closed: bool) -> None:
    with st.container(horizontal=True, gap="medium"):
        link_to_preflight()
        if is_port_closed:
            offer_dns_only()


_ABOUT_THIS_MACHINE = (Notice.PORT_CLOSED, Notice.NO_IDENTITY, Notice.BLOCKED)
"""What the engine says that Preflight tells more of."""


def link_to_preflight() -> None:
    """Show the way to what hosts see of this machine."""
    link(PREFLIGHT, "See how this machine stands", ":material/flight_takeoff:")


def offer_dns_only() -> None:
    """Show the way to a check that asks no mail host, for while none can be reached."""
    link(NEW_LIST, "Check a list by DNS only", ":material/dns:", dns_only="1")


def link(screen: str, label: str, icon: str, upload: int | None = None, **asked: str) -> None:
    """Show a link to another screen, to a list there, and with what else is `asked` of it."""
    st.page_link(screen, label=label, icon=icon, query_params=_query(upload) | asked)


def go(screen: str, upload: int | None = None, **asked: str) -> NoReturn:
    """Leave for another screen, for a list there, and with what else is `asked` of it."""
    st.switch_page(screen, query_params=_query(upload) | asked)


def link_to_help(about: str, label: str) -> None:
    """Show the way to a topic of the Help page, by its name there, where a doubt arises."""
    link(HELP, label, ":material/help:", about=about)


def _query(upload: int | None) -> dict[str, str]:
    return {} if upload is None else {"list": str(upload)}


def plain(text: str) -> str:
    """Write a foreign text so that Markdown shows it as it stands."""
    return _MARKDOWN_SIGNS.sub(r"\\\g<0>", " ".join(text.split()))


def prose(text: str) -> str:
    """Write a sentence so that Markdown shows it as it stands, its addresses as code: none becomes a link."""
    return " ".join(map(_word, text.split()))


def _word(word: str) -> str:
    found = _ADDRESS.fullmatch(word)
    return f"{verbatim(found[1])}{plain(found[2])}" if found else plain(word)


def verbatim(text: str) -> str:
    """Write a foreign text as code, so that Markdown shows it as it stands and makes no link of it."""
    words = text.replace("`", "'").split()
    return f"`{' '.join(words)}`" if words else ""


def figures(named: Mapping[str, int | str]) -> None:
    """Show named numbers side by side; on a narrow screen they go on below."""
    with st.container(horizontal=True, gap="medium"):
        for name, number in named.items():
            shown = number if isinstance(number, str) else count(number)
            st.metric(name, shown, width="content", help=FIGURES.get(name))
