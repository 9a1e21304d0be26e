"""New list: hand in a file or a text, see what it holds, and start the check."""

import streamlit as st

from engine.intake.columns import guess_columns
from engine.intake.sheet import UnreadableFile
from pages.parts.column_choice import choose_columns
from pages.parts.consent_note import offer_note_again
from pages.parts.contents import show_contents
from pages.parts.corrections import choose_corrections
from pages.parts.frame import NEW_LIST, enter, plain
from pages.parts.handed_in import tell_of_earlier
from pages.parts.how_long import tell_how_long
from pages.parts.intake import (
    Offer,
    ask_header,
    file_offers,
    guess_sheet,
    pasted_offers,
    rows_without,
    sample_button,
    show_notes,
    survey_of,
    tell_of_other_columns,
    turn,
)
from pages.parts.keeping import Handed
from pages.parts.looking_on import keep, look_on
from pages.parts.options import ask_options, policy_chosen, say_options, suggest_policy
from pages.parts.several_files import check_several
from pages.parts.starting import ask_start, start_box
from pages.parts.tour import show_tour
from pages.parts.unasked import tell_of_unasked
from storage.uploads import Choice, earlier_choice

FILE, PASTE = "Upload a file", "Paste addresses"

runtime = enter("New list")
with st.container():  # it comes and goes
    look_on()
show_tour(runtime, NEW_LIST)

way = st.segmented_control(
    "How", [FILE, PASTE], default=FILE, required=True, key="way", label_visibility="collapsed"
)
with st.container():  # what stands in these comes and goes: the options below stay where they stand
    offers = file_offers(turn()) if way == FILE else pasted_offers(turn())
    if not offers and runtime.sample and ("sample" in st.query_params or sample_button()):
        offers = [Offer("sample", *runtime.sample())]
if not offers:
    st.caption("Nobody is asked anything before you press Check, and no message is ever sent.")
    st.stop()

if len(offers) > 1:
    check_several(runtime, offers)
    st.stop()
(offer,) = offers

with st.container():
    guessed = guess_sheet(offer)
    sheet = guessed if isinstance(guessed, UnreadableFile) else ask_header(offer, guessed)
    if isinstance(sheet, UnreadableFile):
        st.error(plain(str(sheet)), icon=":material/error:")
        st.stop()
    show_notes(sheet)

with st.container():
    above = st.container()
    name = f"{offer.key} {sheet.sheet_name} {sheet.has_header}"
    earlier = earlier_choice(runtime.database, sheet)
    columns = choose_columns(sheet, name, earlier.columns if earlier else ())
    suggest_policy(runtime.database, name, earlier)
    if not columns and not guess_columns(sheet):
        st.warning("No column of this list holds an e-mail address.", icon=":material/warning:")
        st.stop()
    if not columns:
        st.info("Choose the column that holds the addresses.", icon=":material/info:")
        st.stop()

    policy = policy_chosen(runtime.database)
    with above:
        is_known = tell_of_earlier(runtime.database, sheet, earlier, Choice(columns, policy=policy))
    tell_of_other_columns(sheet, columns)
    contents = st.container()
    written = survey_of(runtime.database, sheet, columns, policy=policy.policy)
    corrections = choose_corrections(written.slips, name, written.unsure_slips)
    found = survey_of(runtime.database, sheet, columns, corrections, policy=policy.policy)
    with contents:
        show_contents(found, rows_without(sheet, columns, found))
    if not found.addresses:
        st.warning("There is no address in the chosen column.", icon=":material/warning:")
        st.stop()
    tell_of_unasked(runtime.database, sheet, Choice(columns, policy=policy, corrections=corrections))

box = start_box()
asked = ask_options(runtime)
offer_note_again(runtime, is_dns_only=asked.is_dns_only)
choice = asked.choice(columns, corrections)

with box:
    pressed = ask_start(runtime, found, asked, is_known=is_known)
    tell_how_long(runtime, [found], found.by_domain, choice)
    st.caption(say_options(asked))
    if pressed is not None:
        keep(runtime.database, [Handed(sheet, choice)], pressed.start, pressed.place)
