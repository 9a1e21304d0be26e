"""Which rows of a list hold an address that is on the never-probe list now, whenever it was checked."""

from engine.verdict import Flag

WITH_LISTED = f"""
WITH RECURSIVE over (id, name) AS (
    SELECT domain.id, domain.name FROM upload_domain
    CROSS JOIN domain ON domain.id = upload_domain.domain_id
    WHERE upload_domain.upload_id = :upload AND EXISTS (SELECT 1 FROM never_probed WHERE kind = 'domain')
    UNION ALL SELECT id, substr(name, instr(name, '.') + 1) FROM over WHERE instr(name, '.') > 0
), listed_mailbox (id) AS (
    SELECT mailbox.id FROM over
    CROSS JOIN never_probed ON never_probed.kind = 'domain' AND never_probed.name = over.name
    CROSS JOIN mailbox ON mailbox.domain_id = over.id
    UNION SELECT mailbox.id FROM never_probed
    CROSS JOIN domain ON domain.name = substr(never_probed.name, instr(never_probed.name, '@') + 1)
    CROSS JOIN mailbox ON mailbox.domain_id = domain.id
        AND mailbox.folded = substr(never_probed.name, 1, instr(never_probed.name, '@') - 1)
    WHERE never_probed.kind = 'address'
), listed (row) AS (
    SELECT DISTINCT entry.row FROM listed_mailbox
    CROSS JOIN entry ON entry.mailbox_id = listed_mailbox.id WHERE +entry.upload_id = :upload
    UNION SELECT entry.row FROM entry CROSS JOIN mailbox ON mailbox.id = entry.mailbox_id
    CROSS JOIN never_probed ON never_probed.kind = 'address'
        AND never_probed.name > mailbox.folded || '@' AND never_probed.name < mailbox.folded || 'A'
        AND instr(lower(entry.text), never_probed.name) > 0
    WHERE entry.upload_id = :upload AND entry.corrected <> '' AND EXISTS (SELECT 1 FROM tally
        WHERE tally.upload_id = :upload AND tally.flags & {int(Flag.CORRECTED)} AND tally.count > 0)
)
"""  # noqa: S608 - a constant
"""Begins a statement that may then name `listed`: the rows of `:upload` one of whose addresses is listed.

It walks the list's domains with the names they are under, and the lines that are addresses, each by index;
rows are not looked through, but where some were corrected: those are listed as they are written, too. MX
suffixes hold nobody back here: they only keep hosts unasked.
"""
