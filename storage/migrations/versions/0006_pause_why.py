"""Why hosts are let alone: they refuse us, or do not answer; and how many pauses in a row are borne."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add both: every pause of before was for refusals, and the second in a row was final."""
    op.add_column("pause", sa.Column("why", sa.String(), server_default="blocked", nullable=False))
    op.add_column("pause", sa.Column("borne", sa.Integer(), server_default="1", nullable=False))
