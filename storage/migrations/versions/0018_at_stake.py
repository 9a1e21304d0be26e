"""An index of the entries whose hosts do not say: Domains ranks them, and they are a few of a list's."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

AT_STAKE = (
    "reason IN ('blocked', 'blanket_refusal', 'greylisted', 'rate_limited', 'temporary', 'unreachable',"
    " 'timeout', 'dropped', 'budget')"
)


def upgrade() -> None:
    """Add the index, with what its condition is spelled like: a query has to say the same to use it."""
    op.create_index(
        "ix_entry_at_stake", "entry", ["upload_id", "reason", "mailbox_id"], sqlite_where=sa.text(AT_STAKE)
    )
