"""What would mend a domain, as records to publish, and how its addresses ended in other lists."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from engine.mending import DnsRecord, records_to_publish
from engine.verdict import Status
from pages.parts.clock import day_and_time
from pages.parts.counting import count
from pages.parts.frame import plain, verbatim
from pages.parts.kept import kept_sayings
from pages.parts.words import STATUSES
from storage.database import Database
from storage.domain_past import PastList, past_of
from storage.health import DomainHealth

_TOO_LONG = 512
"""Characters to which records that are read are cut: one that may be cut is not written out anew."""


def show_said(database: Database, upload: int, name: str) -> None:
    """Show what a domain's host said when it turned us away; nothing where it answered for every address."""
    for said in kept_sayings(database, upload, name):
        st.markdown(f"##### What its host said when it turned us away\n{verbatim(said.text)}")


def show_mending(found: DomainHealth) -> None:
    """Show the DNS records that would mend a domain; nothing where none would."""
    facts = found.facts
    records = records_to_publish(facts.name, facts.provider, facts.route, found.survey)
    whole = [each for each in records if len(each.content) < _TOO_LONG]
    if not whole:
        return
    st.markdown("##### What to publish in its DNS")
    st.caption("For whoever looks after this domain. Ask them to check each record before it goes out.")
    for record in whole:
        st.markdown(f"{plain(record.why)}:")
        st.code(record_line(record), language=None, wrap_lines=True)


def record_line(record: DnsRecord) -> str:
    """Write a record as a zone file has it (RFC 1035, 5.1): a text in quotes, in parts of 255 at the most."""
    if record.kind != "TXT":
        return f"{record.name}. {record.kind} {record.content}"
    parts = (record.content[start : start + _PART] for start in range(0, len(record.content), _PART))
    quoted = " ".join('"{}"'.format(part.replace('"', r"\"")) for part in parts)
    return f"{record.name}. TXT {quoted}"


_PART = 255


def show_past(database: Database, upload: int, name: str) -> None:
    """Show how a domain's addresses ended in other lists; nothing where it stands in no other."""
    past = past_of(database, name, but=upload)
    if not past:
        return
    st.markdown("##### In your other lists")
    st.table(past_table(past), border="horizontal", hide_index=True)


def past_table(past: Sequence[PastList]) -> pd.DataFrame:
    """Write other lists as rows: when each came, and how many of the domain's addresses have which status."""
    return pd.DataFrame(
        {
            "List": [f"**{plain(each.name)}**  \n{day_and_time(each.created_at)}" for each in past],
            "Addresses": [count(each.entries) for each in past],
            "How they stand": [_outcomes(each) for each in past],
        }
    )


def _outcomes(past: PastList) -> str:
    said = [f"{STATUSES[status].name} {count(past.statuses[status])}" for status in Status]
    found = [words for status, words in zip(Status, said, strict=True) if past.statuses[status]]
    waiting = past.entries - sum(past.statuses.values())
    return ", ".join([*found, f"Waiting {count(waiting)}"] if waiting else found)
