"""The domains and mailboxes of all lists, and what is known of them."""

from typing import ClassVar

from sqlalchemy import Index, Integer, UniqueConstraint, text
from sqlmodel import Field

from storage.tables.base import Table, cascade

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
        Index("ix_mailbox_domain", "id", "domain_id"),
        Index("ix_mailbox_state", "state", sqlite_where=text("state IN ('active', 'deferred')")),
    )

    id: int | None = Field(default=None, primary_key=True)
    domain_id: int = Field(sa_type=Integer, sa_column_args=cascade("domain.id"))
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


class SettledCheck(Table, table=True):
    """One settled check of a mailbox, kept for its history: `number` counts from 1."""

    __tablename__: ClassVar[str] = "settled_check"
    __table_args__: ClassVar[dict[str, bool]] = {"sqlite_with_rowid": False}

    mailbox_id: int = Field(primary_key=True, sa_type=Integer, sa_column_args=cascade("mailbox.id"))
    number: int = Field(primary_key=True)
    settled_at: float
    status: str
    reason: str
    attempts: int
