"""New list: hand in a file or a text, see what it holds, and start the check."""

import streamlit as st

from engine.intake.columns import guess_columns
from engine.intake.sheet import UnreadableFile
from pages.parts.clock import when
from pages.parts.counting import count, several
from pages.parts.frame import NEW_LIST, RESULTS, enter, figures, go, link, plain
from pages.parts.intake import (
    Offer,
    aliases_line,
    ask_depth,
    bad_cells,
    file_offer,
    keep,
    next_turn,
    pasted_offer,
    preview,
    read_offer,
    rows_without,
    sample_button,
    sheet_names,
    survey_figures,
    survey_line,
    survey_of,
    tell_how_long,
    tell_of_other_columns,
    turn,
)
from pages.parts.tour import show_tour
from pages.parts.words import STATES
from storage.summaries import summarise
from storage.uploads import Choice, continuation_of, find_upload

FILE, PASTE = "Upload a file", "Paste addresses"

runtime = enter("New list")
show_tour(runtime, NEW_LIST)

way = st.segmented_control(
    "How", [FILE, PASTE], default=FILE, required=True, key="way", label_visibility="collapsed"
)
offer = file_offer(turn()) if way == FILE else pasted_offer(turn())
if offer is None and runtime.sample and ("sample" in st.query_params or sample_button()):
    offer = Offer("sample", *runtime.sample())
if offer is None:
    st.caption("Nothing is asked of anyone before you press start, and no message is ever sent.")
    st.stop()

names = sheet_names(offer)
sheet_name = st.selectbox("Sheet", names, key=f"sheet of {offer.key}") if len(names) > 1 else None
guessed = read_offer(offer, sheet_name, has_header=None)
if isinstance(guessed, UnreadableFile):
    st.error(plain(str(guessed)), icon=":material/error:")
    st.stop()
has_header = st.toggle(
    "The first row names the columns", guessed.has_header, key=f"header of {offer.key} {sheet_name}"
)
sheet = guessed if has_header is guessed.has_header else read_offer(offer, sheet_name, has_header=has_header)
if isinstance(sheet, UnreadableFile):
    st.error(plain(str(sheet)), icon=":material/error:")
    st.stop()
for note in sheet.notes:
    st.info(plain(note), icon=":material/info:")

columns = tuple(
    st.multiselect(
        "Columns with e-mail addresses",
        list(sheet.frame.columns),
        guess_columns(sheet)[:1],
        key=f"columns of {offer.key} {sheet_name} {has_header}",
    )
)
preview(sheet, columns)
if not columns and not guess_columns(sheet):
    st.warning("No column of this list holds an e-mail address.", icon=":material/warning:")
    st.stop()
if not columns:
    st.info("Choose the column that holds the addresses.", icon=":material/info:")
    st.stop()

tell_of_other_columns(sheet, columns)
found = survey_of(sheet, columns)
figures(survey_figures(found))
st.caption(survey_line(found, rows_without(sheet, columns, found)))
if other_spellings := aliases_line(found):
    st.caption(other_spellings)
if found.malformed:
    with st.expander(f"What is malformed ({count(found.malformed)})"):
        st.dataframe(bad_cells(found), hide_index=True)
if not found.addresses:
    st.warning("There is no address in the chosen column.", icon=":material/warning:")
    st.stop()

is_dns_only = ask_depth()
is_reuse_wanted = st.toggle(
    "Reuse answers that still hold",
    value=True,
    help="An address checked lately is not asked about again. Switch it off to ask about every address anew.",
)
choice = Choice(columns, is_fresh_wanted=not is_reuse_wanted, is_dns_only=is_dns_only)
earlier = find_upload(runtime.database, continuation_of(sheet, choice))
if earlier is not None and (known := summarise(runtime.database, earlier)):
    st.info(
        f"You handed in this list before, {when(known.standing.created_at)}. "
        f"It stands at: {STATES[known.standing.state].lower()}.",
        icon=":material/history:",
    )
    link(RESULTS, "Open that one", ":material/insights:", earlier)

tell_how_long(runtime, sheet, choice, found)
addresses = several(found.distinct, "address", "addresses")
label = "Check it once more" if earlier is not None else f"Check {addresses}"
if st.button(label, type="secondary" if earlier is not None else "primary", icon=":material/play_arrow:"):
    upload = keep(runtime, sheet, choice)
    if upload is not None:
        next_turn()
        go(RESULTS, upload)
