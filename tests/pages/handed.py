"""Lists that the tests of New list save beside a page, and what may go wrong with them."""

from engine.intake.read import read_sheet
from engine.work_queue import StoreFails
from pages.parts.keeping import Handed
from storage.uploads import Choice

FRUITS = b"email\nfig@orchard.sandbox\nplum@orchard.sandbox\n"
LONG_S = 30.0
FULL = StoreFails("The database cannot be used just now: disk full")


def fruits(name="fruits.csv"):
    """Give a list as it is handed in."""
    return Handed(read_sheet(FRUITS, name), Choice(("email",)))


def do_nothing(_upload, _tell):
    """Start nobody."""


class Failing:
    """A database that fails the next writes in these ways, once it is told to."""

    def __init__(self, database, *troubles):
        self._database, self._troubles, self._is_armed = database, list(troubles), False

    def fail(self, _upload, _tell):
        """Begin to fail: as the start of a list, so that the ones after it cannot be saved."""
        self._is_armed = True

    def writing(self):
        """Open a write, or fail."""
        if self._is_armed and self._troubles:
            raise self._troubles.pop(0)
        return self._database.writing()

    def __getattr__(self, name):
        return getattr(self._database, name)


def over(keeping):
    """Have lists saved, to the end."""
    keeping.begin()
    assert keeping.is_over(LONG_S)
    return keeping
