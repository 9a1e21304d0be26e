"""Lists that are checked by DNS alone, and the domains whose routes they await."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add both marks: no list of before is one, and no domain is awaited."""
    op.add_column("upload", sa.Column("is_dns_only", sa.Boolean(), server_default="0", nullable=False))
    op.add_column("domain", sa.Column("is_awaited", sa.Boolean(), server_default="0", nullable=False))
    op.create_index(
        "ix_domain_awaited",
        "domain",
        ["resolve_at"],
        unique=False,
        sqlite_where=sa.text("is_awaited = 1"),
    )
