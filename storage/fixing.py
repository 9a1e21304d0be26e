"""A list kept once more with the slips of its domains corrected; the list itself stays as it is."""

import json

import pandas as pd
from sqlalchemy import Connection, Row, text

from engine.intake.correction import Correction, find_slips
from engine.intake.sheet import Sheet
from engine.value import value
from storage.catalogue import LONGEST_NAME, rename_list
from storage.codec import load_policy
from storage.database import Database
from storage.intake import save_upload
from storage.policies import NamedPolicy
from storage.uploads import Choice, upload_row


@value
class Fixed:
    """The list that was kept once more, and how many addresses of it were corrected."""

    upload: int
    addresses: int


def fix_slips(database: Database, upload: int) -> Fixed | None:
    """Keep a list once more with its surely mistyped domains corrected; it is not started yet.

    None where there is no such domain. Raises StoreFails where the database cannot be written.
    """
    with database.reading() as connection:
        row = upload_row(connection, upload)
        slips = find_slips(_by_domain(connection, upload))
        if row is None or not slips:
            return None
        sheet = _sheet(connection, row)
    fixed = save_upload(database, sheet, _choice(row, tuple(slip.correction for slip in slips)))
    rename_list(database, fixed, f"{row.title or row.name}, corrected"[:LONGEST_NAME])
    return Fixed(fixed, sum(slip.addresses for slip in slips))


def _by_domain(connection: Connection, upload: int) -> dict[str, int]:
    rows = connection.execute(
        text(
            "SELECT domain.name, listed.entries FROM upload_domain AS listed"
            " CROSS JOIN domain ON domain.id = listed.domain_id WHERE listed.upload_id = :upload"
        ),
        {"upload": upload},
    )
    return {row.name: row.entries for row in rows}


def _sheet(connection: Connection, row: Row[tuple[object, ...]]) -> Sheet:
    """Give the sheet as it was handed in, with all its cells."""
    cells = connection.execute(
        text("SELECT cells FROM sheet_row WHERE upload_id = :upload ORDER BY number"), {"upload": row.id}
    )
    return Sheet(
        row.name,
        pd.DataFrame([json.loads(each) for each in cells.scalars()], columns=json.loads(row.header)),
        has_header=bool(row.has_header),
        sha256=row.continuation,
        sheet_name=row.sheet_name,
        skipped=row.first_number - 1 - bool(row.has_header),
        notes=tuple(json.loads(row.notes)),
    )


def _choice(row: Row[tuple[object, ...]], corrections: tuple[Correction, ...]) -> Choice:
    return Choice(
        tuple(json.loads(row.address_columns)),
        row.reuse_days,
        is_dns_only=bool(row.is_dns_only),
        policy=NamedPolicy(row.policy_name, load_policy(row.policy)),
        corrections=corrections,
    )
