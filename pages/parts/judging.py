"""Lists that are being judged again: in a thread of their own, so that leaving a page breaks nothing off."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, Thread

import streamlit as st

from engine.work_queue import StoreFails
from runtime import Runtime
from storage.database import Database
from storage.policies import NamedPolicy
from storage.rejudge import apply_policy

AT_ONCE_S = 1.0
"""Seconds that a page waits before it shows how far a list is; most are done by then."""
_REFRESH_S = 1.0


class Judgings:
    """What is under way, list by list. Any thread may ask."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._shares: dict[int, float] = {}

    def begin(self, database: Database, upload: int, named: NamedPolicy) -> Thread:
        """Give a list a policy and have it judged by that; what a kill breaks off, the next start does."""
        thread = Thread(target=self._judge, args=(database, upload, named), daemon=True)
        self._note(upload, 0.0)
        thread.start()
        return thread

    def share(self, upload: int) -> float | None:
        """Tell which share (0-1) of a list is done; None where it is not being judged again."""
        with self._lock:
            return self._shares.get(upload)

    def _judge(self, database: Database, upload: int, named: NamedPolicy) -> None:
        with self._noted(upload):
            apply_policy(database, upload, named, lambda share: self._note(upload, share))

    def _note(self, upload: int, share: float) -> None:
        with self._lock:
            self._shares[upload] = share

    @contextmanager
    def _noted(self, upload: int) -> Iterator[None]:
        """Have the list under way while this lasts, and no longer, also where nothing can be written."""
        try:
            yield
        except StoreFails:
            return
        finally:
            with self._lock:
                self._shares.pop(upload, None)


judgings = Judgings()
"""What this server judges again."""


def use_policy(runtime: Runtime, upload: int, named: NamedPolicy) -> None:
    """Judge a list by a policy from now on; a small one is done when this returns."""
    judgings.begin(runtime.database, upload, named).join(AT_ONCE_S)


def show_judging(upload: int) -> bool:
    """Show how far a list is that is being judged again, and tell whether one is."""
    share = judgings.share(upload)
    if share is not None:
        _progress(upload)
    return share is not None


@st.fragment(run_every=_REFRESH_S)
def _progress(upload: int) -> None:
    share = judgings.share(upload)
    if share is None:
        st.rerun()
    st.progress(min(share, 1.0), text="Judging the list again; no mail host is asked")
