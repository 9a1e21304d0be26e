"""The first schema: lists, rows, entries, mailboxes, domains, counters, checks and the engine's lease."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make every table, those that others point to first."""
    _make_domain()
    _make_engine_lease()
    _make_upload()
    _make_mailbox()
    _make_sheet_row()
    _make_tally()
    _make_upload_domain()
    _make_entry()
    _make_settled_check()


def _make_domain() -> None:
    op.create_table(
        "domain",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("facts", sa.String(), nullable=True),
        sa.Column("route_kind", sa.String(), nullable=True),
        sa.Column("route_key", sa.String(), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("mx_host", sa.String(), nullable=False),
        sa.Column("accept_all", sa.String(), nullable=True),
        sa.Column("spf", sa.String(), nullable=True),
        sa.Column("dmarc", sa.String(), nullable=True),
        sa.Column("needs_probe", sa.Boolean(), nullable=False),
        sa.Column("portion", sa.Integer(), nullable=False),
        sa.Column("resolved_at", sa.Float(), nullable=True),
        sa.Column("resolve_at", sa.Float(), nullable=True),
        sa.Column("due_at", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_domain")),
        sa.UniqueConstraint("name", name=op.f("uq_domain_name")),
    )
    with op.batch_alter_table("domain", schema=None) as batch_op:
        batch_op.create_index(
            "ix_domain_due", ["due_at"], unique=False, sqlite_where=sa.text("due_at IS NOT NULL")
        )
        batch_op.create_index(
            "ix_domain_resolve", ["resolve_at"], unique=False, sqlite_where=sa.text("resolve_at IS NOT NULL")
        )


def _make_engine_lease() -> None:
    op.create_table(
        "engine_lease",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("boot_id", sa.String(), nullable=False),
        sa.Column("heartbeat_at", sa.Float(), nullable=False),
        sa.Column("notice", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engine_lease")),
    )


def _make_upload() -> None:
    op.create_table(
        "upload",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sheet_name", sa.String(), nullable=False),
        sa.Column("continuation", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("applied", sa.String(), nullable=False),
        sa.Column("header", sa.String(), nullable=False),
        sa.Column("has_header", sa.Boolean(), nullable=False),
        sa.Column("address_columns", sa.String(), nullable=False),
        sa.Column("notes", sa.String(), nullable=False),
        sa.Column("is_fresh_wanted", sa.Boolean(), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("first_number", sa.Integer(), nullable=False),
        sa.Column("entry_count", sa.Integer(), nullable=False),
        sa.Column("settled_count", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("read_at", sa.Float(), nullable=False),
        sa.Column("started_at", sa.Float(), nullable=True),
        sa.Column("finished_at", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
    )
    with op.batch_alter_table("upload", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_upload_continuation"), ["continuation"], unique=False)


def _make_mailbox() -> None:
    op.create_table(
        "mailbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("domain_id", sa.Integer(), nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sa.Column("local_part", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("due_at", sa.Float(), nullable=True),
        sa.Column("is_wanted", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("recipient", sa.String(), nullable=True),
        sa.Column("evidence", sa.String(), nullable=True),
        sa.Column("trace", sa.String(), nullable=True),
        sa.Column("checks", sa.Integer(), nullable=False),
        sa.Column("checked_at", sa.Float(), nullable=True),
        sa.Column("expires_at", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(
            ["domain_id"], ["domain.id"], name=op.f("fk_mailbox_domain_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailbox")),
        sa.UniqueConstraint("domain_id", "folded", name=op.f("uq_mailbox_domain_id_folded")),
    )
    with op.batch_alter_table("mailbox", schema=None) as batch_op:
        batch_op.create_index(
            "ix_mailbox_due",
            ["domain_id", "due_at"],
            unique=False,
            sqlite_where=sa.text("is_wanted = 1 AND due_at IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_mailbox_state",
            ["state"],
            unique=False,
            sqlite_where=sa.text("state IN ('active', 'deferred')"),
        )


def _make_sheet_row() -> None:
    op.create_table(
        "sheet_row",
        sa.Column("upload_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("cells", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["upload_id"], ["upload.id"], name=op.f("fk_sheet_row_upload_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("upload_id", "number", name=op.f("pk_sheet_row")),
        sqlite_with_rowid=False,
    )


def _make_tally() -> None:
    op.create_table(
        "tally",
        sa.Column("upload_id", sa.Integer(), nullable=False),
        sa.Column("is_first", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("confidence", sa.Integer(), nullable=False),
        sa.Column("flags", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["upload_id"], ["upload.id"], name=op.f("fk_tally_upload_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(
            "upload_id", "is_first", "status", "reason", "confidence", "flags", name=op.f("pk_tally")
        ),
        sqlite_with_rowid=False,
    )


def _make_upload_domain() -> None:
    op.create_table(
        "upload_domain",
        sa.Column("upload_id", sa.Integer(), nullable=False),
        sa.Column("domain_id", sa.Integer(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("valid", sa.Integer(), nullable=False),
        sa.Column("invalid", sa.Integer(), nullable=False),
        sa.Column("accept_all", sa.Integer(), nullable=False),
        sa.Column("risky", sa.Integer(), nullable=False),
        sa.Column("unknown", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["domain_id"], ["domain.id"], name=op.f("fk_upload_domain_domain_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["upload_id"], ["upload.id"], name=op.f("fk_upload_domain_upload_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("upload_id", "domain_id", name=op.f("pk_upload_domain")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("upload_domain", schema=None) as batch_op:
        batch_op.create_index("ix_upload_domain_entries", ["upload_id", "entries"], unique=False)


def _make_entry() -> None:
    op.create_table(
        "entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("upload_id", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("column", sa.String(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("mailbox_id", sa.Integer(), nullable=True),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("first_row", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("confidence", sa.Integer(), nullable=True),
        sa.Column("flags", sa.Integer(), nullable=False),
        sa.Column("suggestion", sa.String(), nullable=False),
        sa.Column("settled_at", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(["mailbox_id"], ["mailbox.id"], name=op.f("fk_entry_mailbox_id")),
        sa.ForeignKeyConstraint(
            ["upload_id"], ["upload.id"], name=op.f("fk_entry_upload_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry")),
        sa.UniqueConstraint("upload_id", "row", "ordinal", name=op.f("uq_entry_upload_id_row_ordinal")),
    )
    with op.batch_alter_table("entry", schema=None) as batch_op:
        batch_op.create_index("ix_entry_mailbox", ["mailbox_id"], unique=False)
        batch_op.create_index("ix_entry_status", ["upload_id", "status", "row"], unique=False)


def _make_settled_check() -> None:
    op.create_table(
        "settled_check",
        sa.Column("mailbox_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("settled_at", sa.Float(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mailbox_id"], ["mailbox.id"], name=op.f("fk_settled_check_mailbox_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("mailbox_id", "number", name=op.f("pk_settled_check")),
        sqlite_with_rowid=False,
    )
    # ### end Alembic commands ###
