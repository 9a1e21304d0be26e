"""The lists that were handed in, and how far each is."""

from typing import ClassVar

from sqlalchemy import ForeignKey, Index, Integer, UniqueConstraint, text
from sqlmodel import Field

from storage.tables.base import Table, cascade


class Upload(Table, table=True):
    """A list as handed in. `settled_count` of `entry_count` entries have their outcome.

    `applied` is the state whose consequences for mailboxes are all written: where it differs from `state`, a
    change broke off and is to be done again. `first_number` is what a spreadsheet shows beside the list's
    first row. `policy` is the policy that its entries are judged by, as it was when it was given to the list
    (`policy_name` says whose it was, `""` for the usual one); where `judged_policy` differs from it, the
    list's entries are still being judged again. `title` is the user's own name for the list (`""`: the file's
    name). From `deleted_at` on it is shown nowhere, and some days later it is purged. `is_single` is a list
    of one address, which somebody asked about by itself: it stands among no lists. Answers older than
    `reuse_days` are asked for anew (null: none that still holds; 0: all). While `sample_size` is not 0, only
    the mailboxes in Sampled, so many, are asked about. `sha256` is that of the whole file, or of the pasted
    text (`""`: not known, as of lists of before). `revision` rises with each set of outcomes that changes.
    """

    __tablename__: ClassVar[str] = "upload"
    __table_args__: ClassVar[tuple[Index, ...]] = (
        Index("ix_upload_running", "id", sqlite_where=text("state = 'running'")),
        Index("ix_upload_single", "id", sqlite_where=text("is_single = 1")),
    )

    id: int | None = Field(default=None, primary_key=True)
    name: str
    sheet_name: str = ""
    continuation: str = Field(index=True)
    state: str
    applied: str = ""
    header: str
    has_header: bool
    address_columns: str
    notes: str = "[]"
    row_count: int = 0
    first_number: int = 1
    entry_count: int = 0
    settled_count: int = 0
    created_at: float
    read_at: float
    started_at: float | None = None
    finished_at: float | None = None
    policy_name: str = Field(default="", sa_column_kwargs={"server_default": ""})
    policy: str = Field(default="{}", sa_column_kwargs={"server_default": "{}"})
    judged_policy: str = Field(default="{}", sa_column_kwargs={"server_default": "{}"})
    is_dns_only: bool = Field(default=False, sa_column_kwargs={"server_default": "0"})
    title: str = Field(default="", sa_column_kwargs={"server_default": ""})
    deleted_at: float | None = None
    reuse_days: float | None = None
    sample_size: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    is_single: bool = Field(default=False, sa_column_kwargs={"server_default": "0"})
    sha256: str = Field(default="", index=True, sa_column_kwargs={"server_default": ""})
    revision: int = Field(default=0, sa_column_kwargs={"server_default": "0"})


class SheetRow(Table, table=True):
    """One row of the user's own cells, as a JSON array in the header's order."""

    __tablename__: ClassVar[str] = "sheet_row"
    __table_args__: ClassVar[dict[str, bool]] = {"sqlite_with_rowid": False}

    upload_id: int = Field(primary_key=True, sa_type=Integer, sa_column_args=cascade("upload.id"))
    number: int = Field(primary_key=True)
    cells: str


AT_STAKE = (
    "reason IN ('blocked', 'blanket_refusal', 'greylisted', 'rate_limited', 'temporary', 'unreachable',"
    " 'timeout', 'dropped', 'budget', 'no_such_domain', 'null_mx', 'no_mail_host', 'dns_failed',"
    " 'unroutable_mx')"
)
"""The condition on entries whose host refused us, put us off or was not reached, or has no mail at all."""


class Entry(Table, table=True):
    """One address in one row of an upload, and its outcome under the list's policy (null: not yet).

    `text` stays as it was read; `corrected` is the address that was asked instead (`""`: none).
    """

    __tablename__: ClassVar[str] = "entry"
    __table_args__: ClassVar[tuple[UniqueConstraint | Index, ...]] = (
        UniqueConstraint("upload_id", "row", "ordinal"),
        Index("ix_entry_mailbox", "mailbox_id"),
        Index("ix_entry_outcome", "upload_id", "status", "reason", "confidence", "flags"),
        Index("ix_entry_at_stake", "upload_id", "reason", "mailbox_id", sqlite_where=text(AT_STAKE)),
    )

    id: int | None = Field(default=None, primary_key=True)
    upload_id: int = Field(sa_type=Integer, sa_column_args=cascade("upload.id"))
    row: int
    column: str
    ordinal: int
    text: str
    detail: str = ""
    mailbox_id: int | None = Field(
        default=None, sa_type=Integer, sa_column_args=[ForeignKey("mailbox.id")], nullable=True
    )
    contact_id: int | None = None
    first_row: int | None = None
    status: str | None = None
    reason: str | None = None
    confidence: int | None = None
    flags: int = 0
    suggestion: str = ""
    settled_at: float | None = None
    corrected: str = Field(default="", sa_column_kwargs={"server_default": ""})


class Tally(Table, table=True):
    """How many entries of a list share status, reason, confidence and flags.

    Every summary of a list is summed from these few rows. The status is `""` where there is no outcome yet.
    """

    __tablename__: ClassVar[str] = "tally"
    __table_args__: ClassVar[dict[str, bool]] = {"sqlite_with_rowid": False}

    upload_id: int = Field(primary_key=True, sa_type=Integer, sa_column_args=cascade("upload.id"))
    is_first: bool = Field(primary_key=True)
    status: str = Field(primary_key=True)
    reason: str = Field(primary_key=True)
    confidence: int = Field(primary_key=True)
    flags: int = Field(primary_key=True)
    count: int = 0


class UploadDomain(Table, table=True):
    """How a list's entries at one domain stand: all of them, and the settled ones by status.

    `position` (from 0) is the domain's place among the list's by size, the biggest first.
    """

    __tablename__: ClassVar[str] = "upload_domain"
    __table_args__: ClassVar[tuple[Index | dict[str, bool], ...]] = (
        Index("ix_upload_domain_entries", "upload_id", "entries"),
        Index("ix_upload_domain_domain", "domain_id"),
        {"sqlite_with_rowid": False},
    )

    upload_id: int = Field(primary_key=True, sa_type=Integer, sa_column_args=cascade("upload.id"))
    domain_id: int = Field(primary_key=True, sa_type=Integer, sa_column_args=cascade("domain.id"))
    entries: int = 0
    valid: int = 0
    invalid: int = 0
    accept_all: int = 0
    risky: int = 0
    unknown: int = 0
    position: int = Field(default=0, sa_column_kwargs={"server_default": "0"})


class Sampled(Table, table=True):
    """A mailbox of a list's sample, with the stratum that it stands for and how many addresses that has."""

    __tablename__: ClassVar[str] = "sampled"
    __table_args__: ClassVar[dict[str, bool]] = {"sqlite_with_rowid": False}

    upload_id: int = Field(primary_key=True, sa_type=Integer, sa_column_args=cascade("upload.id"))
    mailbox_id: int = Field(primary_key=True)
    stratum: str
    stratum_size: int
