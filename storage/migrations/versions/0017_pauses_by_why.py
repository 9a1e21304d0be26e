"""Pauses by why: hosts may refuse us and not answer besides, and neither pause lifts the other."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Make the table anew, since its key grows, with the pauses there are; no other table hangs on it."""
    op.rename_table("pause", "pause_before")
    op.create_table(
        "pause",
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("since", sa.Float(), nullable=False),
        sa.Column("until", sa.Float(), nullable=False),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.Column("share", sa.Float(), nullable=False),
        sa.Column("why", sa.String(), server_default="blocked", nullable=False),
        sa.Column("borne", sa.Integer(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("scope", "name", "why", name=op.f("pk_pause")),
        sqlite_with_rowid=False,
    )
    columns = "scope, name, since, until, rounds, share, why, borne"
    op.execute(f"INSERT INTO pause ({columns}) SELECT {columns} FROM pause_before")
    op.drop_table("pause_before")
