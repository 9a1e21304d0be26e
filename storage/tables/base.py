"""What all tables have in common."""

from sqlalchemy import ForeignKey, MetaData
from sqlalchemy.orm import registry
from sqlmodel import SQLModel

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Table(SQLModel, registry=registry(metadata=MetaData(naming_convention=_NAMES))):
    """The base of all tables, with a registry of its own so that a second import does no harm."""


def cascade(column: str) -> list[ForeignKey]:
    """Delete what hangs on a row with it."""
    return [ForeignKey(column, ondelete="CASCADE")]
