"""What the user lays down: policies, who is never asked, what was agreed to, and what is shown no more."""

from typing import ClassVar

from sqlalchemy import Index
from sqlmodel import Field

from storage.tables.base import Table


class ClientPolicy(Table, table=True):
    """A client's policy by the client's name, as JSON; lists keep a copy of the one given to them."""

    __tablename__: ClassVar[str] = "policy"

    name: str = Field(primary_key=True)
    value: str
    changed_at: float


class NeverProbed(Table, table=True):
    """One line of the never-probe list: a domain, an MX suffix or an address, and why it stands there.

    `source` is the user's own list that it came with (`""`: none); a line stands once for each of them, so
    that none is lifted by taking another list away.
    """

    __tablename__: ClassVar[str] = "never_probed"
    __table_args__: ClassVar[tuple[Index | dict[str, bool], ...]] = (
        Index("ix_never_probed_source", "source"),
        {"sqlite_with_rowid": False},
    )

    kind: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    source: str = Field(default="", primary_key=True, sa_column_kwargs={"server_default": ""})
    why: str
    added_at: float


class Agreement(Table, table=True):
    """A note that was read and agreed to in this installation, and when."""

    __tablename__: ClassVar[str] = "agreement"
    __table_args__: ClassVar[dict[str, bool]] = {"sqlite_with_rowid": False}

    name: str = Field(primary_key=True)
    agreed_at: float


class Dismissed(Table, table=True):
    """Something that the user wants to see no more, such as the tour of the first run."""

    __tablename__: ClassVar[str] = "dismissed"
    __table_args__: ClassVar[dict[str, bool]] = {"sqlite_with_rowid": False}

    what: str = Field(primary_key=True)
    dismissed_at: float
