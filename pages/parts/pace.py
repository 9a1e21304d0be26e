"""What the engine is doing now: its sessions, whom it asks, and what waits. It looks again by itself."""

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from engine.batch import Pause
from engine.snapshot import Snapshot
from pages.parts.frame import LISTS, NEW_LIST, figures, link, link_to_preflight
from pages.parts.lanes import lane_rows, more_lanes, of
from pages.parts.pace_words import (
    MEANINGS,
    NOTHING_ASKED,
    headline,
    say_domains,
    say_lag,
    say_paused,
    say_silence,
)
from pages.parts.pauses import say_pauses, say_unanswering
from pages.parts.progress import put_off_line
from runtime import Runtime
from storage.database import Database
from storage.deferred import Deferred, deferred_everywhere
from storage.pace import Backlog, Heard, backlog, heard_of_engine
from storage.pauses import pauses

REFRESH_S = 3
FIRST_LANES = 8


@dataclass(frozen=True, slots=True)
class Seen:
    """All that the page shows, as it stands in the rows at one moment."""

    heard: Heard | None
    backlog: Backlog
    deferred: tuple[Deferred, ...]
    pauses: tuple[Pause, ...]

    @property
    def snapshot(self) -> Snapshot:
        """What the engine was doing when it was last heard of; nothing where it has not said."""
        return (self.heard and self.heard.snapshot) or Snapshot()

    @property
    def is_live(self) -> bool:
        """Whether there is work."""
        return bool(self.backlog.waiting or self.snapshot.pace.sessions)


def look(database: Database) -> Seen:
    """Read what there is to show."""
    return Seen(heard_of_engine(database), backlog(database), deferred_everywhere(database), pauses(database))


def pace(runtime: Runtime) -> None:
    """Show what is going on, again every few seconds: a list may begin while the page stands open."""
    st.fragment(_pace, run_every=REFRESH_S)(runtime)


def _pace(runtime: Runtime) -> None:
    seen = look(runtime.database)
    st.header(headline(seen.heard, seen.backlog), anchor=False)
    if silence := say_silence(seen.heard):
        st.warning(silence, icon=":material/hearing_disabled:")
    if not seen.is_live:
        _show_nothing(seen.backlog.paused_lists)
        return
    _show_figures(seen)
    _show_pauses(seen)
    _show_lanes(seen.snapshot)
    _show_waiting(seen)
    _show_meanings()


def _show_nothing(paused_lists: int) -> None:
    st.write(NOTHING_ASKED)
    if paused_lists:
        st.info(say_paused(paused_lists), icon=":material/pause_circle:")
    with st.container(horizontal=True, gap="medium"):
        link(NEW_LIST, "New list", ":material/add:")
        link(LISTS, "All lists", ":material/checklist:")


def _show_figures(seen: Seen) -> None:
    pace = seen.snapshot.pace
    put_off = sum(each.count for each in seen.deferred)
    figures(
        {
            "Sessions open": of(pace.sessions, pace.sessions_limit or None),
            "Addresses to ask now": max(seen.backlog.waiting - put_off, 0),
            "Put off till later": put_off,
        }
    )
    if said := say_lag(seen.snapshot):
        st.caption(said)


def _show_pauses(seen: Seen) -> None:
    if said := say_pauses(seen.pauses):
        st.warning(said, icon=":material/front_hand:")
        link_to_preflight()
    if said := say_unanswering(seen.pauses):
        st.info(said, icon=":material/phone_missed:")


def _show_lanes(snapshot: Snapshot) -> None:
    st.subheader("Who is asked", anchor=False)
    rows = pd.DataFrame(lane_rows(snapshot))
    if rows.empty:
        st.write("No mail host is asked this moment.")
        return
    st.table(rows.head(FIRST_LANES), border="horizontal", hide_index=True)
    if said := more_lanes(len(rows) - FIRST_LANES, snapshot.lanes_left_out):
        with st.expander(said, key="more mail hosts"):
            st.table(rows.iloc[FIRST_LANES:], border="horizontal", hide_index=True)


def _show_waiting(seen: Seen) -> None:
    lines = [*say_domains(seen.snapshot.pace), *(put_off_line(each) for each in seen.deferred)]
    if paused_lists := seen.backlog.paused_lists:
        lines.append(say_paused(paused_lists))
    if lines:
        st.subheader("What waits", anchor=False)
        st.markdown("\n".join(f"- {line}" for line in lines))


def _show_meanings() -> None:
    with st.expander("What these words mean", key="meanings"):
        st.markdown("\n".join(f"- **{each.name}**: {each.advice}" for each in MEANINGS))
