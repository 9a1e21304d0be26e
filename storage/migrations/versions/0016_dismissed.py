"""What was dismissed on the screens, so that it does not come back by itself."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Add the table: nothing was dismissed before."""
    op.create_table(
        "dismissed",
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("dismissed_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("what", name="pk_dismissed"),
        sqlite_with_rowid=False,
    )
