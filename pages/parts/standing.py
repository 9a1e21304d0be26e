"""Shows what Preflight found: a light, a sentence and what to do, for each thing looked at."""

import asyncio
import time
from dataclasses import dataclass
from typing import Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from engine.preflight.line import Light, Line, Preflight
from engine.preflight.run import run_preflight
from engine.work_queue import Notice
from pages.parts.clock import when
from pages.parts.counting import several
from pages.parts.frame import plain
from pages.parts.pauses import say_pauses
from pages.parts.words import CHECKS
from runtime import Runtime
from storage.database import Database
from storage.lease import engine_holder
from storage.pauses import pauses

_FOUND = "preflight found"
_TICK_S = 0.25


@dataclass(frozen=True, slots=True)
class Lamp:
    """How a light looks: never by its colour alone."""

    icon: str
    colour: Literal["green", "orange", "red"]
    word: str


LAMPS = {
    Light.GREEN: Lamp(":material/check_circle:", "green", "In order"),
    Light.AMBER: Lamp(":material/warning:", "orange", "Worth a look"),
    Light.RED: Lamp(":material/error:", "red", "Mend this first"),
}


def look(runtime: Runtime) -> Preflight:
    """Look how we stand, once a visit and again when asked to; say when that was.

    It takes as long as the slowest host is waited for, and ends with the visitor's leaving.
    """
    is_again_wanted = st.button("Look again", icon=":material/refresh:")
    if is_again_wanted or _FOUND not in st.session_state:
        _look(runtime)
    kept: tuple[Preflight, float] = st.session_state[_FOUND]
    found, looked_at = kept
    st.caption(f"Looked at {when(looked_at)}. No mailbox was asked about.")
    return found


def _look(runtime: Runtime) -> None:
    with st.spinner("Asking the DNS and greeting a few mail hosts …"):
        found = asyncio.run(_looked(runtime, st.empty()))
    st.session_state[_FOUND] = (found, time.time())


async def _looked(runtime: Runtime, place: DeltaGenerator) -> Preflight:
    """Run the checks; each tick says how long it has taken, and is where a visitor who left ends it."""
    looking = asyncio.ensure_future(run_preflight(runtime.settings, runtime.landmarks))
    began_at = time.monotonic()
    while not looking.done():
        place.caption(f"{time.monotonic() - began_at:.0f} s so far; a host that stays silent takes longest.")
        await asyncio.wait({looking}, timeout=_TICK_S)
    place.empty()
    return looking.result()


def say_refusals(database: Database) -> str:
    """Say which hosts refuse us just now; `""` where none does, or all do and the page says so already."""
    holder = engine_holder(database)
    if holder is not None and holder.notice is Notice.BLOCKED:
        return ""
    return say_pauses([each for each in pauses(database) if not each.is_final])


def standing_headline(found: Preflight, refused: str = "") -> str:
    """Say the one thing about how we stand: what must be mended, what is worth a look, or who refuses us."""
    red, amber = (sum(line.light is light for line in found.lines) for light in (Light.RED, Light.AMBER))
    parts = [f"{several(red, 'thing')} to mend first"] if red else []
    if amber:
        parts.append(f"{several(amber, 'thing')} worth a look")
    in_order = "Nothing to mend was found, yet we are refused" if refused else _IN_ORDER
    return "; ".join(parts) or in_order


_IN_ORDER = "Nothing to mend was found on this machine"


def show(found: Preflight) -> None:
    """Show all lines, those first that need something done."""
    lights = list(Light)
    for line in sorted(found.lines, key=lambda line: -lights.index(line.light)):
        with st.container(border=True):
            _show_line(line)


def _show_line(line: Line) -> None:
    lamp, saying = LAMPS[line.light], CHECKS[line.check]
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f"**{saying.name}**", width="content")
        st.badge(lamp.word, icon=lamp.icon, color=lamp.colour)
    st.markdown(plain(line.finding))
    if line.advice:
        st.markdown(f"**What to do:** {plain(line.advice)}")
    st.caption(saying.advice)
