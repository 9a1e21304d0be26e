"""Slips of the domain that a list may want corrected, each a choice; and what reading cleaned already."""

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from engine.intake.cell import read_whole
from engine.intake.cleaning import Cleaned, Cleaning
from engine.intake.correction import Correction, Slip
from engine.shown_domain import readable
from engine.verdict import Flag, Status
from pages.parts.columns import Need
from pages.parts.counting import count, several
from storage.entries import EntryLine
from storage.removals import rows_with_several
from storage.selection import Decides
from storage.summaries import Cell, Summary

MOST_LINES = 12
"""Slips that have a line of their own; rarer ones share the last line."""

FEW_LINES = 3
"""So many lines are seen at once; more are folded away, so that they do not push all else down."""

CLEANINGS = {
    Cleaning.MAILTO: "“mailto:” before it",
    Cleaning.BRACKETS: "A name or angle brackets around it",
    Cleaning.SPACES: "Spaces or invisible signs around it or its @",
    Cleaning.SIGNS: "Other signs around it, such as quotes or commas",
}
"""What was taken away from around addresses."""


@dataclass(frozen=True, slots=True)
class Line:
    """A choice: what it says, and the corrections that it stands for."""

    key: str
    label: str
    corrections: tuple[Correction, ...]


def choose_corrections(slips: tuple[Slip, ...], name: str, unsure: int = 0) -> tuple[Correction, ...]:
    """Offer to correct slips, one by one or all; `name` tells one list from another.

    So many `unsure` addresses look mistyped as well: they are told, since Results counts them too.
    """
    if not slips:
        if unsure:
            st.caption(unsure_sentence(unsure))
        return ()
    lines = lines_of(slips, name)
    with st.container(border=True, gap="small"):
        buttons = st.container(horizontal=True, gap="small", vertical_alignment="center")
        buttons.markdown(f":material/spellcheck: **{slips_sentence(slips)}**", width="content")
        with st.expander("Choose one by one") if len(lines) > FEW_LINES else st.container():
            chosen = [each for each in lines if st.checkbox(each.label, key=each.key)]
        with buttons:
            _show_buttons(lines, chosen)
        st.caption(f"{WHAT_IT_MEANS} {unsure_sentence(unsure, is_more=True)}".strip())
    return tuple(correction for each in chosen for correction in each.corrections)


WHAT_IT_MEANS = (
    "Ticked ones are asked at the right domain. Your own column stays; a column corrected_email tells of it."
)


def unsure_sentence(addresses: int, *, is_more: bool = False) -> str:
    """Say how many addresses look mistyped that are not offered here, and why; `""` of none."""
    if not addresses:
        return ""
    whom = f"{count(addresses)} more" if is_more else several(addresses, "address", "addresses")
    look, are, them = ("looks", "it is", "it") if addresses == 1 else ("look", "they are", "them")
    return (
        f"{whom} {look} mistyped, but {are} malformed or it is not sure what was meant: correct {them} in "
        "your own file."
    )


def _show_buttons(lines: list[Line], chosen: list[Line]) -> None:
    st.button(
        "Fix all",
        icon=":material/done_all:",
        on_click=_tick,
        args=(lines, True),
        disabled=len(chosen) == len(lines),
    )
    if chosen:
        st.button("Undo all", icon=":material/undo:", on_click=_tick, args=(lines, False))


def _tick(lines: list[Line], is_ticked: bool) -> None:  # noqa: FBT001 - Streamlit hands it on by place
    for each in lines:
        st.session_state[each.key] = is_ticked


def lines_of(slips: tuple[Slip, ...], name: str) -> list[Line]:
    """Give each frequent slip a line of its own, and the rarer ones one together."""
    most = MOST_LINES if len(slips) > MOST_LINES + 1 else len(slips)
    own = [
        Line(f"fix {name} {each.correction.wrong}", _label(each), (each.correction,)) for each in slips[:most]
    ]
    rarer = slips[most:]
    return [*own, _line_of_rarer(rarer, name)] if rarer else own


def _label(slip: Slip) -> str:
    """Say it without Markdown, which would be read out; a domain has no signs that mean anything there."""
    wrong, right = slip.correction
    say = "address says" if slip.addresses == 1 else "addresses say"
    return f"{count(slip.addresses)} {say} {readable(wrong)}: ask {right} instead"


def _line_of_rarer(slips: tuple[Slip, ...], name: str) -> Line:
    addresses = several(sum(each.addresses for each in slips), "address", "addresses")
    some = ", ".join(f"{readable(each.correction.wrong)} → {each.correction.right}" for each in slips[:3])
    return Line(
        f"fix {name} rarer",
        f"{addresses} at {count(len(slips))} rarer ones, such as {some}",
        tuple(each.correction for each in slips),
    )


def slips_sentence(slips: tuple[Slip, ...]) -> str:
    """Say how many addresses have a mistyped domain."""
    number = sum(each.addresses for each in slips)
    return f"{several(number, 'address', 'addresses')} {'has' if number == 1 else 'have'} a mistyped domain"


def say_slips(slips: tuple[Slip, ...]) -> str:
    """Say which slips stand in a list, the most frequent first; `""` where there are none."""
    some = [f"{readable(each.correction.wrong)} ({count(each.addresses)})" for each in slips[:MOST_LINES]]
    some += ["and others"] if len(slips) > MOST_LINES else []
    return f"Mistyped domains: {', '.join(some)}." if slips else ""


def show_cleaned(cleaned: tuple[Cleaned, ...]) -> None:
    """Show what reading took away from around addresses, if anything."""
    if not cleaned:
        return
    number = sum(each.addresses for each in cleaned)
    with st.expander(f"What was cleaned ({several(number, 'address', 'addresses')})"):
        st.caption("These were read as the addresses they hold. The cells of your list stay as they are.")
        st.dataframe(cleaned_table(cleaned), hide_index=True, alt="What was taken away around addresses")


def cleaned_table(cleaned: tuple[Cleaned, ...]) -> pd.DataFrame:
    """Set out what was taken away, how often, and what became of texts; spaces at an end show as signs."""
    rows = [
        (CLEANINGS[each.kind], count(each.addresses), " · ".join(map(_became, each.examples)))
        for each in cleaned
    ]
    return pd.DataFrame(rows, columns=["What was taken away", "Addresses", "For example"])


def _became(text: str) -> str:
    return f"{shown(text)} → {read_whole(text)}"


def shown(text: str) -> str:
    """Write a text so that spaces at its ends are seen."""
    bare = text.strip()
    before, _, after = text.partition(bare)
    return f"{'␣' * len(before)}{bare}{'␣' * len(after)}"


def correction_line(line: EntryLine) -> str:
    """Say how an address was written and how it was asked; `""` where that is the same."""
    return f"Written as {shown(line.text)}, asked as {line.corrected}." if line.corrected else ""


def read_with_more(line: EntryLine) -> str:
    """Give an address as it was read, where more stood round it than was asked; `""` where nothing did."""
    is_bare = line.corrected or line.asked in {"", line.text}
    return "" if is_bare else shown(line.text)


def say_whom_to_write_to(summary: Summary, decides: Decides = Decides.FIRST) -> str:
    """Say which column holds the addresses to write to; `""` where a list's own columns hold them all.

    They do where none that was corrected is safe, and each row is written to at its first address.
    """
    if decides is not Decides.FIRST and rows_with_several(summary):
        return WRITE_TO_OTHERS
    safe = any(cell.count and cell.status is Status.VALID for cell in _corrected_in(summary))
    return WRITE_TO_CORRECTED if safe else ""


def _corrected_in(summary: Summary) -> list[Cell]:
    return [cell for cell in summary.cells if Flag.CORRECTED in cell.flags]


WRITE_TO_CORRECTED = (
    "Your columns stay as they are, typing errors too. Give your e-mail tool the column `send_to`: it holds "
    "the address to write to in every kept row, corrected where it was mistyped."
)
WRITE_TO_OTHERS = (
    "A row can stay though its first address is a dead one, and your columns stay as they are. Give your "
    "e-mail tool the column `send_to`, and no other: it holds the one address to write to in every kept row."
)


def need_of_send_to(summary: Summary, decides: Decides) -> Need:
    """Say how far a list's own columns leave it open at which address to write to each row."""
    has_several = rows_with_several(summary) > 0
    if has_several and decides is not Decides.FIRST:
        return Need.ALWAYS
    return Need.OFFERED if has_several or has_corrected(summary) else Need.NONE


def has_corrected(summary: Summary) -> bool:
    """Whether an address of the list is asked at another domain than it is written at."""
    return bool(_corrected_in(summary))


def say_corrected(summary: Summary) -> str:
    """Say how many addresses of a list were asked at another domain, and what came of it; `""` for none."""
    cells = _corrected_in(summary)
    asked = sum(cell.count for cell in cells)
    if not asked:
        return ""
    safe = sum(cell.count for cell in cells if cell.status is Status.VALID)
    if asked == 1:
        found = "it is safe to send" if safe else "it is not safe to send"
        return f"1 address with a mistyped domain was asked at the right one: {found}."
    found = f"{count(safe) if safe else 'none'} of them {'is' if safe == 1 else 'are'} safe to send"
    return f"{count(asked)} addresses with a mistyped domain were asked at the right one: {found}."
