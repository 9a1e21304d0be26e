"""Deletes lists, and brings them back: the bar that offers it at once, and the section that does for days."""

from dataclasses import dataclass
from typing import NoReturn

import streamlit as st

from pages.parts.choice import list_name
from pages.parts.clock import day_and_time
from pages.parts.consent import is_agreed
from pages.parts.counting import several
from pages.parts.frame import plain
from pages.parts.question import Question
from pages.parts.undoing import Undo, undo_bar
from runtime import Runtime
from storage.deletion import KEPT_S, Deleted, delete_for_good, deleted_lists, restore_list
from storage.summaries import Standing
from storage.uploads import UploadState

MOST_SHOWN = 50
_DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class Gone:
    """A list that was deleted just now, and its name."""

    upload: int
    name: str


_RUNNING: Question[Standing] = Question("deletion asked")
_FOR_GOOD: Question[Deleted] = Question("for good asked")
_UNDO: Undo[Gone] = Undo("deleted just now")


def delete(runtime: Runtime, standing: Standing) -> NoReturn:
    """Delete a list at once; where it runs, ask first. Then the whole page is drawn anew."""
    if standing.state is UploadState.RUNNING:
        _RUNNING.ask(standing)
    _delete(runtime, standing)


def _delete(runtime: Runtime, standing: Standing) -> NoReturn:
    with st.spinner("Deleting …"):
        runtime.delete_upload(standing.upload)
    _UNDO.offer(Gone(standing.upload, list_name(standing)))
    st.rerun()


def show_deleting(runtime: Runtime) -> bool:
    """Show the question where one was asked, and tell whether it is open."""
    return _RUNNING.show(lambda standing: _ask_of_running(runtime, standing)) or _FOR_GOOD.show(
        lambda deleted: _ask_for_good(runtime, deleted)
    )


@st.dialog("Stop and delete this list?", on_dismiss=_RUNNING.answered)
def _ask_of_running(runtime: Runtime, standing: Standing) -> None:
    st.write(
        f"**{plain(list_name(standing))}** is being checked. Deleting it stops the check. You can bring the"
        f" list back for {_days()}; it then comes back paused, with the answers it has so far."
    )
    if is_agreed("Stop and delete", "Keep it", _RUNNING.answered, ":material/delete:"):
        _delete(runtime, standing)


@st.dialog("Delete for good?", on_dismiss=_FOR_GOOD.answered)
def _ask_for_good(runtime: Runtime, deleted: Deleted) -> None:
    st.write(
        f"**{plain(deleted.name)}** goes now, with every address and answer that no other list holds."
        " This cannot be taken back."
    )
    if is_agreed("Delete for good", "Keep it", _FOR_GOOD.answered, ":material/delete_forever:"):
        delete_for_good(runtime.database, deleted.upload)
        st.rerun()


def _days() -> str:
    return several(round(KEPT_S / _DAY_S), "day")


def undo_deleting(runtime: Runtime) -> None:
    """Offer for a while to take the last deletion back; the section below the lists does so for longer."""
    undo_bar(_UNDO, lambda gone: f"Deleted {plain(gone.name)}.", lambda gone: _restore(runtime, gone))


def _restore(runtime: Runtime, gone: Gone) -> NoReturn:
    """Bring a list back, and have that said when the whole page was drawn anew."""
    state = restore_list(runtime.database, gone.upload)
    if _UNDO.offered == gone:
        _UNDO.forget()
    _UNDO.say(_brought_back(gone.name, state))


def _brought_back(name: str, state: UploadState | None) -> str:
    if state is None:
        return f"{plain(name)} was deleted too long ago to come back"
    how = ". Nobody of it is asked until you open it and go on" if state is UploadState.PAUSED else ""
    return f"{plain(name)} is back{how}"


def recently_deleted(runtime: Runtime) -> None:
    """Show the lists that can still be brought back; nothing where there is none."""
    found = deleted_lists(runtime.database)
    if not found:
        return
    with st.expander(f"Recently deleted ({len(found)})", key="recently-deleted"):
        st.caption(f"A deleted list is kept for {_days()}, then it goes with everything found for it alone.")
        for deleted in found[:MOST_SHOWN]:
            _show(runtime, deleted)


def _show(runtime: Runtime, deleted: Deleted) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(
            f"**{plain(deleted.name)}**  \n:small[{several(deleted.rows, 'row')} · deleted"
            f" {day_and_time(deleted.deleted_at)} · kept until {day_and_time(deleted.gone_at)}]",
            width="content",
        )
        with st.container(horizontal=True, width="content"):
            if st.button("Bring back", icon=":material/undo:", key=f"restore-{deleted.upload}"):
                _restore(runtime, Gone(deleted.upload, deleted.name))
            if st.button(
                "Delete for good",
                icon=":material/delete_forever:",
                key=f"gone-{deleted.upload}",
                type="tertiary",
            ):
                _FOR_GOOD.ask(deleted)
