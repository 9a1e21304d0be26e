"""Whose turn it is: lanes and ranks of domains, ranks of mailboxes, places of a list's domains by size."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the columns, and put what waits already into the order of its rows."""
    op.add_column("domain", sa.Column("lane", sa.String(), server_default="", nullable=False))
    op.add_column("domain", sa.Column("rank", sa.Float(), server_default="0", nullable=False))
    op.add_column("mailbox", sa.Column("rank", sa.Float(), server_default="0", nullable=False))
    op.add_column("upload_domain", sa.Column("position", sa.Integer(), server_default="0", nullable=False))
    _make_tables()
    _make_indexes()
    for statement in _FILLED:
        op.execute(statement)


_FILLED = (
    "UPDATE domain SET rank = id WHERE due_at IS NOT NULL OR is_awaited = 1",
    "UPDATE domain SET lane = CASE WHEN needs_probe = 0 THEN '-' WHEN provider = 'other' THEN ''"
    " ELSE provider END WHERE facts IS NOT NULL",
    "UPDATE domain SET lane = route_key WHERE lane = '' AND route_key IN (SELECT route_key FROM domain"
    " WHERE lane = '' AND route_key <> '' GROUP BY route_key HAVING count(*) >= 200)",
    "INSERT INTO lane_clock (lane, clock) SELECT DISTINCT lane, 0 FROM domain"
    " WHERE lane = route_key AND lane <> ''",
    "UPDATE mailbox SET rank = id WHERE is_wanted = 1 AND due_at IS NOT NULL",
    "UPDATE upload_domain SET position = domain_id",
)


def _make_tables() -> None:
    op.create_table(
        "lane_clock",
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("clock", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("lane", name=op.f("pk_lane_clock")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "turn",
        sa.Column("upload_id", sa.Integer(), nullable=False),
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("base", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["upload_id"], ["upload.id"], name=op.f("fk_turn_upload_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("upload_id", "lane", name=op.f("pk_turn")),
        sqlite_with_rowid=False,
    )


def _make_indexes() -> None:
    op.drop_index("ix_domain_resolve", table_name="domain")
    for name, table, columns, where in _INDEXES:
        op.create_index(name, table, columns, unique=False, sqlite_where=sa.text(where))


_IS_CLAIMABLE = "due_at IS NOT NULL AND resolve_at IS NULL"
_INDEXES = (
    ("ix_domain_turn", "domain", ["lane", "rank", "due_at"], _IS_CLAIMABLE),
    ("ix_domain_mates", "domain", ["route_key", "rank", "due_at"], _IS_CLAIMABLE),
    (
        "ix_domain_look_up",
        "domain",
        ["rank", "resolve_at"],
        "resolve_at IS NOT NULL AND (due_at IS NOT NULL OR is_awaited = 1)",
    ),
    ("ix_domain_uncrowded", "domain", ["route_key"], "lane = '' AND route_key <> ''"),
    (
        "ix_mailbox_turn",
        "mailbox",
        ["domain_id", "rank"],
        "is_wanted = 1 AND due_at IS NOT NULL AND attempts = 0",
    ),
    ("ix_upload_running", "upload", ["id"], "state = 'running'"),
)
