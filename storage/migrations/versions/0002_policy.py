"""Policies by client, the one each list is judged by, and the list of what is never probed."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the two tables, and give every list the usual policy.

    Columns are added one by one: to make `upload` anew would drop the old one, and with it, by cascade, all.
    """
    op.create_table(
        "policy",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("changed_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_policy")),
    )
    op.create_table(
        "never_probed",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("added_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "name", name=op.f("pk_never_probed")),
        sqlite_with_rowid=False,
    )
    for name, usual in (("policy_name", ""), ("policy", "{}"), ("judged_policy", "{}")):
        op.add_column("upload", sa.Column(name, sa.String(), server_default=usual, nullable=False))
