"""Which file a list was read from, so that the same one handed in again can be told."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Add the column; of which file the lists of before were read nobody knows."""
    op.add_column("upload", sa.Column("sha256", sa.String(), server_default="", nullable=False))
    op.create_index("ix_upload_sha256", "upload", ["sha256"])
