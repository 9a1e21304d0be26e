"""How the addresses that Results calls safe become the rows of the file, and what more could be kept."""

import streamlit as st

from engine.verdict import Status
from pages.parts.counting import several
from pages.parts.frame import EXPORT, link
from pages.parts.kept import kept_counts
from pages.parts.reckoning import SAFE_ROWS, Reckoning, reckon, say_rows
from pages.parts.segment import MANY, kept_by_another, outcomes_for
from pages.parts.steering import ENDED
from pages.parts.together import others_sentence
from storage.database import Database
from storage.removals import outcomes_of, rows_with_several
from storage.summaries import Summary


def tell_safe_rows(database: Database, summary: Summary) -> None:
    """Say of an ended list which safe addresses make no row of the file; nothing where each makes one."""
    if summary.standing.state not in ENDED or not summary.standing.statuses[Status.VALID]:
        return
    if said := say_rows(_reckoned(database, summary), "the safe ones"):
        st.caption(said)


def _reckoned(database: Database, summary: Summary) -> Reckoning:
    """Account for the rows that are safe; nobody is looked for where no row holds who is listed."""
    has_listed = any(kept_counts(database, summary.standing).unasked.values())
    outcomes = outcomes_for(database, summary, SAFE_ROWS) if has_listed else outcomes_of(summary)
    return reckon(summary, outcomes, SAFE_ROWS)


def tell_of_other_rows(database: Database, summary: Summary) -> None:
    """Say of an ended list how many rows another address of theirs would keep, and lead to Export."""
    shared = rows_with_several(summary)
    if summary.standing.state not in ENDED or not shared:
        return
    said = many_sentence(shared)
    if shared <= MANY:
        rows = kept_by_another(database, summary, SAFE_ROWS)
        said = f"In Export, {others_sentence(rows)}" if rows else ""
    if said:
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="other rows"):
            st.markdown(f":material/alternate_email: {said}", width="content")
            link(EXPORT, "Choose on Export", ":material/playlist_add:", summary.standing.upload)


def many_sentence(rows: int) -> str:
    """Say of so many rows with several addresses, which take long to look at, where they are looked at."""
    hold = "holds" if rows == 1 else "hold"
    return (
        f"{several(rows, 'row')} {hold} several addresses. Export says how many of them go because of their "
        "first address alone."
    )
