"""The never-probe list by whose it is: a line stands once for each of the user's own lists that names it."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Make the table anew, since its key grows, with the lines there are; no other table hangs on it."""
    op.rename_table("never_probed", "never_probed_before")
    op.create_table(
        "never_probed",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("source", sa.String(), server_default="", nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("added_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "name", "source", name=op.f("pk_never_probed")),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO never_probed (kind, name, why, added_at)"
        " SELECT kind, name, why, added_at FROM never_probed_before"
    )
    op.drop_table("never_probed_before")
    op.create_index("ix_never_probed_source", "never_probed", ["source"], unique=False)
