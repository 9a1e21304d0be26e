"""A client's policy as it is being edited: each choice with what it does, and saving it."""

from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from engine.own_domains import UnusableDomains, parse_domains, prove_apart
from engine.policy import LARGEST_SMALL_DOMAIN, Policy
from engine.shown_domain import readable
from pages.parts.frame import plain
from pages.parts.policy_sayings import (
    DISPOSABLE_DOMAINS,
    LEAST_CONFIDENCE,
    NEVER_PROBED_DOMAINS,
    QUESTIONS,
    TRUSTED_DOMAINS,
)
from pages.parts.turns import begin_anew, keyed
from runtime import Runtime
from storage.policies import NamedPolicy, save_policy

_SAID = "policy said"
_TOP = 100
_LINES_PX = 140


def edit(client: NamedPolicy) -> Policy | None:
    """Show a client's policy to be changed; None while something in it cannot be understood.

    What was changed and not saved is there again when the visitor comes back to the page.
    """
    st.subheader("What counts as what", anchor=False)
    answers = {field: _ask(client, field) for field in QUESTIONS}
    least = st.slider(
        "Least confidence",
        0,
        _TOP,
        client.policy.least_confidence,
        key=_key(client, "least confidence"),
        persist_state="session",
    )
    st.caption(LEAST_CONFIDENCE)
    changed = replace(client.policy, **answers, least_confidence=least)
    return _with_domains(client, _with_limits(client, changed))


def _key(client: NamedPolicy, field: str) -> str:
    """Name a field's widget: another for each client, for what is saved, and once changes were let go."""
    return f"{keyed(_form(client.name))} {field} {hash(client.policy)}"


def _form(name: str) -> str:
    return f"policy {name}"


def let_changes_go(name: str) -> None:
    """Forget what was changed of a client's policy and not saved."""
    begin_anew(_form(name))


def _ask(client: NamedPolicy, field: str) -> object:
    question = QUESTIONS[field]
    answer = st.segmented_control(
        question.name,
        list(question.answers),
        default=getattr(client.policy, field),
        required=True,
        format_func=lambda each: question.answers[each].name,
        help=question.help,
        key=_key(client, field),
        persist_state="session",
    )
    st.caption(question.answers[answer].advice)
    return answer


def _with_limits(client: NamedPolicy, policy: Policy) -> Policy:
    with st.expander("When a list is ready to send", icon=":material/outgoing_mail:"):
        st.caption("Results and the report say whether a list is ready by these limits. No status changes.")
        valid = st.number_input(
            "At least valid, %",
            0,
            _TOP,
            policy.least_valid,
            key=_key(client, "least valid"),
            persist_state="session",
        )
        unknown = st.number_input(
            "At most unknown among small domains, %",
            0,
            _TOP,
            policy.most_unknown,
            key=_key(client, "most unknown"),
            persist_state="session",
        )
        small = st.number_input(
            "A domain is small with fewer addresses than",
            1,
            LARGEST_SMALL_DOMAIN,
            policy.small_domain,
            key=_key(client, "small domain"),
            persist_state="session",
        )
        bounces = st.number_input(
            "At most expected bounces, %",
            0.0,
            float(_TOP),
            float(policy.most_bounces),
            0.5,
            format="%.1f",
            key=_key(client, "most bounces"),
            persist_state="session",
        )
    return replace(policy, least_valid=valid, most_unknown=unknown, small_domain=small, most_bounces=bounces)


def _with_domains(client: NamedPolicy, policy: Policy) -> Policy | None:
    """Offer the client's own lists of domains; a line that names none is told of below it."""
    with st.expander("Domains of this client", icon=":material/dns:", expanded=policy.names_domains):
        disposable = _domains(client, "Always disposable", policy.disposable_domains, DISPOSABLE_DOMAINS)
        trusted = _domains(client, "Trusted", policy.trusted_domains, TRUSTED_DOMAINS)
        unasked = _domains(client, "Nobody asked there", policy.never_probed_domains, NEVER_PROBED_DOMAINS)
        if disposable is None or trusted is None or unasked is None:
            return None
        try:
            prove_apart(disposable, trusted)
        except UnusableDomains as error:
            _refuse(error)
            return None
    return replace(
        policy, disposable_domains=disposable, trusted_domains=trusted, never_probed_domains=unasked
    )


def _domains(client: NamedPolicy, name: str, kept: tuple[str, ...], said: str) -> tuple[str, ...] | None:
    shown = "\n".join(map(readable, kept))
    lines = st.text_area(name, shown, height=_LINES_PX, key=_key(client, name), persist_state="session")
    st.caption(said)
    try:
        return parse_domains(lines)
    except UnusableDomains as error:
        _refuse(error)
        return None


def _refuse(error: UnusableDomains) -> None:
    told = str(error)
    st.error(f"{plain(told[:1].upper() + told[1:])}.", icon=":material/error:")


def show_saving(runtime: Runtime, client: NamedPolicy, draft: Policy | None) -> DeltaGenerator:
    """Offer to save what was changed, or to go back to what is saved; say what was done last.

    While there is something to save, this stays at the lower edge of the window. Give the place in it for
    what is found of the change: that may take a while, and Save need not wait for it.
    """
    if said := st.session_state.pop(_SAID, None):
        st.toast(said, icon=":material/check:")
    is_changed = draft != client.policy
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=_ROWS[is_changed]):
        if st.button(
            "Save", type="primary", icon=":material/save:", disabled=draft is None or not is_changed
        ):
            keep(runtime, NamedPolicy(client.name, draft))
            st.rerun()
        st.button("Discard", disabled=not is_changed, on_click=let_changes_go, args=(client.name,))
        _say_saved(is_saved=not is_changed)
        return st.empty()


def _say_saved(*, is_saved: bool) -> None:
    """Say whether all is saved."""
    if is_saved:
        st.caption("Saved", width="content")
    else:
        st.badge("Not saved yet", icon=":material/edit:", color="orange")


_ROWS = {True: "at-hand-policy", False: "policy saved"}
"""What the row with Save is called, by whether there is something to save."""


def keep(runtime: Runtime, named: NamedPolicy) -> None:
    """Save a client's policy, and have that said."""
    save_policy(runtime.database, named)
    st.session_state[_SAID] = f"The policy of {plain(named.name)} is saved"
