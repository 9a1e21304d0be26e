"""Whose turn it is, who is let alone, and which engine asks."""

from typing import ClassVar

from sqlalchemy import Integer
from sqlmodel import Field

from storage.tables.base import Table, cascade


class LaneClock(Table, table=True):
    """How far a lane has come: the greatest rank that was claimed there."""

    __tablename__: ClassVar[str] = "lane_clock"
    __table_args__: ClassVar[dict[str, bool]] = {"sqlite_with_rowid": False}

    lane: str = Field(primary_key=True)
    clock: float


class Turn(Table, table=True):
    """How far a lane had come when a list started; its domains there have their ranks from that on."""

    __tablename__: ClassVar[str] = "turn"
    __table_args__: ClassVar[dict[str, bool]] = {"sqlite_with_rowid": False}

    upload_id: int = Field(primary_key=True, sa_type=Integer, sa_column_args=cascade("upload.id"))
    lane: str = Field(primary_key=True)
    base: float


class Hold(Table, table=True):
    """A domain of which nobody is asked before `until`, and why: its host put everybody off, or is paused."""

    __tablename__: ClassVar[str] = "hold"

    domain_id: int = Field(primary_key=True, sa_type=Integer, sa_column_args=cascade("domain.id"))
    until: float
    why: str


class Pause(Table, table=True):
    """Hosts that are let alone until a time, and why: a domain's, an MX set's, a provider's, or all.

    The same hosts may refuse us and not answer besides: those are two pauses, and each ends by itself.
    """

    __tablename__: ClassVar[str] = "pause"
    __table_args__: ClassVar[dict[str, bool]] = {"sqlite_with_rowid": False}

    scope: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    since: float
    until: float
    rounds: int
    share: float
    why: str = Field(primary_key=True, sa_column_kwargs={"server_default": "blocked"})
    borne: int = Field(sa_column_kwargs={"server_default": "1"})


class EngineLease(Table, table=True):
    """The one row that says which engine works on this database, how it is, and what it is doing (JSON)."""

    __tablename__: ClassVar[str] = "engine_lease"

    id: int = Field(default=1, primary_key=True)
    token: str
    host: str
    pid: int
    boot_id: str
    heartbeat_at: float
    notice: str
    snapshot: str | None = None
