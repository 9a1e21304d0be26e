"""What the engine is doing, kept beside its lease for a page to show."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the column; an engine fills it with its first heartbeat."""
    op.add_column("engine_lease", sa.Column("snapshot", sa.String(), nullable=True))
