"""Which client's policy a page is about; and naming, copying and deleting policies, in dialogs."""

from enum import StrEnum
from typing import NoReturn

import streamlit as st

from engine.policy import DEFAULT_POLICY, Policy
from pages.parts.consent import is_agreed
from pages.parts.counting import several
from pages.parts.frame import plain
from pages.parts.policy_editor import let_changes_go
from pages.parts.question import Question
from runtime import Runtime
from storage.policies import (
    LONGEST_NAME,
    NamedPolicy,
    UnusableName,
    all_policies,
    lists_judged_by,
    policy_name_of,
    remove_policy,
    rename_policy,
    save_policy,
)

_PICKER = "client picker"
_SEEN_LAST = "client seen last"


class Act(StrEnum):
    """What can be done with policies, as its button says it."""

    NEW = "New policy"
    COPY = "Copy"
    RENAME = "Rename"
    DELETE = "Delete"


_QUESTION: Question[tuple[Act, NamedPolicy | None]] = Question("policy asked")
_ICONS = {
    Act.NEW: ":material/add:",
    Act.COPY: ":material/content_copy:",
    Act.RENAME: ":material/edit:",
    Act.DELETE: ":material/delete:",
}


def chosen_client(runtime: Runtime) -> NamedPolicy | None:
    """Show whose policy this is and what can be done with it; None where no client has one."""
    known = {named.name: named for named in all_policies(runtime.database)}
    if not known:
        _offer(Act.NEW, None, "primary")
        return None
    chosen = _asked_for(list(known))
    st.session_state[_PICKER] = chosen
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox("Client", list(known), key=_PICKER, on_change=_remember_pick, width=320)
        for act in (Act.NEW, Act.COPY, Act.RENAME, Act.DELETE):
            _offer(act, known[chosen])
    st.query_params["client"] = st.session_state[_SEEN_LAST] = chosen
    return known[chosen]


def _asked_for(names: list[str]) -> str:
    wished = (st.query_params.get("client"), st.session_state.get(_SEEN_LAST))
    return next((name for name in wished if name in names), names[0])


def _remember_pick() -> None:
    see(st.session_state[_PICKER])


def see(name: str) -> None:
    """Have a client's policy shown from now on."""
    st.query_params["client"] = st.session_state[_SEEN_LAST] = name


def _offer(act: Act, named: NamedPolicy | None, kind: str = "secondary") -> None:
    if st.button(act.value, icon=_ICONS[act], type=kind, key=f"policy {act}"):
        _QUESTION.ask((act, named))


def naming_and_deleting(runtime: Runtime) -> None:
    """Show the question for a name, or whether to delete, where one was asked."""
    _QUESTION.show(lambda asked: _DIALOGS[asked[0]](runtime, asked[1]))


@st.dialog("New policy", on_dismiss=_QUESTION.answered)
def _new(runtime: Runtime, _: NamedPolicy | None) -> None:
    st.caption("It begins as the usual policy; then you say what is different for this client.")
    _ask_to_keep(runtime, "", "Create", DEFAULT_POLICY)


@st.dialog("Copy this policy", on_dismiss=_QUESTION.answered)
def _copy(runtime: Runtime, named: NamedPolicy) -> None:
    st.caption(f"The copy begins as the policy of {plain(named.name)} is saved.")
    _ask_to_keep(runtime, f"{named.name} (copy)"[:LONGEST_NAME], "Copy", named.policy)


def _ask_to_keep(runtime: Runtime, suggested: str, act: str, policy: Policy) -> None:
    name, is_sent = _ask_name(suggested, act)
    if not is_sent:
        return
    try:
        new = policy_name_of(runtime.database, name)
    except UnusableName as error:
        _refuse(error)
        return
    save_policy(runtime.database, NamedPolicy(new, policy))
    _go_to(new)


@st.dialog("Rename this policy", on_dismiss=_QUESTION.answered)
def _rename(runtime: Runtime, named: NamedPolicy) -> None:
    name, is_sent = _ask_name(named.name, "Rename")
    if not is_sent:
        return
    try:
        new = rename_policy(runtime.database, named.name, name)
    except UnusableName as error:
        _refuse(error)
        return
    _go_to(new)


def _ask_name(suggested: str, act: str) -> tuple[str, bool]:
    with st.form("policy name", border=False):
        name = st.text_input("Client's name", suggested, max_chars=LONGEST_NAME)
        return name, st.form_submit_button(act, type="primary")


def _refuse(error: UnusableName) -> None:
    st.error(f"{plain(str(error))}.", icon=":material/error:")


def _go_to(name: str) -> NoReturn:
    _QUESTION.answered()
    see(name)
    st.rerun()


@st.dialog("Delete this policy?", on_dismiss=_QUESTION.answered)
def _delete(runtime: Runtime, named: NamedPolicy) -> None:
    lists = len(lists_judged_by(runtime.database, named))
    stay = (
        f" {several(lists, 'list')} judged by it {'stays' if lists == 1 else 'stay'} as now." if lists else ""
    )
    st.write(f"The policy of **{plain(named.name)}** goes, and cannot be brought back.{stay}")
    if is_agreed("Delete the policy", "Keep it", _QUESTION.answered, ":material/delete:"):
        remove_policy(runtime.database, named.name)
        let_changes_go(named.name)
        st.rerun()


_DIALOGS = {Act.NEW: _new, Act.COPY: _copy, Act.RENAME: _rename, Act.DELETE: _delete}
