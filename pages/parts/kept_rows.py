"""What a choice keeps of a list and what it removes, as the list is now: figures, doubts, and why rows go."""

import streamlit as st

from engine.reason import NEVER_AGAIN, Reason
from engine.verdict import Status
from pages.parts.cards import LIVE
from pages.parts.corrections import say_whom_to_write_to
from pages.parts.counting import held, several
from pages.parts.digest import policy_sentence
from pages.parts.expected_line import tell_expected
from pages.parts.frame import RESULTS, figures, link, link_to_help, plain
from pages.parts.reckoning import reckon, say_reckoning
from pages.parts.removal_words import REMOVAL_ORDER, removal_table
from pages.parts.segment import counted_for
from pages.parts.steering import ENDED
from pages.parts.tips import statuses_tip
from pages.parts.together import show_shared
from pages.parts.topics import TOPICS, About
from pages.parts.words import TOMORROW
from runtime import Runtime
from storage.removals import Outcomes, kept_of, removed_by, split, waiting_rows
from storage.selection import Removal, Selection
from storage.summaries import Standing, Summary, summarise

REFRESH_S = 3.0


def kept_rows(runtime: Runtime, standing: Standing, selection: Selection, policy_name: str) -> None:
    """Show what a choice keeps and removes, again and again while the list changes by itself."""
    refresh = REFRESH_S if standing.state in LIVE else None
    st.fragment(_kept_rows, run_every=refresh)(runtime, standing, selection, policy_name)


def _kept_rows(runtime: Runtime, before: Standing, selection: Selection, policy_name: str) -> None:
    """Show it as the list is now; where that has come to its end, begin the whole page anew."""
    now = summarise(runtime.database, before.upload)
    if now is None:
        return
    seen, outcomes = counted_for(runtime.database, now, selection)
    parted = split(outcomes, selection)
    figures({"Rows kept": parted.kept, "Rows removed": parted.removed})
    tell_expected(runtime.database, before.upload, kept_of(outcomes, selection), selection.providers)
    _show_reckoning(seen, outcomes, selection)
    st.caption(f"The list: {held(now.standing)}. {plain(policy_sentence(policy_name))}")
    if not parted.kept:
        st.caption("No row is kept, so the cleaned list holds nothing but the names of its columns.")
    _show_waiting(now)
    _show_unsure(now, outcomes, selection)
    _show_whom_to_write_to(now, selection)
    show_shared(now, selection)
    if parted.removed:
        _show_removed(outcomes, selection)
    if before.state in LIVE and now.standing.state not in LIVE:
        st.rerun()


def _show_reckoning(now: Summary, outcomes: Outcomes, selection: Selection) -> None:
    told = reckon(now, outcomes, selection)
    if reckoned := say_reckoning(told):
        st.caption(reckoned)
    if told.addresses != told.rows:
        link_to_help(About.COUNTING, TOPICS[About.COUNTING].title)


def _show_waiting(now: Summary) -> None:
    if waiting := waiting_rows(now):
        st.info(
            f"An answer is still missing for {several(waiting, 'row')}; until it comes they are unknown.",
            icon=":material/hourglass_top:",
        )


def _show_unsure(now: Summary, outcomes: Outcomes, selection: Selection) -> None:
    """Say how many rows go of which another try may tell, and where to ask again."""
    unsure = [each for each in removed_by(outcomes, selection) if _is_unsure(each[0])]
    if not unsure or now.standing.state not in ENDED:
        return
    unchecked = sum(rows for found, rows in unsure if found.reason is Reason.NOT_CHECKED)
    untold = sum(rows for _, rows in unsure) - unchecked
    told = unsure_sentence(untold, is_dns_only=now.standing.is_dns_only)
    for said in filter(None, (unchecked_sentence(unchecked), told)):
        st.info(said, icon=":material/help:")
    if not now.standing.is_dns_only:
        link(RESULTS, "Ask again on Results", ":material/replay:", now.standing.upload)


def _is_unsure(found: Removal) -> bool:
    return found.word == Status.UNKNOWN and found.reason not in NEVER_AGAIN


def unsure_sentence(rows: int, *, is_dns_only: bool) -> str:
    """Say of so many rows that nobody could tell, and what to do about them; `""` of none."""
    if not rows:
        return ""
    go, their = ("goes", "its") if rows == 1 else ("go", "their")
    later = "check the list again tomorrow" if is_dns_only else TOMORROW
    return (
        f"{several(rows, 'row')} {go} because nobody could tell of {their} address. That is no reason to "
        f"throw anything away: {later}."
    )


def unchecked_sentence(rows: int) -> str:
    """Say of so many rows that their check was ended before they were asked about; `""` of none."""
    if not rows:
        return ""
    go, their, them = ("goes", "its", "it") if rows == 1 else ("go", "their", "them")
    return (
        f"{several(rows, 'row')} {go} because {their} address was not checked. That is no reason to throw "
        f"anything away: have {them} checked first."
    )


def _show_whom_to_write_to(now: Summary, selection: Selection) -> None:
    if told := say_whom_to_write_to(now, selection.decides):
        st.info(told, icon=":material/forward_to_inbox:")


def _show_removed(outcomes: Outcomes, selection: Selection) -> None:
    st.markdown("**What goes, and why**")
    st.dataframe(
        removal_table(removed_by(outcomes, selection)),
        hide_index=True,
        column_order=REMOVAL_ORDER,
        alt="Why rows are removed, and how many",
        column_config={
            "Removed as": st.column_config.TextColumn(help=statuses_tip(), width=105),
            "Rows": st.column_config.NumberColumn(format="localized", width=60),
        },
    )
