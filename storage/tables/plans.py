"""What the user has planned to do with lists."""

from typing import ClassVar

from sqlalchemy import Integer
from sqlmodel import Field

from storage.tables.base import Table, cascade


class PlannedSend(Table, table=True):
    """A list that is asked again from `ask_at` on, before a send at `send_at`; `scope` says about whom.

    `begun_at` is when that began, and `asked_at` when every row up to the last had been looked at; between
    the two, the rows before `next_row` have been. `reopened` counts the mailboxes that are asked again.
    """

    __tablename__: ClassVar[str] = "planned_send"

    upload_id: int = Field(primary_key=True, sa_type=Integer, sa_column_args=cascade("upload.id"))
    send_at: float
    ask_at: float
    scope: str
    next_row: int = 0
    reopened: int = 0
    begun_at: float | None = None
    asked_at: float | None = None
