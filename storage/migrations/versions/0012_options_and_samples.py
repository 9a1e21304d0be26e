"""How old an answer may be to be reused; lists of which a sample is checked first; what was read and agreed to."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Say of lists that were asked anew that no answer was young enough, and add the two tables."""
    op.add_column("upload", sa.Column("reuse_days", sa.Float(), nullable=True))
    op.execute("UPDATE upload SET reuse_days = 0 WHERE is_fresh_wanted = 1")
    op.drop_column("upload", "is_fresh_wanted")
    op.add_column("upload", sa.Column("sample_size", sa.Integer(), server_default="0", nullable=False))
    op.create_table(
        "sampled",
        sa.Column("upload_id", sa.Integer(), nullable=False),
        sa.Column("mailbox_id", sa.Integer(), nullable=False),
        sa.Column("stratum", sa.String(), nullable=False),
        sa.Column("stratum_size", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["upload_id"], ["upload.id"], name=op.f("fk_sampled_upload_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("upload_id", "mailbox_id", name=op.f("pk_sampled")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "agreement",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("agreed_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_agreement")),
        sqlite_with_rowid=False,
    )
