"""What would mend a domain, and how its addresses ended in other lists."""

import time

from engine.mending import DnsRecord
from engine.verdict import Status
from pages.parts.domain_more import past_table, record_line
from storage.domain_past import PastList


def test_a_record_is_written_as_a_zone_file_has_it():
    dmarc = DnsRecord("_dmarc.orchard.com", "TXT", "v=DMARC1; p=none", "Asks for reports")
    assert record_line(dmarc) == '_dmarc.orchard.com. TXT "v=DMARC1; p=none"'
    mx = DnsRecord("orchard.com", "MX", "10 mail.orchard.com.", "Names a mail host")
    assert record_line(mx) == "orchard.com. MX 10 mail.orchard.com."


def test_a_long_text_is_quoted_in_parts_that_the_dns_can_hold():
    long = record_line(DnsRecord("orchard.com", "TXT", "v" * 300, ""))
    assert long == f'orchard.com. TXT "{"v" * 255}" "{"v" * 45}"'


def test_another_list_says_how_the_addresses_stand_there():
    statuses = dict.fromkeys(Status, 0) | {Status.VALID: 1200, Status.INVALID: 3}
    table = past_table([PastList(1, "Spring", time.time(), 1204, statuses)])
    assert table.iloc[0]["List"].startswith("**Spring**  \ntoday ")
    assert table.iloc[0]["How they stand"] == "Valid 1,200, Invalid 3, Waiting 1"
