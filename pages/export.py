"""Export: choose what stays on the list, see what goes and why, and download it."""

import streamlit as st

from engine.readiness import WHOLE_LIST
from engine.verdict import Status
from pages.parts.cards import LIVE
from pages.parts.choice import chosen_list
from pages.parts.clock import today
from pages.parts.columns import choose_columns
from pages.parts.counting import held, several
from pages.parts.digest import digest_of, policy_sentence
from pages.parts.downloads import (
    Wanted,
    csv_downloads,
    csv_links,
    further_downloads,
    further_links,
    preparation,
    usual_format,
)
from pages.parts.expected_line import tell_expected
from pages.parts.frame import EXPORT, enter, figures, link_to_help, plain
from pages.parts.list_policy import list_policy
from pages.parts.preparing import prepare
from pages.parts.presets import kept_sentence, show_presets
from pages.parts.readiness import readiness_for, told_of
from pages.parts.reckoning import say_reckoning
from pages.parts.removal_words import REMOVAL_ORDER, removal_table
from pages.parts.segment import choose_selection, narrowed_sentence, outcomes_for
from pages.parts.tickets import DIALECTS, Format
from pages.parts.tips import statuses_tip
from pages.parts.topics import TOPICS, About
from pages.parts.tour import show_tour
from pages.parts.words import FORMATS, TOMORROW
from storage.exports import Export
from storage.never_asked import state_of_list
from storage.policies import policy_of_list
from storage.removals import kept_of, removed_by, rows_with_several, split, waiting_rows
from storage.summaries import summarise
from storage.uploads import UploadState

REFRESH_S = 3.0

runtime = enter("Export")
show_tour(runtime, EXPORT)
which, judged = st.columns(2)
with which:
    summary = chosen_list(runtime)
if summary is None:
    st.stop()
standing = summary.standing
is_live = standing.state in LIVE
if standing.state in (UploadState.READING, UploadState.INTERRUPTED):
    st.info("This list was not read to its end, so there is nothing to export.", icon=":material/info:")
    st.stop()
policy_name = policy_of_list(runtime.database, standing.upload).name
with judged:
    list_policy(runtime, standing.upload)

st.subheader("What to keep", anchor=False)
show_presets()
sentence = st.empty()
with st.expander("More choices"):
    kept, selection = choose_selection(runtime.database, summary)
sentence.markdown(f"{kept_sentence(kept)} {narrowed_sentence(selection)}")


@st.fragment(run_every=REFRESH_S if is_live else None)
def show_figures() -> None:
    """Show what the choice keeps and removes, as the list is now."""
    now = summarise(runtime.database, standing.upload)
    if now is None:
        return
    outcomes = outcomes_for(runtime.database, now, selection)
    parted = split(outcomes, selection)
    figures({"Rows kept": parted.kept, "Rows removed": parted.removed})
    tell_expected(runtime.database, standing.upload, kept_of(outcomes, selection))
    st.caption(
        f"{held(now.standing)}. Rows of your list are counted here, not addresses. "
        f"{plain(policy_sentence(policy_name))}"
    )
    if reckoned := say_reckoning(now, outcomes, selection):
        st.caption(reckoned)
        link_to_help(About.COUNTING, TOPICS[About.COUNTING].title)
    if waiting := waiting_rows(now):
        st.info(
            f"An answer is still missing for {several(waiting, 'row')}; until it comes they are unknown.",
            icon=":material/hourglass_top:",
        )
    if Status.UNKNOWN not in kept and (unsure := now.standing.statuses[Status.UNKNOWN]):
        st.info(
            f"Nobody could tell of {several(unsure, 'address', 'addresses')}, and this choice leaves "
            f"{'it' if unsure == 1 else 'them'} out. That is no reason to throw anything away: "
            f"{TOMORROW}.",
            icon=":material/help:",
        )
    if shared := rows_with_several(now):
        st.caption(
            f"Several addresses stand together in {several(shared, 'row')}. What was found of the first one "
            "decides; the column other_results tells of the others."
        )
    if parted.removed:
        st.markdown("**What goes, and why**")
        st.dataframe(
            removal_table(removed_by(outcomes, selection)),
            hide_index=True,
            column_order=REMOVAL_ORDER,
            column_config={
                "Removed as": st.column_config.TextColumn(help=statuses_tip()),
                "Rows": st.column_config.NumberColumn(format="localized", width=80),
            },
        )
    if is_live and now.standing.state not in LIVE:
        st.rerun()


show_figures()

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
with st.expander("Columns and cells"):
    columns, names = choose_columns()
    link_to_help(About.FILE, "What the codes in the file mean")
    is_harmless = st.toggle(
        "Make formulas harmless",
        value=True,
        help="A cell that a spreadsheet would run as a formula gets an apostrophe before it. Switch it off "
        "for a CSV that another program reads, so that each cell is just as it was. A workbook needs none.",
        key="make formulas harmless",
    )

export = Export(standing.upload, selection, columns, names=names)
wanted = Wanted(
    standing,
    export,
    wanted_format,
    today(),
    is_exact=not is_harmless,
    listed=state_of_list(runtime.database),
)
readiness = readiness_for(runtime.database, standing, (WHOLE_LIST, kept))
digest = digest_of(
    summary,
    outcomes_for(runtime.database, summary, selection),
    selection,
    policy_name,
    wanted.day,
    tuple(told_of(each) for each in readiness),
)
if wanted_format in DIALECTS:
    csv_links(*csv_downloads(wanted))
else:
    prepare(runtime.settings.database_url, preparation(wanted, digest))

st.subheader("To go with it", anchor=False)
further_links(*further_downloads(wanted, digest))
