"""A list kept once more with the slips of its domains corrected; the list itself stays as it is."""

import json
from collections import Counter
from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, Row, text

from engine.address import Address
from engine.intake.cell import addresses_in
from engine.intake.correction import Correction, find_slips, has_slip
from engine.never_probed import NeverProbed
from engine.reason import Reason
from engine.verdict import Flag, Status
from storage.catalogue import LONGEST_NAME, rename_list
from storage.codec import load_policy
from storage.database import Database
from storage.intake import save_upload
from storage.kept_sheet import bare_sheet, with_rows
from storage.listed_rows import HAS_CORRECTED
from storage.never_probed import read_never_probed
from storage.policies import NamedPolicy
from storage.progress import Tell, tell_nobody
from storage.uploads import Choice, continuation_of, find_upload, upload_row

_READING = 0.1
"""About which share of the work it is to read a list's rows; the others are spent on keeping them."""


def fix_slips(database: Database, upload: int, tell: Tell = tell_nobody) -> int | None:
    """Keep a list once more with its surely mistyped domains corrected too, and give its id.

    It is not started yet. Where there is such a list already, that one is given. None where there is no such
    domain, or nobody there may be asked about. `tell` hears the share (0-1) that is done. Raises StoreFails
    where the database cannot be written.
    """
    with database.reading() as connection:
        row = upload_row(connection, upload)
    if row is None:
        return None
    policy = NamedPolicy(row.policy_name, load_policy(row.policy))
    corrections = _corrections(database, upload, read_never_probed(database, policy.policy))
    if not corrections:
        return None
    choice = Choice(
        tuple(json.loads(row.address_columns)),
        is_dns_only=bool(row.is_dns_only),
        policy=policy,
        corrections=corrections,
    )
    earlier = find_upload(database, continuation_of(bare_sheet(row), choice))
    return _keep(database, row, choice, tell) if earlier is None else earlier


def may_fix(database: Database, upload: int) -> bool:
    """Tell whether a list has a surely mistyped domain, as far as a short look tells: else it may.

    Whether somebody there may be asked about is not looked up: `fix_slips` does that.
    """
    with database.reading() as connection:
        names = connection.execute(_LIKELY, {"upload": upload, "most": MOST_LOOKED_AT}).scalars().all()
    return has_slip(names) or len(names) == MOST_LOOKED_AT


MOST_LOOKED_AT = 4_000
"""How many domains are looked at to tell whether any is mistyped: some hundredths of a second."""


def _keep(database: Database, row: Row[Any], choice: Choice, tell: Tell) -> int:
    sheet = with_rows(database, row, bare_sheet(row), lambda share: tell(_READING * share))
    fixed = save_upload(database, sheet, choice, lambda share: tell(_READING + (1 - _READING) * share))
    rename_list(database, fixed, f"{row.title or row.name}, corrected"[:LONGEST_NAME])
    return fixed


def _corrections(database: Database, upload: int, listed: NeverProbed) -> tuple[Correction, ...]:
    """Give the corrections that a list has with those it wants; none where it wants none."""
    with database.reading() as connection:
        slips = find_slips(_askable(connection, upload, listed))
        made = _made(connection, upload) if slips else {}
    wanted = {slip.correction.wrong: slip.correction.right for slip in slips}
    return tuple(Correction(*pair) for pair in sorted((made | wanted).items()))


def _askable(connection: Connection, upload: int, listed: NeverProbed) -> Counter[str]:
    """Count a list's addresses at mistyped domains, but for those that nobody is to be asked about."""
    names = connection.execute(_DOMAINS, {"upload": upload}).scalars()
    wrong = [slip.correction.wrong for slip in find_slips(dict.fromkeys(names, 1))]
    addresses = _addresses_at(connection, upload, wrong)
    return Counter(each.domain for each in addresses if not listed.holds(each))


def _addresses_at(connection: Connection, upload: int, domains: Collection[str]) -> list[Address]:
    names = {"upload": upload, "domains": json.dumps(list(domains)), "unasked": Reason.NEVER_PROBED}
    return [Address(row.local_part, row.name) for row in connection.execute(_AT, names)]


_DOMAINS = text(
    "SELECT domain.name FROM upload_domain AS listed CROSS JOIN domain ON domain.id = listed.domain_id"
    " WHERE listed.upload_id = :upload"
)
# Whoever has an answer at a mistyped domain is flagged: it has no more of any status than are flagged in all.
_ANSWERED = [status for status in Status if status is not Status.UNKNOWN]
_SLIPS = ", ".join(f"total(iif(status = '{status}', count, 0)) AS {status}" for status in _ANSWERED)
_MAY_BE_SLIP = " AND ".join(f"listed.{status} <= slips.{status}" for status in _ANSWERED)
_LIKELY = text(
    f"SELECT domain.name FROM (SELECT listed.domain_id FROM (SELECT {_SLIPS} FROM tally"  # noqa: S608
    f" WHERE upload_id = :upload AND flags & {int(Flag.TYPO)}) AS slips CROSS JOIN upload_domain AS listed"
    f" WHERE listed.upload_id = :upload AND {_MAY_BE_SLIP} ORDER BY listed.valid > 0 LIMIT :most) AS likely"
    " CROSS JOIN domain ON domain.id = likely.domain_id"
)
_AT = text(
    "SELECT mailbox.local_part, domain.name FROM json_each(:domains) AS wrong"
    " CROSS JOIN domain ON domain.name = wrong.value CROSS JOIN mailbox ON mailbox.domain_id = domain.id"
    " CROSS JOIN entry ON entry.mailbox_id = mailbox.id"
    " WHERE +entry.upload_id = :upload AND entry.reason IS NOT :unasked"
)


def _made(connection: Connection, upload: int) -> dict[str, str]:
    """Give the corrections that a list was kept with, as far as they changed an address."""
    pairs = {}
    for row in connection.execute(_CORRECTED, {"upload": upload}):
        *_, found = addresses_in(row.written)
        if isinstance(found.result, Address):
            pairs[found.result.domain] = row.corrected.rpartition("@")[2]
    return pairs


_CORRECTED = text(
    "SELECT min(entry.text) AS written, entry.corrected"  # noqa: S608 - a constant
    f" FROM (SELECT 1 WHERE {HAS_CORRECTED.format(':upload')}) CROSS JOIN entry"
    " WHERE entry.upload_id = :upload AND entry.corrected <> ''"
    " GROUP BY substr(entry.text, instr(entry.text, '@')),"
    " substr(entry.corrected, instr(entry.corrected, '@'))"
)
"""One of a list's corrected entries for each way that its domain is written."""
