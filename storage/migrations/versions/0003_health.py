"""What domains publish about their mail, and how healthy they are by it."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the columns, empty: a domain is surveyed after its next look-up."""
    for column in (
        sa.Column("mx_count", sa.Integer(), nullable=True),
        sa.Column("offers_tls", sa.Boolean(), nullable=True),
        sa.Column("survey", sa.String(), nullable=True),
        sa.Column("survey_at", sa.Float(), nullable=True),
        sa.Column("spf_state", sa.String(), nullable=True),
        sa.Column("dmarc_state", sa.String(), nullable=True),
        sa.Column("mta_sts", sa.Boolean(), nullable=True),
        sa.Column("tls_rpt", sa.Boolean(), nullable=True),
        sa.Column("bimi", sa.Boolean(), nullable=True),
        sa.Column("parked", sa.Boolean(), nullable=True),
        sa.Column("health", sa.Integer(), nullable=True),
    ):
        op.add_column("domain", column)
    op.create_index(
        "ix_domain_survey",
        "domain",
        ["survey_at"],
        unique=False,
        sqlite_where=sa.text("survey_at IS NOT NULL"),
    )
