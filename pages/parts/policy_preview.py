"""What the policy that is being edited would do to a list: seen at once, and never written."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from engine.policy import Policy
from engine.verdict import Status
from pages.parts.cards import NOT_WHOLE
from pages.parts.choice import list_name
from pages.parts.counting import count, several
from pages.parts.frame import RESULTS, link, verbatim
from pages.parts.judging import show_judging, use_policy
from pages.parts.kept import kept_preview
from pages.parts.policy_editor import keep
from pages.parts.presets import KEEPS, PRESETS, Preset
from pages.parts.reasons import REASONS
from pages.parts.words import STATUSES
from runtime import Runtime
from storage.policies import NamedPolicy, policy_of_list
from storage.preview import Move, Preview
from storage.summaries import Standing, standings

MOST_MOVES = 6
_PICKER = "list to try on"
_TRIED_LAST = "policy tried last"


def preview(runtime: Runtime, client: NamedPolicy, draft: Policy | None) -> str:
    """Show what a policy would do to a list of the visitor's choice, and offer to use it there.

    Give the finding, to be said again beside Save; `""` where there is none.
    """
    st.subheader("Try it on a list", anchor=False)
    standing = _chosen(runtime)
    if standing is None:
        st.caption("As soon as there is a list, you see here what this policy would do to it.")
        return ""
    if draft is None:
        st.info("Mend the line that is marked, and the preview comes back.", icon=":material/info:")
        return ""
    if show_judging(standing.upload):
        return ""
    found = kept_preview(runtime.database, standing, draft)
    if found is not None:
        _show(found, standing)
    _offer_to_use(runtime, client, draft, standing)
    return headline(found) if found else ""


def _chosen(runtime: Runtime) -> Standing | None:
    known = {each.upload: each for each in standings(runtime.database) if each.state not in NOT_WHOLE}
    if not known:
        return None
    asked = next((upload for upload in known if str(upload) == st.query_params.get("list")), None)
    if st.session_state.get(_PICKER) not in known:
        tried = st.session_state.get(_TRIED_LAST)
        st.session_state[_PICKER] = asked or (tried if tried in known else _telling(known))
    upload = st.selectbox(
        "List to try it on",
        list(known),
        format_func=lambda each: f"{list_name(known[each])}, {several(known[each].rows, 'row')}",
        key=_PICKER,
    )
    st.session_state[_TRIED_LAST] = upload
    return known[upload]


def _telling(known: Mapping[int, Standing]) -> int:
    """Give the newest list that has an answer; where none has, the newest."""
    answered = (upload for upload, standing in known.items() if standing.checked)
    return next(answered, next(iter(known)))


def _show(found: Preview, standing: Standing) -> None:
    st.markdown(f"**{headline(found)}**")
    if found.whole:
        st.table(counts_table(found), border="horizontal", hide_index=True)
        _show_kept(found)
        _show_moves(found)
    if waiting := standing.waiting:
        are = "is" if waiting == 1 else "are"
        st.caption(
            f"{several(waiting, 'address', 'addresses')} without an answer yet {are} not counted here."
        )


def _show_kept(found: Preview) -> None:
    """Show how many addresses the usual choices of Export are made of, where anything would change."""
    if found.changed:
        st.table(kept_table(found), border="horizontal", hide_index=True)


def kept_table(found: Preview) -> pd.DataFrame:
    """Write how many addresses have the statuses of the usual choices of Export now, and would have then."""
    kept = [(_kept(found.now, choice), _kept(found.then, choice)) for choice in _CHOICES]
    return pd.DataFrame(
        {
            "Addresses of the choice": [PRESETS[choice] for choice in _CHOICES],
            "Now": [count(now) for now, _ in kept],
            "Then": [_then(now, then) for now, then in kept],
        }
    )


def _kept(counted: Mapping[Status, int], choice: Preset) -> int:
    return sum(counted[status] for status in KEEPS[choice])


_CHOICES = (Preset.SAFE, Preset.SAFE_AND_ACCEPT_ALL, Preset.NOT_DEAD)
"""The usual choices of what is sent to."""


def _show_moves(found: Preview) -> None:
    """Show who would get another status, the most first, and what the figures rest on."""
    for move in found.moves[:MOST_MOVES]:
        st.markdown(say_move(move))
    if more := found.moves[MOST_MOVES:]:
        st.caption(f"And {several(len(more), 'smaller change')}.")
    st.caption(say_ground(found))


def headline(found: Preview) -> str:
    """Say the finding: "312 of 5,000 addresses would change"."""
    if not found.whole:
        return "No address of this list has an answer yet"
    if not found.changed:
        return "Nothing would change on this list"
    about = "" if found.is_exact else "About "
    whole = several(found.whole, "address", "addresses")
    return f"{about}{count(found.changed)} of {whole} would change"


def counts_table(found: Preview) -> pd.DataFrame:
    """Write how many addresses have which status now, and would have then."""
    return pd.DataFrame(
        {
            "Status": [STATUSES[status].name for status in Status],
            "Now": [count(found.now[status]) for status in Status],
            "Then": [_then(found.now[status], found.then[status]) for status in Status],
        }
    )


def _then(now: int, then: int) -> str:
    return count(then) if now == then else f"**{count(then)}** ({then - now:+,})"


def say_move(move: Move) -> str:
    """Say what becomes of some addresses, why, and name a few."""
    before, after = STATUSES[move.before].name.lower(), STATUSES[move.after].name.lower()
    become = "becomes" if move.addresses == 1 else "become"
    examples = "  \n".join(verbatim(each) for each in move.examples)
    return (
        f"**{count(move.addresses)} {before} {become} {after}**: {REASONS[move.reason].name.lower()}  \n"
        f"such as  \n{examples}"
    )


def say_ground(found: Preview) -> str:
    """Say what the figures rest on."""
    if found.is_exact:
        return "Each address was judged for this. Nothing is written."
    whole = several(found.whole, "address", "addresses")
    return f"Worked out from {count(found.judged)} of {whole}, some of each kind. Nothing is written."


def _offer_to_use(runtime: Runtime, client: NamedPolicy, draft: Policy, standing: Standing) -> None:
    """Offer to judge the list by this policy, which is saved first where it was changed."""
    wanted = NamedPolicy(client.name, draft)
    if policy_of_list(runtime.database, standing.upload) == wanted:
        st.success("This list is judged by this policy.", icon=":material/check:")
        link(RESULTS, "See its results", ":material/insights:", standing.upload)
        return
    label = "Use this policy for this list"
    if draft != client.policy:
        label = "Save, and use it for this list"
    if st.button(label, icon=":material/rule:", key="use policy"):
        if draft != client.policy:
            keep(runtime, wanted)
        use_policy(runtime, standing.upload, wanted)
        st.rerun()
    st.caption("Only this list is judged again. No mail host is asked.")
