"""Export: choose what stays on the list, see what goes and why, and download it."""

import streamlit as st

from engine.value import replace
from pages.parts.choice import chosen_list
from pages.parts.clock import today
from pages.parts.columns import choose_columns
from pages.parts.corrections import need_of_send_to
from pages.parts.digest import digest_of
from pages.parts.downloads import (
    Wanted,
    csv_downloads,
    csv_links,
    further_downloads,
    further_links,
    preparation,
    usual_format,
)
from pages.parts.frame import EXPORT, enter, link_to_help
from pages.parts.kept_rows import kept_rows
from pages.parts.list_policy import list_policy
from pages.parts.no_accept_all import show_no_accept_all
from pages.parts.preparing import prepare
from pages.parts.presets import kept_sentence, show_presets
from pages.parts.readiness import told_of_file
from pages.parts.segment import choose_selection, counted_for, narrowed_sentence
from pages.parts.tickets import DIALECTS, Format
from pages.parts.together import by_status_sentence, choose_decides, offer_others
from pages.parts.topics import About
from pages.parts.tour import show_tour
from pages.parts.words import FORMATS
from storage.exports import Export
from storage.never_asked import state_of_list
from storage.policies import policy_of_list
from storage.uploads import UploadState

runtime = enter("Export")
show_tour(runtime, EXPORT)
which, judged = st.columns(2)
with which:
    summary = chosen_list(runtime)
if summary is None:
    st.stop()
standing = summary.standing
if standing.state in (UploadState.READING, UploadState.INTERRUPTED):
    st.info("This list was not read to its end, so there is nothing to export.", icon=":material/info:")
    st.stop()
policy = policy_of_list(runtime.database, standing.upload)
with judged:
    list_policy(runtime, standing.upload)

st.subheader("What to keep", anchor=False)
show_presets()
with st.container():  # not every list has rows of several addresses: the choices below stay where they stand
    decides = choose_decides(summary)
others = st.container()
sentence = st.empty()
with st.expander("More choices"):
    kept, selection = choose_selection(runtime.database, summary)
    selection = replace(selection, decides=decides)
sentence.markdown(f"{kept_sentence(kept)} {narrowed_sentence(selection)}")
show_no_accept_all(kept, policy, summary)
kept_rows(runtime, standing, selection, policy.name)

st.subheader("Download", anchor=False)
wanted_format = st.segmented_control(
    "Format",
    list(Format),
    default=usual_format(standing),
    required=True,
    format_func=lambda each: FORMATS[each].name,
    key="format",
)
st.caption(FORMATS[wanted_format].advice)
if wanted_format is Format.BY_STATUS and (said := by_status_sentence(summary, selection)):
    st.caption(said)
with st.expander("Columns and cells"):
    columns, names = choose_columns(need_of_send_to(summary, decides))
    link_to_help(About.FILE, "What the codes in the file mean")
    is_harmless = st.toggle(
        "Make formulas harmless",
        value=True,
        help="A cell that a spreadsheet would run as a formula gets an apostrophe before it. Switch it off "
        "for a CSV that another program reads, so that each cell is just as it was. A workbook needs none.",
        key="make formulas harmless",
    )

listed = state_of_list(runtime.database)
export = Export(standing.upload, selection, columns, names=names, empty_status="")
wanted = Wanted(
    standing,
    export,
    wanted_format,
    today(),
    is_exact=not is_harmless,
    listed=listed,
)
seen, outcomes = counted_for(runtime.database, summary, selection)
digest = digest_of(
    seen,
    outcomes,
    selection,
    policy.name,
    wanted.day,
    told_of_file(runtime.database, summary, outcomes, selection),
)
if wanted_format in DIALECTS:
    csv_links(*csv_downloads(wanted))
else:
    prepare(runtime.settings.database_url, preparation(wanted, digest))

st.subheader("To go with it", anchor=False)
further_links(
    *further_downloads(wanted, digest), listed=sum(rows for found, rows in outcomes if found.listed)
)

with others:
    offer_others(runtime.database, summary, selection)
