"""What would mend a domain, and how its addresses ended in other lists."""

import time

from engine.mending import DnsRecord
from engine.verdict import Status
from pages.parts.domain_more import past_table, records_table
from storage.domain_past import PastList


def test_a_record_is_shown_as_it_is_to_be_published():
    table = records_table([DnsRecord("_dmarc.orchard.com", "TXT", "v=DMARC1; p=none", "Asks for reports")])
    assert table.iloc[0].tolist() == [
        "\\_dmarc\\.orchard\\.com", "TXT", "`v=DMARC1; p=none`  \nAsks for reports",
    ]  # fmt: skip


def test_another_list_says_how_the_addresses_stand_there():
    statuses = dict.fromkeys(Status, 0) | {Status.VALID: 1200, Status.INVALID: 3}
    table = past_table([PastList(1, "Spring", time.time(), 1204, statuses)])
    assert table.iloc[0]["List"].startswith("**Spring**  \ntoday ")
    assert table.iloc[0]["How they stand"] == "Valid 1,200, Invalid 3, Waiting 1"
