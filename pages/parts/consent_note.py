"""What a check does and what to mind: read and agreed to before the first one that leaves this machine."""

import streamlit as st

from pages.parts.clock import day_and_time
from runtime import Runtime
from storage.agreements import agree, agreed_at

TITLE = "Before your first check"
AGREE = "I have read this"
AGAIN = "What a check does, and what to mind"

NOTE = """
- **What happens.** For each address, its own mail host is asked whether it would take mail for it. The
  question ends there: no message is sent, and nobody else is asked or told.
- **What they see.** The mail hosts see this machine's internet address and its name, and which addresses it
  asks about. A machine that asks about many wrong addresses may be put on block lists.
- **Your right to the addresses.** Check only addresses that you may hold and use: the people gave their
  consent, or you have another lawful reason, such as a legitimate interest. This is no legal advice; ask
  somebody who knows your law where you are not sure.
- **Your provider's terms.** Some hosting and internet providers forbid checking addresses in this way, or
  close the port it takes. Read their terms first.
"""


def is_read(runtime: Runtime, *, is_dns_only: bool = False) -> bool:
    """Show the note until it is agreed to; tell whether it is, or need not be."""
    if not _is_needed(runtime, is_dns_only=is_dns_only) or agreed_at(runtime.database) is not None:
        return True
    _ask(runtime)
    return False


def offer_note_again(runtime: Runtime, *, is_dns_only: bool = False) -> None:
    """Offer the note to be read again, once it was agreed to."""
    at = agreed_at(runtime.database)
    if at is None or not _is_needed(runtime, is_dns_only=is_dns_only):
        return
    with st.expander(AGAIN, icon=":material/handshake:", key="consent note again"):
        st.markdown(NOTE)
        st.caption(f"Read and agreed to {day_and_time(at)}.")


def _is_needed(runtime: Runtime, *, is_dns_only: bool) -> bool:
    """Tell whether mail hosts elsewhere may be asked.

    In the demo's made-up mail world, which comes with a sample, nothing leaves the machine; by DNS alone no
    mail host is asked.
    """
    return not is_dns_only and runtime.sample is None


def _ask(runtime: Runtime) -> None:
    with st.container(border=True, key="consent-note"):
        st.subheader(TITLE, anchor=False)
        st.markdown(NOTE)
        st.button(AGREE, type="primary", icon=":material/done:", on_click=agree, args=(runtime.database,))
