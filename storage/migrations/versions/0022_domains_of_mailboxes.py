"""Whose domain a mailbox is at, by itself: side by side, and not in its long rows with all that was said."""

from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Put mailboxes and their domains in an index: about a second, and 15 MB, for each million of them."""
    op.create_index("ix_mailbox_domain", "mailbox", ["id", "domain_id"], unique=False)
