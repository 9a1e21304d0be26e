"""A list's typing errors put right in a new list: shown before, saved beside the page, then opened."""

from dataclasses import dataclass

import streamlit as st

from pages.parts.counting import count, in_a_row, several
from pages.parts.frame import RESULTS, go, link, plain
from pages.parts.keeping import Keeping, Saved
from pages.parts.looking_on import say_outcome, show_saving
from pages.parts.question import Question
from runtime import Runtime
from storage.database import Database
from storage.fixing import Fixing, fix_slips, plan_fixing
from storage.progress import Tell

MOST_LINES = 8
"""Mistyped domains that the question names; the others are counted."""
_KEPT = "lists fixed"
_SOON_S = 0.3
"""Seconds in which a list that is not long is saved."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What a new list would have put right, of how many addresses that look mistyped.

    So many of these are no addresses at all.
    """

    fixing: Fixing
    mistyped: int
    malformed: int


@dataclass(frozen=True, slots=True)
class Corrected:
    """A new list that has a list's typing errors put right, as it is wanted."""

    fixing: Fixing

    @property
    def name(self) -> str:
        """What it is called."""
        return self.fixing.title

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return self.fixing.rows

    def save(self, database: Database, tell: Tell) -> int:
        """Save the list once more, with the right domains."""
        return fix_slips(database, self.fixing, tell)


_ASKED: Question[Looked] = Question("fixing asked")


def ask_to_fix(runtime: Runtime, upload: int, mistyped: int, malformed: int) -> None:
    """Ask whether the new list is to be made, showing what it would hold; where it was made before, open it.

    Where nobody can be put right, that is said instead.
    """
    with st.spinner("Looking at what can be put right …"):
        fixing = plan_fixing(runtime.database, upload)
    if fixing is None or not fixing.slips:
        st.info(NOT_SURE, icon=":material/spellcheck:")
        return
    if fixing.earlier is not None:
        go(RESULTS, fixing.earlier)
    _ASKED.ask(Looked(fixing, mistyped, malformed))


NOT_SURE = (
    "None of them is surely a known provider's, or nobody may be asked about it. Correct them in your own "
    "file, and hand it in again."
)


def show_fixing(runtime: Runtime, upload: int) -> bool:
    """Show the question, or how far the new list of this one is, and tell whether it is being saved.

    Who looks on as it is done is led to it; who looked away is told of it.
    """
    if (looked := _ASKED.about) is not None and looked.fixing.upload == upload:
        _dialog(runtime, looked)
    keeping = kept_of_visit().get(upload)
    if keeping is None:
        return False
    if not keeping.is_over(_SOON_S):
        show_saving(keeping)
        return True
    _tell(upload, keeping)
    return False


@st.dialog("Fix typing errors in a new list", on_dismiss=_ASKED.answered)
def _dialog(runtime: Runtime, looked: Looked) -> None:
    st.markdown(say_fixed(looked))
    st.markdown("\n".join(f"- {line}" for line in slip_lines(looked.fixing)))
    if left := say_left(looked):
        st.markdown(left)
    st.caption(plain(say_new_list(looked.fixing)))
    with st.container(horizontal=True):
        is_wanted = st.button("Make the new list", type="primary", icon=":material/spellcheck:")
        is_left = st.button("Not now")
    if is_wanted or is_left:
        _ASKED.answered()
    if is_wanted:
        _begin(runtime, looked.fixing)
    if is_left:
        st.rerun()


def _begin(runtime: Runtime, fixing: Fixing) -> None:
    """Have the new list saved, and the page begun anew, which looks on."""
    keeping = Keeping(runtime.database, [Corrected(fixing)], None)
    kept_of_visit()[fixing.upload] = keeping
    keeping.begin()
    st.rerun()


def kept_of_visit() -> dict[int, Keeping]:
    """Give the new lists that this visit had made, each by the list that it is made of."""
    kept: dict[int, Keeping] = st.session_state.setdefault(_KEPT, {})
    return kept


def _tell(upload: int, keeping: Keeping) -> None:
    """Lead to the new list, or say what became of it."""
    (outcome,) = keeping.outcomes
    if isinstance(outcome, Saved) and keeping.is_looked_at:
        _forget(upload)
        go(RESULTS, outcome.upload)
    (name,) = keeping.names
    show = st.success if isinstance(outcome, Saved) else st.error
    show(say_outcome(name, outcome, is_form_new=False), icon=_ICONS[isinstance(outcome, Saved)])
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        if isinstance(outcome, Saved):
            link(RESULTS, "Open the new list", ":material/insights:", outcome.upload)
        key = f"dismiss fixed {upload}"
        st.button(
            "Dismiss", icon=":material/close:", key=key, type="tertiary", on_click=_forget, args=(upload,)
        )


_ICONS = {True: ":material/check:", False: ":material/error:"}


def _forget(upload: int) -> None:
    kept_of_visit().pop(upload, None)


def say_fixed(looked: Looked) -> str:
    """Say how many of the addresses that look mistyped would be asked at the right domain."""
    fixed, whole = looked.fixing.addresses, looked.mistyped
    if fixed >= whole:
        all_ = {1: "The address that looks mistyped is", 2: "Both addresses that look mistyped are"}
        return f"**{all_.get(fixed, f'All {count(fixed)} addresses that look mistyped are')} put right:**"
    are = "is" if fixed == 1 else "are"
    return f"**{count(fixed)} of the {count(whole)} addresses that look mistyped {are} put right:**"


def slip_lines(fixing: Fixing) -> list[str]:
    """Say of each mistyped domain how many addresses are there, and where they would be asked."""
    named, others = fixing.slips[:MOST_LINES], fixing.slips[MOST_LINES:]
    lines = [
        f"{count(each.addresses)} at {plain(each.correction.wrong)}, asked at {plain(each.correction.right)}"
        for each in named
    ]
    if others:
        number = sum(each.addresses for each in others)
        lines.append(f"{count(number)} at {several(len(others), 'other domain')}")
    return lines


def say_left(looked: Looked) -> str:
    """Say how many of them stay as they are, and why; `""` where none does."""
    left = max(0, looked.mistyped - looked.fixing.addresses)
    if not left:
        return ""
    held = min(looked.fixing.held, left)
    malformed = min(looked.malformed, left - held)
    unsure = left - held - malformed
    of_one, is_none = left == 1, malformed == 1
    parts = [
        f"{'it' if of_one else count(malformed)} {'is no address' if is_none else 'are no addresses'} at all"
        if malformed
        else "",
        f"of {'it' if of_one else count(unsure)} it is not sure enough what was meant" if unsure else "",
        f"{'it' if of_one else count(held)} {'is' if held == 1 else 'are'} held back by your never-asked "
        "list or policy"
        if held
        else "",
    ]
    whom = "The other one stays as it is" if of_one else f"The {count(left)} others stay as they are"
    by_hand = "" if held == left else f" Correct {'it' if of_one else 'them'} in your own file."
    return f"{whom}: {in_a_row([each for each in parts if each])}.{by_hand}"


def say_new_list(fixing: Fixing) -> str:
    """Say what the new list is, and what becomes of this one."""
    return (
        f"The new list, “{fixing.title}”, has the same {several(fixing.rows, 'row')}. This list stays as it "
        "is. Nobody is asked before you start the new one, and answers that still hold are not asked for "
        "again."
    )
