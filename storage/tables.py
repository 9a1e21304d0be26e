"""The tables. Times are Unix seconds; JSON columns hold text."""

from typing import ClassVar

from sqlalchemy import ForeignKey, Index, Integer, MetaData, UniqueConstraint, text
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Table(SQLModel, registry=registry(metadata=MetaData(naming_convention=_NAMES))):
    """The base of all tables, with a registry of its own so that a second import does no harm."""


def _cascade(column: str) -> list[ForeignKey]:
    return [ForeignKey(column, ondelete="CASCADE")]


class Upload(Table, table=True):
    """A list as handed in. `settled_count` of `entry_count` entries have their outcome.

    `applied` is the state whose consequences for mailboxes are all written: where it differs from `state`, a
    change broke off and is to be done again. `first_number` is what a spreadsheet shows beside the list's
    first row. `policy` is the policy that its entries are judged by, as it was when it was given to the list
    (`policy_name` says whose it was, `""` for the usual one); where `judged_policy` differs from it, the
    list's entries are still being judged again.
    """

    __tablename__: ClassVar[str] = "upload"
    __table_args__: ClassVar[tuple[Index, ...]] = (
        Index("ix_upload_running", "id", sqlite_where=text("state = 'running'")),
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
    is_fresh_wanted: bool = False
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


class SheetRow(Table, table=True):
    """One row of the user's own cells, as a JSON array in the header's order."""

    __tablename__: ClassVar[str] = "sheet_row"
    __table_args__: ClassVar[dict[str, bool]] = {"sqlite_with_rowid": False}

    upload_id: int = Field(primary_key=True, sa_type=Integer, sa_column_args=_cascade("upload.id"))
    number: int = Field(primary_key=True)
    cells: str


_IS_CLAIMABLE = "due_at IS NOT NULL AND resolve_at IS NULL"
_IS_LOOK_UP_WANTED = "resolve_at IS NOT NULL AND (due_at IS NOT NULL OR is_awaited = 1)"


class Domain(Table, table=True):
    """A domain and what is known of it.

    `resolve_at` is when it should be looked up (null: no need), `due_at` when the first of its wanted
    mailboxes is due (null: none); `is_awaited` says that a list wants no more than its route. `lane` and
    `rank` say whose turn it is (storage/turns). `facts` holds the whole of engine's DomainFacts. From
    `survey_at` on it is to be surveyed (null: no need); `survey` holds the whole of engine's Survey, and the
    columns after it what lists filter and count by.
    """

    __tablename__: ClassVar[str] = "domain"
    __table_args__: ClassVar[tuple[Index, ...]] = (
        Index("ix_domain_due", "due_at", sqlite_where=text("due_at IS NOT NULL")),
        Index("ix_domain_turn", "lane", "rank", "due_at", sqlite_where=text(_IS_CLAIMABLE)),
        Index("ix_domain_mates", "route_key", "rank", "due_at", sqlite_where=text(_IS_CLAIMABLE)),
        Index("ix_domain_look_up", "rank", "resolve_at", sqlite_where=text(_IS_LOOK_UP_WANTED)),
        Index("ix_domain_uncrowded", "route_key", sqlite_where=text("lane = '' AND route_key <> ''")),
        Index("ix_domain_survey", "survey_at", sqlite_where=text("survey_at IS NOT NULL")),
        Index("ix_domain_awaited", "resolve_at", sqlite_where=text("is_awaited = 1")),
    )

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    facts: str | None = None
    route_kind: str | None = None
    route_key: str = ""
    provider: str = ""
    mx_host: str = ""
    accept_all: str | None = None
    spf: str | None = None
    dmarc: str | None = None
    needs_probe: bool = True
    portion: int = 1
    resolved_at: float | None = None
    resolve_at: float | None = None
    due_at: float | None = None
    mx_count: int | None = None
    offers_tls: bool | None = None
    survey: str | None = None
    survey_at: float | None = None
    spf_state: str | None = None
    dmarc_state: str | None = None
    mta_sts: bool | None = None
    tls_rpt: bool | None = None
    bimi: bool | None = None
    parked: bool | None = None
    health: int | None = None
    is_awaited: bool = Field(default=False, sa_column_kwargs={"server_default": "0"})
    lane: str = Field(default="", sa_column_kwargs={"server_default": ""})
    rank: float = Field(default=0.0, sa_column_kwargs={"server_default": "0"})


class Mailbox(Table, table=True):
    """A distinct address: domain and case-folded local part, asked with the spelling first seen.

    Its state is waiting, active, deferred or settled. `due_at` is when it may be claimed (null: settled);
    while it is active that is the end of its lease. It is claimed only while a running upload wants it;
    `rank` says whose turn it is at its domain.
    """

    __tablename__: ClassVar[str] = "mailbox"
    __table_args__: ClassVar[tuple[UniqueConstraint | Index, ...]] = (
        UniqueConstraint("domain_id", "folded"),
        Index(
            "ix_mailbox_due",
            "domain_id",
            "due_at",
            sqlite_where=text("is_wanted = 1 AND due_at IS NOT NULL"),
        ),
        Index(
            "ix_mailbox_put_off",
            "domain_id",
            "due_at",
            sqlite_where=text("is_wanted = 1 AND due_at IS NOT NULL AND attempts > 0"),
        ),
        Index(
            "ix_mailbox_turn",
            "domain_id",
            "rank",
            sqlite_where=text("is_wanted = 1 AND due_at IS NOT NULL AND attempts = 0"),
        ),
        Index("ix_mailbox_state", "state", sqlite_where=text("state IN ('active', 'deferred')")),
    )

    id: int | None = Field(default=None, primary_key=True)
    domain_id: int = Field(sa_type=Integer, sa_column_args=_cascade("domain.id"))
    folded: str
    local_part: str
    state: str = "waiting"
    due_at: float | None = None
    is_wanted: bool = False
    attempts: int = 0
    why: str | None = None
    recipient: str | None = None
    evidence: str | None = None
    trace: str | None = None
    checks: int = 0
    checked_at: float | None = None
    expires_at: float | None = None
    rank: float = Field(default=0.0, sa_column_kwargs={"server_default": "0"})


class Entry(Table, table=True):
    """One address in one row of an upload, and its outcome under the list's policy (null: not yet)."""

    __tablename__: ClassVar[str] = "entry"
    __table_args__: ClassVar[tuple[UniqueConstraint | Index, ...]] = (
        UniqueConstraint("upload_id", "row", "ordinal"),
        Index("ix_entry_mailbox", "mailbox_id"),
        Index("ix_entry_status", "upload_id", "status", "row"),
    )

    id: int | None = Field(default=None, primary_key=True)
    upload_id: int = Field(sa_type=Integer, sa_column_args=_cascade("upload.id"))
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


class Tally(Table, table=True):
    """How many entries of a list share status, reason, confidence and flags.

    Every summary of a list is summed from these few rows. The status is `""` where there is no outcome yet.
    """

    __tablename__: ClassVar[str] = "tally"
    __table_args__: ClassVar[dict[str, bool]] = {"sqlite_with_rowid": False}

    upload_id: int = Field(primary_key=True, sa_type=Integer, sa_column_args=_cascade("upload.id"))
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
        {"sqlite_with_rowid": False},
    )

    upload_id: int = Field(primary_key=True, sa_type=Integer, sa_column_args=_cascade("upload.id"))
    domain_id: int = Field(primary_key=True, sa_type=Integer, sa_column_args=_cascade("domain.id"))
    entries: int = 0
    valid: int = 0
    invalid: int = 0
    accept_all: int = 0
    risky: int = 0
    unknown: int = 0
    position: int = Field(default=0, sa_column_kwargs={"server_default": "0"})


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

    upload_id: int = Field(primary_key=True, sa_type=Integer, sa_column_args=_cascade("upload.id"))
    lane: str = Field(primary_key=True)
    base: float


class SettledCheck(Table, table=True):
    """One settled check of a mailbox, kept for its history: `number` counts from 1."""

    __tablename__: ClassVar[str] = "settled_check"
    __table_args__: ClassVar[dict[str, bool]] = {"sqlite_with_rowid": False}

    mailbox_id: int = Field(primary_key=True, sa_type=Integer, sa_column_args=_cascade("mailbox.id"))
    number: int = Field(primary_key=True)
    settled_at: float
    status: str
    reason: str
    attempts: int


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


class Hold(Table, table=True):
    """A domain of which nobody is asked before `until`, and why: its host put everybody off, or is paused."""

    __tablename__: ClassVar[str] = "hold"

    domain_id: int = Field(primary_key=True, sa_type=Integer, sa_column_args=_cascade("domain.id"))
    until: float
    why: str


class Pause(Table, table=True):
    """Hosts that are let alone until a time, and why: a domain's, an MX set's, a provider's, or all."""

    __tablename__: ClassVar[str] = "pause"
    __table_args__: ClassVar[dict[str, bool]] = {"sqlite_with_rowid": False}

    scope: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    since: float
    until: float
    rounds: int
    share: float
    why: str = Field(sa_column_kwargs={"server_default": "blocked"})
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
