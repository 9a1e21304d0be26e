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
    """Show the note until it is agreed to, and offer it to read again from then on; tell whether it is.

    In the demo's made-up mail world, which comes with a sample, nothing leaves the machine, and by DNS alone
    no mail host is asked: there is nothing to agree to then.
    """
    if is_dns_only or runtime.sample is not None:
        return True
    at = agreed_at(runtime.database)
    if at is not None:
        _offer_again(at)
        return True
    _ask(runtime)
    return False


def _ask(runtime: Runtime) -> None:
    with st.container(border=True, key="consent-note"):
        st.subheader(TITLE, anchor=False)
        st.markdown(NOTE)
        st.button(AGREE, type="primary", icon=":material/done:", on_click=agree, args=(runtime.database,))


def _offer_again(at: float) -> None:
    with st.expander(AGAIN, icon=":material/handshake:", key="consent note again"):
        st.markdown(NOTE)
        st.caption(f"Read and agreed to {day_and_time(at)}.")
