"""The last single checks: which one is open, and how each ended."""

import streamlit as st

from pages.parts.clock import when
from pages.parts.frame import CHECK_ONE, go, plain
from pages.parts.outcome_words import verdict_name
from runtime import Runtime
from storage.singles import MOST_KEPT, Recent, is_single, recent_singles

_ASKED = "check"
"""Where the page's address names the check that is open."""


def opened_check(runtime: Runtime) -> int | None:
    """Give the check that the page's address names; say so where it is gone."""
    asked = st.query_params.get(_ASKED, "")
    if asked.isdecimal() and is_single(runtime.database, int(asked)):
        return int(asked)
    if asked:
        st.info("This check is not kept any more. Ask again above.", icon=":material/search_off:")
    return None


def recent_checks(runtime: Runtime, opened: int | None) -> None:
    """Show the last checks, each with a way back to it and one to forget it."""
    recent = recent_singles(runtime.database)
    if not recent:
        return
    st.html(_STYLE)
    st.subheader("Recent checks", anchor=False)
    st.caption(f"The last {MOST_KEPT} are kept on this machine. You may leave this page: a check goes on.")
    for each in recent:
        _show_line(runtime, each, is_opened=each.upload == opened)


def _show_line(runtime: Runtime, recent: Recent, *, is_opened: bool) -> None:
    with st.container(
        horizontal=True,
        vertical_alignment="center",
        horizontal_alignment="distribute",
        key=f"recent-{recent.upload}",
    ):
        with st.container(gap=None, width="stretch"):
            if st.button(
                plain(recent.line.asked), key=f"open-{recent.upload}", type="tertiary", icon=_ICONS[is_opened]
            ):
                go(CHECK_ONE, check=str(recent.upload))
            st.caption(say_recent(recent))
        if st.button(
            "Remove",
            key=f"remove-{recent.upload}",
            type="tertiary",
            icon=":material/delete:",
            help="Forgets this check. An address that stands on no list is forgotten with it.",
        ):
            runtime.remove_single(recent.upload)
            go(CHECK_ONE, **({} if is_opened else _query()))


def say_recent(recent: Recent) -> str:
    """Say how a check ended, and when its answer was really asked for."""
    verdict, at = verdict_name(recent.line), recent.line.checked_at
    if recent.is_reused and at:
        return f"{verdict} · an earlier answer, of {when(at)}"
    return f"{verdict} · {when(recent.asked_at)}"


_STYLE = "<style>[class*='st-key-open-'] button p {text-align: left}</style>"
"""A long address breaks into lines on a phone; they begin below each other."""
_ICONS = {True: ":material/arrow_right:", False: ":material/alternate_email:"}


def _query() -> dict[str, str]:
    return {_ASKED: st.query_params[_ASKED]} if _ASKED in st.query_params else {}
