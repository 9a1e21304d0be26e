"""New list: hand in a file or a text, see what it holds, and start the check."""

import streamlit as st

from engine.intake.columns import guess_columns
from engine.intake.sheet import UnreadableFile
from pages.parts.clock import when
from pages.parts.column_choice import choose_columns
from pages.parts.consent_note import is_read
from pages.parts.corrections import choose_corrections, show_cleaned
from pages.parts.counting import count
from pages.parts.frame import NEW_LIST, RESULTS, enter, figures, go, link, plain
from pages.parts.intake import (
    Offer,
    file_offers,
    keep,
    next_turn,
    pasted_offers,
    read_offer,
    rows_without,
    sample_button,
    sheet_names,
    survey_of,
    tell_how_long,
    tell_of_other_columns,
    turn,
)
from pages.parts.options import ask_options
from pages.parts.several_files import check_several
from pages.parts.starting import ask_start
from pages.parts.survey_words import aliases_line, bad_cells, survey_figures, survey_line
from pages.parts.tour import show_tour
from pages.parts.unasked import tell_of_listed
from pages.parts.words import STATES
from storage.summaries import summarise
from storage.uploads import continuation_of, find_upload

FILE, PASTE = "Upload a file", "Paste addresses"

runtime = enter("New list")
show_tour(runtime, NEW_LIST)

way = st.segmented_control(
    "How", [FILE, PASTE], default=FILE, required=True, key="way", label_visibility="collapsed"
)
offers = file_offers(turn()) if way == FILE else pasted_offers(turn())
if not offers and runtime.sample and ("sample" in st.query_params or sample_button()):
    offers = [Offer("sample", *runtime.sample())]
if not offers:
    st.caption("Nothing is asked of anyone before you press start, and no message is ever sent.")
    st.stop()

if len(offers) > 1:
    check_several(runtime, offers)
    st.stop()
(offer,) = offers

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

name = f"{offer.key} {sheet_name} {has_header}"
columns = choose_columns(sheet, name)
if not columns and not guess_columns(sheet):
    st.warning("No column of this list holds an e-mail address.", icon=":material/warning:")
    st.stop()
if not columns:
    st.info("Choose the column that holds the addresses.", icon=":material/info:")
    st.stop()

tell_of_other_columns(sheet, columns)
corrections = choose_corrections(survey_of(sheet, columns).slips, name)
found = survey_of(sheet, columns, corrections)
figures(survey_figures(found))
st.caption(survey_line(found, rows_without(sheet, columns, found)))
if other_spellings := aliases_line(found):
    st.caption(other_spellings)
show_cleaned(found.cleaned)
if found.malformed:
    with st.expander(f"What is malformed ({count(found.malformed)})"):
        st.dataframe(bad_cells(found), hide_index=True)
if not found.addresses:
    st.warning("There is no address in the chosen column.", icon=":material/warning:")
    st.stop()
tell_of_listed(runtime.database, sheet, columns, corrections)

asked = ask_options(runtime)
choice = asked.choice(columns, corrections)
earlier = find_upload(runtime.database, continuation_of(sheet, choice))
if earlier is not None and (known := summarise(runtime.database, earlier)):
    st.info(
        f"You handed in this list before, {when(known.standing.created_at)}. "
        f"It stands at: {STATES[known.standing.state].lower()}.",
        icon=":material/history:",
    )
    link(RESULTS, "Open that one", ":material/insights:", earlier)

tell_how_long(runtime, sheet, choice, found)
is_allowed = is_read(runtime, is_dns_only=choice.is_dns_only)
start = ask_start(
    runtime,
    found.distinct,
    is_known=earlier is not None,
    is_allowed=is_allowed,
    is_dns_only=choice.is_dns_only,
)
if start is not None:
    upload = keep(runtime, sheet, choice, start)
    if upload is not None:
        next_turn()
        go(RESULTS, upload)
