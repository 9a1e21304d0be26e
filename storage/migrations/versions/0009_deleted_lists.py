"""Lists that have a name of the user's own, and lists that were deleted."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add both columns, and the index by which a domain that no list names any more goes quickly."""
    op.add_column("upload", sa.Column("title", sa.String(), server_default="", nullable=False))
    op.add_column("upload", sa.Column("deleted_at", sa.Float(), nullable=True))
    op.create_index("ix_upload_domain_domain", "upload_domain", ["domain_id"], unique=False)
