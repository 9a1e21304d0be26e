"""A file that another process writes first: a button, then its progress, then the link that downloads it."""

import time
from dataclasses import dataclass

import streamlit as st

from pages.parts.tickets import LIFE_S, Download, Written, tickets
from storage.drafts import Draft, drafts
from storage.order import Order

_NAME, _ORDERED, _DOWNLOADED = "draft", "draft ordered", "draft downloaded"
_LINK = "link prepared"
_LOOK_S = 0.5
_FETCHED_S = 3.0
_GLANCE_S = 0.05


@dataclass(frozen=True, slots=True)
class Preparation:
    """What is to be prepared of a list: the order, the file's name, and what it is called on the screen.

    `as_of` says how the list stands: once it stands otherwise, what was prepared is out of date.
    """

    upload: int
    order: Order
    file_name: str
    called: str
    as_of: object = None

    @property
    def key(self) -> object:
        """What must be the same for a file that was prepared to be this one."""
        return self.order.kind, self.order.export, self.as_of


def prepare(database_url: str, wanted: Preparation) -> None:
    """Show how far a file is, and what there is to do about it."""
    draft = _draft_of(wanted)
    is_moving = draft is not None and not draft.has_failed
    every = (LIFE_S / 2 if draft and draft.is_whole else _LOOK_S) if is_moving else None
    st.fragment(_show, run_every=every)(database_url, wanted, shown=draft)


def _draft_of(wanted: Preparation) -> Draft | None:
    if st.session_state.get(_ORDERED) != wanted.key:
        return None
    return drafts.look(st.session_state[_NAME])


def _show(database_url: str, wanted: Preparation, shown: Draft | None) -> None:
    _note_fetched(wanted)
    draft = _draft_of(wanted)
    if _look_of(draft) != _look_of(shown):
        st.rerun()
    if draft is None:
        _offer(database_url, wanted, f"Prepare {wanted.called}")
        if st.session_state.get(_DOWNLOADED) == wanted.key:
            st.caption(f"You have downloaded {wanted.called}. To have it once more, prepare it again.")
    elif draft.has_failed:
        st.error("The file could not be written. Is the disk full? Try it again.", icon=":material/error:")
        _offer(database_url, wanted, "Try again")
    elif draft.is_whole:
        _link(wanted)
    else:
        _progress(draft, wanted)


def _note_fetched(wanted: Preparation) -> None:
    """Keep in mind that this file was downloaded, whether the page heard of the click first or not."""
    is_followed = st.session_state.get(_LINK) and st.session_state.get(_ORDERED) == wanted.key
    if is_followed and _is_fetched(st.session_state[_NAME]):
        st.session_state[_DOWNLOADED] = wanted.key


def _look_of(draft: Draft | None) -> tuple[bool, bool] | None:
    return (draft.is_whole, draft.has_failed) if draft else None


def _offer(database_url: str, wanted: Preparation, label: str) -> None:
    if st.button(label, type="primary", icon=":material/article:", key="prepare"):
        _give_up()
        st.session_state[_NAME] = drafts.begin(database_url, wanted.order)
        st.session_state[_ORDERED] = wanted.key
        st.rerun()


def _progress(draft: Draft, wanted: Preparation) -> None:
    st.progress(draft.share, text=f"Writing {wanted.called}: {draft.share:.0%} done")
    if st.button("Stop", icon=":material/close:", key="stop preparing"):
        _give_up()
        st.rerun()


def _give_up() -> None:
    if name := st.session_state.pop(_NAME, None):
        drafts.drop(name)
    st.session_state.pop(_ORDERED, None)


def _link(wanted: Preparation) -> None:
    name = st.session_state[_NAME]
    ticket = tickets.hand_out(Download(wanted.upload, Written(name), wanted.file_name))
    st.link_button(
        f"Download {wanted.called}",
        f"/download/{ticket}",
        type="primary",
        icon=":material/download:",
        on_click="rerun",
        key=_LINK,
    )
    st.caption("It is ready, and kept for an hour or until you download it.")


def _is_fetched(name: str) -> bool:
    """Tell whether a file is gone to who just followed its link: the page may hear of the click first."""
    ends_at = time.monotonic() + _FETCHED_S
    while drafts.look(name):
        if time.monotonic() > ends_at:
            return False
        time.sleep(_GLANCE_S)
    return True
