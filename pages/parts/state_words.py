"""How a list stands, in words: one whose sample is checked is not simply paused."""

from engine.reason import Reason
from pages.parts.words import SAMPLE_CHECKED, STATES
from storage.database import Database
from storage.sampling import sample_standing
from storage.summaries import Standing, Summary
from storage.uploads import UploadState


def state_in_words(database: Database, standing: Standing) -> str:
    """Say how a list stands."""
    return SAMPLE_CHECKED if is_sample_through(database, standing) else STATES[standing.state]


NOT_BEGUN = "Charts and reasons come with the first answers. Nobody was asked yet."
"""What is said in their place before a list is started."""


def is_nothing_known(summary: Summary) -> bool:
    """Tell whether a list waits for its start, and nothing is told of it but which texts are no addresses."""
    is_waiting = summary.standing.state is UploadState.READY
    return is_waiting and all(cell.reason in _SEEN_AT_ONCE for cell in summary.cells)


_SEEN_AT_ONCE = (Reason.EMPTY, Reason.MALFORMED)


def is_sample_through(database: Database, standing: Standing) -> bool:
    """Tell whether a list waits for its owner's decision, as everybody in its sample has an answer."""
    is_open = standing.state is UploadState.PAUSED and standing.sample_size > 0
    return is_open and sample_standing(database, standing.upload).is_through
