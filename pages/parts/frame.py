"""What every screen stands in: its head, the way to others, the chosen list, times and numbers in words."""

import re
import time
from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import NoReturn
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

import runtime as house
from engine.work_queue import Notice
from pages.parts.words import NO_ENGINE, NOTICES
from runtime import NotRunning, Runtime
from storage.summaries import Standing, Summary, engine_holder, standings, summarise

_PAGES = Path(__file__).resolve().parent.parent
LISTS = str(_PAGES / "lists.py")
NEW_LIST = str(_PAGES / "new_list.py")
RESULTS = str(_PAGES / "results.py")
DOMAINS = str(_PAGES / "domains.py")
EXPORT = str(_PAGES / "export.py")
PREFLIGHT = str(_PAGES / "preflight.py")
PACE = str(_PAGES / "pace.py")
"""The screens, as `link` and `go` take them."""

_MARK = str(_PAGES / "parts" / "mark.svg")
_WORDMARK = str(_PAGES / "parts" / "wordmark.svg")
_DEMO = "Demo in a made-up mail world on this machine: nothing leaves it, and nothing is kept."
_STYLE = (
    "<style>[data-testid='stMainBlockContainer'] {max-width: 72rem; padding-top: 4.5rem}"
    "[data-testid='stElementToolbarButton']:has([aria-label^='Download']),"
    "[data-testid='stElementToolbarButton']:has([aria-label^='Search']) {display: none}"
    "[data-testid='stTable'] code {white-space: normal; overflow-wrap: anywhere}</style>"
)
"""A table on a page is only a part of a list, so it offers no file and no search of its own; long code in it
breaks, for phones."""

_PICKER = "list picker"
_SEEN_LAST = "list seen last"
_MARKDOWN_SIGNS = re.compile(r"[\\`*_{}\[\]()#+\-.!|~$:<>&]")
_MINUTE_S = 60
_HOUR_S = 3600


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
        st.warning(said, icon=":material/info:")
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


def _query(upload: int | None) -> dict[str, str]:
    return {} if upload is None else {"list": str(upload)}


def chosen_list(runtime: Runtime) -> Summary | None:
    """Show the list picker and give the chosen list's figures; without any list, show the way to a new one.

    The choice stands in the address (`?list=ID`); without one there it is the list seen last, or the newest.
    Where the address names a list that is not there, nothing is shown but the lists there are.
    """
    known = {standing.upload: standing for standing in standings(runtime.database)}
    if not known:
        st.write("There is no list yet.")
        link(NEW_LIST, "New list", ":material/add:")
        return None
    chosen = _asked_for(list(known))
    if chosen is None:
        st.warning("There is no such list. Choose one of yours.", icon=":material/search_off:")
    st.session_state[_PICKER] = chosen
    st.selectbox(
        "List",
        list(known),
        index=None if chosen is None else 0,
        format_func=lambda upload: _line(known[upload]) if upload in known else "",
        key=_PICKER,
        on_change=_remember_pick,
        placeholder="Choose a list",
    )
    if chosen is None:
        link(LISTS, "All lists", ":material/checklist:")
        return None
    _remember(chosen)
    return summarise(runtime.database, chosen)


def _asked_for(uploads: list[int]) -> int | None:
    """Tell which list is asked for: by the address, by what was seen last, or else the newest."""
    asked = st.query_params.get("list", "")
    if asked:
        return next((upload for upload in uploads if str(upload) == asked), None)
    seen: int = st.session_state.get(_SEEN_LAST, uploads[0])
    return seen if seen in uploads else uploads[0]


def _remember(upload: int) -> None:
    st.session_state[_SEEN_LAST] = upload
    if st.query_params.get("list") != str(upload):
        st.query_params["list"] = str(upload)


def _remember_pick() -> None:
    if (picked := st.session_state[_PICKER]) is not None:
        _remember(picked)


def _line(standing: Standing) -> str:
    parts = [list_name(standing), day_and_time(standing.created_at), several(standing.rows, "row")]
    return ", ".join(parts)


def list_name(standing: Standing) -> str:
    """Name a list so that no two look alike: its sheet, and which check of the same list it is."""
    sheet = f" ({standing.sheet_name})" if standing.sheet_name else ""
    return ", ".join(part for part in (standing.name + sheet, check_name(standing)) if part)


def check_name(standing: Standing) -> str:
    """Say which check of the same list it is, "second check"; nothing of the first one."""
    if standing.check == 1:
        return ""
    ordinal = _ORDINALS.get(standing.check)
    return f"{ordinal} check" if ordinal else f"check no. {standing.check}"


_ORDINALS = {2: "second", 3: "third", 4: "fourth", 5: "fifth", 6: "sixth"}


def count(number: int) -> str:
    """Write a number with thousands separators."""
    return f"{number:,}"


def several(number: int, one: str, many: str = "") -> str:
    """Write a number with the word for what is counted: "1 row", "4,980 addresses"."""
    return f"{count(number)} {one if number == 1 else many or one + 's'}"


def holdings(rows: int, addresses: int, empty: int) -> str:
    """Say what a list holds, in the same words wherever it is counted."""
    parts = [several(rows, "row"), several(addresses, "address", "addresses")]
    if empty:
        parts.append(f"{several(empty, 'row')} without an address")
    return " · ".join(parts)


def held(standing: Standing) -> str:
    """Say what a kept list holds."""
    return holdings(standing.rows, standing.addresses, standing.empty)


def plain(text: str) -> str:
    """Write a foreign text so that Markdown shows it as it stands."""
    return _MARKDOWN_SIGNS.sub(r"\\\g<0>", " ".join(text.split()))


def verbatim(text: str) -> str:
    """Write a foreign text as code, so that Markdown shows it as it stands and makes no link of it."""
    words = text.replace("`", "'").split()
    return f"`{' '.join(words)}`" if words else ""


def figures(named: Mapping[str, int | str]) -> None:
    """Show named numbers side by side; on a narrow screen they go on below."""
    with st.container(horizontal=True, gap="medium"):
        for name, number in named.items():
            st.metric(name, number if isinstance(number, str) else count(number), width="content")


def when(seconds: float, now: float | None = None, zone: tzinfo | None = None) -> str:
    """Say a Unix time as people do, on the visitor's clock: "today 14:05", "in about 4 minutes"."""
    now = time.time() if now is None else now
    ahead = seconds - now
    if abs(ahead) < _MINUTE_S:
        return "in less than a minute" if ahead > 0 else "just now"
    if 0 < ahead < _HOUR_S:
        minutes = round(ahead / _MINUTE_S)
        return f"in about {minutes} minute{'' if minutes == 1 else 's'}"
    return day_and_time(seconds, now, zone)


def day_and_time(seconds: float, now: float | None = None, zone: tzinfo | None = None) -> str:
    """Say a Unix time by the visitor's calendar and clock, however near it is: "today 14:05"."""
    zone = zone or _visitors_zone()
    now = time.time() if now is None else now
    return _date_and_time(datetime.fromtimestamp(seconds, zone), datetime.fromtimestamp(now, zone))


def today() -> date:
    """Give the day it is where the visitor is."""
    return datetime.now(_visitors_zone()).date()


_NEAR_DAYS = {-1: "yesterday", 0: "today", 1: "tomorrow"}


def _date_and_time(moment: datetime, now: datetime) -> str:
    day = _NEAR_DAYS.get((moment.date() - now.date()).days)
    if day is None:
        year = "" if moment.year == now.year else f" {moment.year}"
        day = f"{moment.day} {moment:%B}{year},"
    return f"{day} {moment:%H:%M}"


def _visitors_zone() -> tzinfo | None:
    """Give the browser's time zone; None, which is this machine's, where it names none we know."""
    try:
        return ZoneInfo(st.context.timezone or "")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
