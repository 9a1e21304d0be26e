"""An index of the three-letter pieces of every entry's text, so that a part of an address is found at once."""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Make the index over the entries there are, and let it forget each that is deleted."""
    op.execute(
        "CREATE VIRTUAL TABLE entry_words USING fts5"
        " (text, content='entry', content_rowid='id', tokenize='trigram', detail='none', columnsize=0)"
    )
    op.execute("INSERT INTO entry_words (entry_words) VALUES ('rebuild')")
    op.execute(
        "CREATE TRIGGER entry_words_deleted BEFORE DELETE ON entry BEGIN"
        " INSERT INTO entry_words (entry_words, rowid, text) VALUES ('delete', old.id, old.text); END"
    )
