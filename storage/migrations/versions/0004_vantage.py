"""When we are the problem: pauses, and domains that wait as a whole."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make both tables, and find quickly who has been put off."""
    op.create_table(
        "hold",
        sa.Column("domain_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.Float(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["domain_id"], ["domain.id"], name=op.f("fk_hold_domain_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("domain_id", name=op.f("pk_hold")),
    )
    op.create_table(
        "pause",
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("since", sa.Float(), nullable=False),
        sa.Column("until", sa.Float(), nullable=False),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.Column("share", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("scope", "name", name=op.f("pk_pause")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_mailbox_put_off",
        "mailbox",
        ["domain_id", "due_at"],
        unique=False,
        sqlite_where=sa.text("is_wanted = 1 AND due_at IS NOT NULL AND attempts > 0"),
    )
