"""The tables, by subject; `Table.metadata` is all of them.

Times are Unix seconds; JSON columns hold text.
"""

from storage.tables import lists, mailboxes, plans, rules, turns
from storage.tables.base import Table

__all__ = ["Table", "lists", "mailboxes", "plans", "rules", "turns"]
