"""A list kept once more with the slips of its domains corrected; the list itself stays as it is."""

import json
from collections import Counter
from collections.abc import Collection
from pathlib import PurePath
from typing import Any

from sqlalchemy import Connection, Row, text

from engine.address import Address
from engine.intake.cell import addresses_in
from engine.intake.correction import Correction, Slip, find_slips, has_slip
from engine.intake.sheet import Sheet
from engine.reason import Reason
from engine.value import value
from engine.verdict import Flag, Status
from storage.catalogue import LONGEST_NAME
from storage.codec import load_policy
from storage.database import Database
from storage.intake import save_once
from storage.kept_sheet import bare_sheet, with_rows
from storage.listed_rows import HAS_CORRECTED
from storage.never_probed import read_never_probed
from storage.policies import NamedPolicy
from storage.progress import Tell, tell_nobody
from storage.uploads import Choice, continuation_of, find_made, upload_row

_READING = 0.1
"""About which share of the work it is to read a list's rows; the others are spent on keeping them."""


@value
class Fixing:
    """What a new list with a list's slips corrected would be: which slips, and of how many addresses.

    `held` of those at such domains stay as they are: nobody may be asked about them now. `earlier` is the
    list where it was made before, or is being made; `title` and `rows` are the new one's.
    """

    upload: int
    title: str
    rows: int
    slips: tuple[Slip, ...] = ()
    held: int = 0
    earlier: int | None = None

    @property
    def addresses(self) -> int:
        """How many addresses would be asked at the right domain."""
        return sum(slip.addresses for slip in self.slips)


def plan_fixing(database: Database, upload: int) -> Fixing | None:
    """Say what a list would be with its surely mistyped domains corrected too; None where there is none."""
    with database.reading() as connection:
        row = upload_row(connection, upload)
    if row is None:
        return None
    slips, held = _slips_of(database, row)
    sheet = f" ({row.sheet_name})" if row.sheet_name else ""
    name = " ".join((row.title or PurePath(row.name).stem + sheet).split())
    title = f"{name[: LONGEST_NAME - len(_CORRECTED_TOO)]}{_CORRECTED_TOO}"
    earlier = _made_before(database, bare_sheet(row), _choice(database, row, slips)) if slips else None
    return Fixing(upload, title, row.row_count, slips, held, earlier)


_CORRECTED_TOO = ", corrected"
"""What is added to a list's name."""


def _made_before(database: Database, sheet: Sheet, choice: Choice) -> int | None:
    with database.reading() as connection:
        return find_made(connection, continuation_of(sheet, choice))


def fix_slips(database: Database, fixing: Fixing, tell: Tell = tell_nobody) -> int:
    """Keep a list once more as it was planned, and give its id; it is not started yet.

    Where somebody else made it meanwhile, or is about to, that one is given. `tell` hears the share (0-1)
    that is done. Raises StoreFails where the database cannot be written.
    """
    with database.reading() as connection:
        row = upload_row(connection, fixing.upload)
    assert row is not None, "a list is there for days after it was deleted"
    sheet, choice = bare_sheet(row), _choice(database, row, fixing.slips)
    if (made := _made_before(database, sheet, choice)) is not None:
        return made
    whole = with_rows(database, row, sheet, lambda share: tell(_READING * share))
    return save_once(
        database, whole, choice, fixing.title, lambda share: tell(_READING + (1 - _READING) * share)
    )


def may_fix(database: Database, upload: int) -> bool:
    """Tell whether a list has a surely mistyped domain, as far as a short look tells: else it may.

    Whether somebody there may be asked about is not looked up: `plan_fixing` does that.
    """
    with database.reading() as connection:
        names = connection.execute(_LIKELY, {"upload": upload, "most": MOST_LOOKED_AT}).scalars().all()
    return has_slip(names) or len(names) == MOST_LOOKED_AT


MOST_LOOKED_AT = 4_000
"""How many domains are looked at to tell whether any is mistyped: some hundredths of a second."""
_ALL = -1


def _choice(database: Database, row: Row[Any], slips: Collection[Slip]) -> Choice:
    """Choose what was chosen of a list before, and the corrections that it wants besides those it has."""
    with database.reading() as connection:
        made = _made(connection, row.id)
    wanted = {slip.correction.wrong: slip.correction.right for slip in slips}
    return Choice(
        tuple(json.loads(row.address_columns)),
        is_dns_only=bool(row.is_dns_only),
        policy=_policy(row),
        corrections=tuple(Correction(*pair) for pair in sorted((made | wanted).items())),
    )


def _policy(row: Row[Any]) -> NamedPolicy:
    return NamedPolicy(row.policy_name, load_policy(row.policy))


def _slips_of(database: Database, row: Row[Any]) -> tuple[tuple[Slip, ...], int]:
    """Find a list's slips, and count who at such domains may not be asked about."""
    listed = read_never_probed(database, _policy(row).policy)
    with database.reading() as connection:
        names = connection.execute(_LIKELY, {"upload": row.id, "most": _ALL}).scalars()
        wrong = [slip.correction.wrong for slip in find_slips(dict.fromkeys(names, 1))]
        addresses = _addresses_at(connection, row.id, wrong)
    askable = Counter(each.domain for each in addresses if not listed.holds(each))
    return find_slips(askable), len(addresses) - askable.total()


def _addresses_at(connection: Connection, upload: int, domains: Collection[str]) -> list[Address]:
    names = {"upload": upload, "domains": json.dumps(list(domains)), "unasked": Reason.NEVER_PROBED}
    return [Address(row.local_part, row.name) for row in connection.execute(_AT, names)]


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
    "SELECT mailbox.local_part, domain.name FROM json_each(:domains) AS wrong"  # noqa: S608 - a constant
    " CROSS JOIN domain ON domain.name = wrong.value CROSS JOIN mailbox ON mailbox.domain_id = domain.id"
    " CROSS JOIN entry ON entry.mailbox_id = mailbox.id"
    " WHERE +entry.upload_id = :upload AND entry.reason IS NOT :unasked"
    f" AND (entry.status IS NULL OR entry.flags & {int(Flag.TYPO)})"
)
"""A list's addresses at domains that look mistyped, but where one turned out to have mail hosts."""


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
