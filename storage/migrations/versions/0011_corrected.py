"""Entries whose address was corrected: the address that was asked instead of the one that was read."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add the column; nothing was corrected before."""
    op.add_column("entry", sa.Column("corrected", sa.String(), server_default="", nullable=False))
