"""What the user lays down: clients' policies, who is never asked, and what is to be shown no more."""

from typing import ClassVar

from sqlmodel import Field

from storage.tables.base import Table


class ClientPolicy(Table, table=True):
    """A client's policy by the client's name, as JSON; lists keep a copy of the one given to them."""

    __tablename__: ClassVar[str] = "policy"

    name: str = Field(primary_key=True)
    value: str
    changed_at: float


class NeverProbed(Table, table=True):
    """One line of the never-probe list: a domain, an MX suffix or an address, and why it stands there."""

    __tablename__: ClassVar[str] = "never_probed"
    __table_args__: ClassVar[dict[str, bool]] = {"sqlite_with_rowid": False}

    kind: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    why: str
    added_at: float


class Dismissed(Table, table=True):
    """Something that the user wants to see no more, such as the tour of the first run."""

    __tablename__: ClassVar[str] = "dismissed"
    __table_args__: ClassVar[dict[str, bool]] = {"sqlite_with_rowid": False}

    what: str = Field(primary_key=True)
    dismissed_at: float
