"""Planned sends: lists that are asked again some days before."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Make the table of planned sends, at most one a list."""
    op.create_table(
        "planned_send",
        sa.Column("upload_id", sa.Integer(), nullable=False),
        sa.Column("send_at", sa.Float(), nullable=False),
        sa.Column("ask_at", sa.Float(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("next_row", sa.Integer(), nullable=False),
        sa.Column("reopened", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.Float(), nullable=True),
        sa.Column("asked_at", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(
            ["upload_id"], ["upload.id"], name="fk_planned_send_upload_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("upload_id", name="pk_planned_send"),
    )
