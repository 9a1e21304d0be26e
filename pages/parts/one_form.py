"""The form that asks about one address, and what is said where it holds none, or several."""

import streamlit as st

from engine.intake.cell import Found, addresses_in, read_whole
from pages.parts.counting import several
from pages.parts.frame import CHECK_ONE, NEW_LIST, go, link, plain
from pages.parts.policy_sayings import policy_title
from runtime import Runtime
from storage.policies import NamedPolicy, all_policies, policy_of_list

_TEXT = "one address"
LONGEST = 320
"""Characters that an address is typed in: 64, an @ and 255 (RFC 5321, 4.5.3.1)."""
LONGEST_PX = 480
_STYLE = "<style>[data-testid='InputInstructions'] {display: none}</style>"
"""On a phone, Streamlit's own words on Enter would stand over what is typed."""


def check_form(runtime: Runtime) -> None:
    """Offer to ask about an address; it is started by a person alone, also where the link names one.

    Enter starts it too.
    """
    if _TEXT not in st.session_state:
        st.session_state[_TEXT] = st.query_params.get("address", "")
    st.html(_STYLE)
    with (
        st.form("check one", border=False),
        st.container(horizontal=True, vertical_alignment="bottom", gap="small"),
    ):
        wanted = st.text_input(
            "E-mail address",
            key=_TEXT,
            placeholder="name@example.com",
            max_chars=LONGEST,
            autocomplete="off",
            width=LONGEST_PX,
        )
        named = _choose_policy(runtime)
        is_asked = st.form_submit_button("Check", type="primary", icon=":material/person_search:")
    st.caption("No message is sent. A single address goes before all lists.")
    if is_asked:
        _ask(runtime, wanted.strip(), named)


def _choose_policy(runtime: Runtime) -> NamedPolicy:
    """Let a client's policy be chosen where there is any."""
    named = [NamedPolicy(), *all_policies(runtime.database)]
    if len(named) == 1:
        return named[0]
    return st.selectbox("Policy", named, format_func=lambda each: policy_title(each.name), width=220)


def _ask(runtime: Runtime, wanted: str, named: NamedPolicy) -> None:
    found = typed_in(wanted)
    if not wanted:
        st.info("Type an address first.", icon=":material/edit:")
    elif len(found) > 1:
        _say_several(found)
    else:
        go(CHECK_ONE, check=str(runtime.ask_single(found[0], named)))


def typed_in(text: str) -> tuple[Found, ...]:
    """Find what somebody typed as an address, at least one: what has no @ is none beside others that do."""
    meant = tuple(each for each in addresses_in(text) if "@" in each.text)
    return meant or (Found(text, read_whole(text)),)


def offer_instead(runtime: Runtime, meant: str, upload: int) -> None:
    """Offer to ask about the address that was probably meant, by the policy of the check that says so."""
    if st.button(
        f"Check {plain(meant)} instead", on_click=_write, args=(meant,), icon=":material/spellcheck:"
    ):
        _ask(runtime, meant, policy_of_list(runtime.database, upload))


def _write(meant: str) -> None:
    st.session_state[_TEXT] = meant


def _say_several(found: tuple[Found, ...]) -> None:
    """Say that only one can be asked about; what an earlier check found is no answer to it."""
    st.query_params.pop("check", None)
    held = several(len(found), "address", "addresses")
    st.info(f"These are {held}. Type one, or check them as a list.", icon=":material/checklist:")
    link(NEW_LIST, "New list", ":material/add:")
