"""Planned sends: a list is asked again some days before each; storage/planned does it when it is due."""

import json
from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, text

from engine.value import value
from storage.bulk import rows_of
from storage.database import Database

SEND_LASTS_S = 43_200.0
"""Seconds after `send_at`, which is noon, for which a send is not over: to the end of its day."""


class Scope(StrEnum):
    """About whom a list is asked again before a send."""

    AGEING = "ageing"
    """Those whose answers will be too old by then, and all unknown ones."""
    UNKNOWN = "unknown"


@value
class Plan:
    """A planned send of a list and when it is asked again before it (Unix seconds).

    From `begun_at` on it is being asked again; at `asked_at` it was known about whom, `reopened` addresses.
    """

    upload: int
    send_at: float
    ask_at: float
    scope: Scope = Scope.AGEING
    begun_at: float | None = None
    asked_at: float | None = None
    reopened: int = 0

    def is_over(self, now: float) -> bool:
        """Tell whether the day of the send is over."""
        return now >= self.send_at + SEND_LASTS_S


def plan_send(database: Database, plan: Plan) -> None:
    """Plan a send of a list, unless it is checked by DNS alone; an earlier plan of it is given up."""
    with database.writing() as connection:
        connection.execute(
            text(
                "INSERT OR REPLACE INTO planned_send (upload_id, send_at, ask_at, scope, next_row, reopened)"
                " SELECT id, :send_at, :ask_at, :scope, 0, 0 FROM upload"
                " WHERE id = :upload AND is_dns_only = 0"
            ),
            {"upload": plan.upload, "send_at": plan.send_at, "ask_at": plan.ask_at, "scope": plan.scope},
        )


def give_up_plan(database: Database, upload: int) -> None:
    """Take a plan back; what is being asked about already goes on."""
    with database.writing() as connection:
        drop_plan(connection, upload)


def drop_plan(connection: Connection, upload: int) -> None:
    """Take a plan back together with whatever else is written."""
    rows_of(connection, "DELETE FROM planned_send WHERE upload_id = ?", upload)


def plans_of(database: Database, uploads: Sequence[int]) -> dict[int, Plan]:
    """Give the plans of these lists, by list."""
    with database.reading() as connection:
        rows = connection.execute(_PLANS, {"uploads": json.dumps(list(uploads))})
        return {row.upload_id: _plan(row) for row in rows}


_PLANS = text("SELECT * FROM planned_send WHERE upload_id IN (SELECT value FROM json_each(:uploads))")


def _plan(row: Row[Any]) -> Plan:
    return Plan(
        row.upload_id, row.send_at, row.ask_at, Scope(row.scope), row.begun_at, row.asked_at, row.reopened
    )
