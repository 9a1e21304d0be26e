"""How often a list's outcomes changed, which tells one state of the list from the next."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Add the column; it tells apart what comes, so lists of before may begin with any number."""
    op.add_column("upload", sa.Column("revision", sa.Integer(), server_default="0", nullable=False))
