"""Single addresses that somebody asks about by themselves: lists of one, which stand among no lists."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Add the column: all lists there are were handed in as lists."""
    op.add_column("upload", sa.Column("is_single", sa.Boolean(), server_default="0", nullable=False))
    op.create_index(
        "ix_upload_single", "upload", ["id"], unique=False, sqlite_where=sa.text("is_single = 1")
    )
