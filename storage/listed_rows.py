"""Which rows of a list hold an address that is on the never-probe list now, whenever it was checked."""

DOMAIN_OF_NAME = (
    "substr(never_probed.name, length(rtrim(never_probed.name, replace(never_probed.name, '@', ''))) + 1)"
)
LOCAL_PART_OF_NAME = (
    "substr(never_probed.name, 1, length(rtrim(never_probed.name, replace(never_probed.name, '@', ''))) - 1)"
)
"""An address on the list, parted at its last @ sign."""

WITH_LISTED = (
    "WITH RECURSIVE over (id, name) AS ("
    "SELECT domain.id, domain.name FROM upload_domain CROSS JOIN domain ON domain.id = upload_domain.domain_id"
    " WHERE upload_domain.upload_id = :upload AND EXISTS (SELECT 1 FROM never_probed WHERE kind = 'domain')"
    " UNION ALL SELECT id, substr(name, instr(name, '.') + 1) FROM over WHERE instr(name, '.') > 0"
    "), listed_mailbox (id) AS ("
    "SELECT mailbox.id FROM over CROSS JOIN never_probed"
    " ON never_probed.kind = 'domain' AND never_probed.name = over.name"
    " CROSS JOIN mailbox ON mailbox.domain_id = over.id"
    " UNION SELECT mailbox.id FROM never_probed"
    f" CROSS JOIN domain ON domain.name = {DOMAIN_OF_NAME}"
    f" CROSS JOIN mailbox ON mailbox.domain_id = domain.id AND mailbox.folded = {LOCAL_PART_OF_NAME}"
    " WHERE never_probed.kind = 'address'"
    "), listed (row) AS ("
    "SELECT DISTINCT entry.row FROM listed_mailbox CROSS JOIN entry ON entry.mailbox_id = listed_mailbox.id"
    " WHERE +entry.upload_id = :upload) "
)
"""Begins a statement that may then name `listed`: the rows of `:upload` one of whose addresses is on the list.

It walks the list's domains with the names they are under, and the lines that are addresses, each by index; the
rows themselves are not looked through. MX suffixes hold nobody back here: they only keep hosts unasked.
"""
