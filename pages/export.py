"""Export: choose what stays on the list, see what goes and why, and download both."""

import streamlit as st

from engine.verdict import Status
from pages.parts.cards import LIVE
from pages.parts.choice import chosen_list
from pages.parts.clock import today
from pages.parts.counting import held, several
from pages.parts.downloads import (
    KEEPABLE,
    KEPT_AT_FIRST,
    REMOVABLE,
    REMOVAL_ORDER,
    download_links,
    downloads,
    kept_sentence,
    removal_table,
    selection_of,
    usual_format,
)
from pages.parts.frame import enter, figures
from pages.parts.tickets import Format
from pages.parts.words import FLAGS, FORMATS, OUTCOMES, STATUSES
from storage.exports import OUTCOME_COLUMNS, Export
from storage.removals import removed_by_word, rows_with_several, split, waiting_rows
from storage.summaries import summarise
from storage.uploads import UploadState

REFRESH_S = 3.0

runtime = enter("Export")
summary = chosen_list(runtime)
if summary is None:
    st.stop()
standing = summary.standing
is_live = standing.state in LIVE
if standing.state in (UploadState.READING, UploadState.INTERRUPTED):
    st.info("This list was not read to its end, so there is nothing to export.", icon=":material/info:")
    st.stop()

st.subheader("What to keep", anchor=False)
kept = st.pills(
    "Statuses to keep",
    KEEPABLE,
    selection_mode="multi",
    default=KEPT_AT_FIRST,
    format_func=lambda status: STATUSES[status].name,
    key="statuses to keep",
)
is_accept_all_excluded = st.toggle(
    "Exclude accept-all", value=True, help=STATUSES[Status.ACCEPT_ALL].advice, key="exclude accept-all"
)
are_duplicates_excluded = st.toggle(
    "Exclude duplicates",
    value=True,
    help="Of an address that stands in several rows, only the first row stays.",
    key="exclude duplicates",
)
st.markdown(kept_sentence(kept, is_accept_all_excluded=is_accept_all_excluded))
with st.expander("More choices"):
    flags = st.multiselect(
        "Also remove", REMOVABLE, format_func=lambda flag: FLAGS[flag].name, key="also remove"
    )
    columns = st.multiselect(
        "Columns to add",
        OUTCOME_COLUMNS,
        default=OUTCOME_COLUMNS,
        format_func=OUTCOMES.__getitem__,
        key="columns to add",
    )
selection = selection_of(
    kept,
    flags,
    is_accept_all_excluded=is_accept_all_excluded,
    are_duplicates_excluded=are_duplicates_excluded,
)


@st.fragment(run_every=REFRESH_S if is_live else None)
def show_figures() -> None:
    """Show what the choice keeps and removes, as the list is now."""
    now = summarise(runtime.database, standing.upload)
    if now is None:
        return
    parted = split(now, selection)
    figures({"Rows kept": parted.kept, "Rows removed": parted.removed})
    st.caption(f"{held(now.standing)}. Rows of your list are counted here, not addresses.")
    if waiting := waiting_rows(now):
        st.info(
            f"An answer is still missing for {several(waiting, 'row')}; until it comes they are unknown.",
            icon=":material/hourglass_top:",
        )
    if shared := rows_with_several(now):
        st.info(
            f"Several addresses stand together in {several(shared, 'row')}. What was found of the first one "
            "decides; the column other_results tells of the others.",
            icon=":material/alt_route:",
        )
    if parted.removed:
        st.dataframe(
            removal_table(removed_by_word(now, selection)), hide_index=True, column_order=REMOVAL_ORDER
        )
    if is_live and now.standing.state not in LIVE:
        st.rerun()


st.subheader("What goes, and why", anchor=False)
show_figures()

st.subheader("Download", anchor=False)
wanted = st.segmented_control(
    "Format",
    list(Format),
    default=usual_format(standing),
    required=True,
    format_func=lambda each: FORMATS[each].name,
    key="format",
)
st.caption(FORMATS[wanted].advice)
chosen = Export(standing.upload, selection, tuple(columns))
cleaned, removed = downloads(standing, chosen, wanted, today())
download_links(cleaned, removed)
