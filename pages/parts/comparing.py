"""Two lists side by side: which addresses died, which came back, which are new, which are gone."""

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from pages.parts.choice import list_name
from pages.parts.clock import day_and_time, today
from pages.parts.counting import count, several
from pages.parts.downloads import download_link
from pages.parts.file_names import ENDINGS, file_name
from pages.parts.frame import plain
from pages.parts.reasons import REASONS
from pages.parts.tickets import DIALECTS, LIFE_S, Compared, Download, Format
from pages.parts.tips import reasons_tip, statuses_tip
from pages.parts.words import STATUSES, Saying
from runtime import Runtime
from storage.compare import MOST_LINES, Comparison, Kind, Line, compare_lists, lines_of
from storage.summaries import Standing

KINDS = {
    Kind.DIED: Saying("Died", "Valid then, invalid now. Take them off."),
    Kind.CAME_BACK: Saying("Came back", "Invalid then, valid now. Mail arrives again."),
    Kind.CHANGED: Saying("Changed otherwise", "Another status than before."),
    Kind.NEW: Saying("New", "They stand in the later list only."),
    Kind.GONE: Saying("Gone", "They stand in the earlier list only."),
    Kind.SAME: Saying("As before", "The same status as before."),
    Kind.OPEN: Saying("No answer", "For one of the two lists there is no answer yet."),
}
"""What became of an address, and what that means."""


NOT_THERE = "This list is not there, or was not read to its end. Choose another one."


def choose_two(lists: Sequence[Standing]) -> tuple[Standing, Standing] | None:
    """Ask which two lists are compared, the earlier one first; where these are not two, say so and give None.

    Who came for a list that is not there, such as by an old bookmark, is asked for another one.
    """
    known = {standing.upload: standing for standing in lists}
    left, right = st.columns(2)
    with left:
        first = _pick("List", "list", known, lists[0])
    if first is None:
        return None
    with right:
        second = _pick("Compare with", "with", known, likely_other(first, lists))
    if second is None:
        return None
    if first.upload == second.upload:
        st.info("Choose two different lists.", icon=":material/compare_arrows:")
        return None
    earlier, later = sorted((first, second), key=lambda standing: standing.upload)
    return earlier, later


def _pick(label: str, name: str, known: Mapping[int, Standing], usual: Standing) -> Standing | None:
    """Ask for a list, and keep it in the page's address; None where that names one that is not there."""
    asked = st.query_params.get(name) or str(usual.upload)
    index = next((index for index, upload in enumerate(known) if str(upload) == asked), None)
    picked = st.selectbox(
        label,
        list(known),
        index=index,
        format_func=lambda upload: _line(known[upload]),
        key=f"compare {label}",
        placeholder="Choose a list",
    )
    if picked is None:
        st.warning(NOT_THERE, icon=":material/search_off:")
        return None
    st.query_params[name] = str(picked)
    return known[picked]


def _line(standing: Standing) -> str:
    anew = ", asked anew" if standing.reuse_days == 0 else ""
    return f"{list_name(standing)}, {day_and_time(standing.created_at)}{anew}"


def likely_other(one: Standing, lists: Sequence[Standing]) -> Standing:
    """Guess what to compare a list with: the same file's check before, else after, else the nearest."""
    others = [each for each in lists if each.upload != one.upload] or [one]
    return min(others, key=lambda each: _distance(one, each))


def _distance(one: Standing, other: Standing) -> tuple[bool, bool, int]:
    return other.name != one.name, other.upload > one.upload, abs(other.upload - one.upload)


def finding(found: Comparison) -> str:
    """Say the one thing about two lists that their owner wants to know."""
    if not found.shared:
        return "These two lists have no address in common"
    shared = several(found.shared, "address", "addresses")
    died, back = found.counts[Kind.DIED], found.counts[Kind.CAME_BACK]
    if not died and not back:
        return f"Of {shared} in both lists, none died and none came back"
    return f"Of {shared} in both lists, {count(died)} died and {count(back)} came back"


def comparison(runtime: Runtime, earlier: Standing, later: Standing) -> None:
    """Show what became of the addresses of two lists, and those of one kind."""
    with st.spinner("Comparing …"):
        found = compare_lists(runtime.database, earlier.upload, later.upload)
    if found is None:
        st.warning("One of these lists is not there any more.", icon=":material/search_off:")
        return
    st.header(finding(found), anchor=False)
    st.caption(plain(_meaning(earlier, later)))
    if found.changed:
        changes_link(changes_download(found, later), found.changed - found.never_asked, found.never_asked)
    _show_lines(runtime, found)


def changes_download(found: Comparison, later: Standing) -> Download:
    """Give the file of who changed between two lists; no spreadsheet runs a cell of it as a formula."""
    format_ = Format.CSV_FOR_EXCEL
    name = file_name(later, "changes", ENDINGS[format_], today())
    return Download(later.upload, Compared(found.earlier, found.later, DIALECTS[format_]), name)


@st.fragment(run_every=LIFE_S / 2)
def changes_link(download: Download, changed: int, never_asked: int) -> None:
    """Show the link to that file, which works once and is renewed, and say what stands in it."""
    if changed:
        download_link("Download who changed", download, "secondary")
    st.caption(contents(changed, never_asked))


def contents(changed: int, never_asked: int) -> str:
    """Say what the file of who changed holds, and what it leaves out."""
    sentences = []
    if changed:
        sentences.append(
            f"{several(changed, 'address', 'addresses')} as CSV, each with its status and reason before and"
            " now; those that are as before are left out."
        )
    if never_asked:
        sentences.append(_without(never_asked, is_all=not changed))
    return " ".join(sentences)


def _without(never_asked: int, *, is_all: bool) -> str:
    are = "is" if never_asked == 1 else "are"
    if is_all:
        them = several(never_asked, "address", "addresses")
        return f"{them} that changed {are} on your never-asked list, so there is no file."
    return f"{count(never_asked)} more {are} on your never-asked list and left out."


def _meaning(earlier: Standing, later: Standing) -> str:
    return (
        "Then is what was known when the later list came in,"
        f" {day_and_time(later.created_at)}; the earlier one came {day_and_time(earlier.created_at)}. Now is"
        " what the later list found. Each address counts once, whatever a client's policy says;"
        " rows without a usable address are left out."
    )


def _show_lines(runtime: Runtime, found: Comparison) -> None:
    kinds = [kind for kind in Kind if found.counts[kind]]
    if not kinds:
        return
    kind = st.segmented_control(
        "Show",
        kinds,
        default=kinds[0],
        required=True,
        format_func=lambda kind: f"{KINDS[kind].name} {count(found.counts[kind])}",
        key=f"kind {found.earlier} {found.later}",
    )
    kind = kind or kinds[0]
    lines = lines_of(runtime.database, found.earlier, found.later, kind)
    first = f" The first {count(MOST_LINES)} are shown." if found.counts[kind] > MOST_LINES else ""
    st.caption(KINDS[kind].advice + first)
    st.dataframe(
        lines_table(lines),
        hide_index=True,
        column_config={
            "Then": st.column_config.TextColumn(help=statuses_tip()),
            "Now": st.column_config.TextColumn(help=statuses_tip()),
            "Why now": st.column_config.TextColumn(help=reasons_tip(line.why for line in lines if line.why)),
        },
        alt=f"Addresses of the kind {KINDS[kind].name}",
    )


def lines_table(lines: Sequence[Line]) -> pd.DataFrame:
    """Write compared addresses as rows in words."""
    rows = [
        {
            "Address": line.address,
            "Then": STATUSES[line.then].name if line.then else "",
            "Now": STATUSES[line.now].name if line.now else "",
            "Why now": REASONS[line.why].name if line.why else "",
        }
        for line in lines
    ]
    return pd.DataFrame(rows, columns=["Address", "Then", "Now", "Why now"])
