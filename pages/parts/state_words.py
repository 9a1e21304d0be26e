"""How a list stands, in words: one whose sample is checked is not simply paused."""

from pages.parts.words import SAMPLE_CHECKED, STATES
from storage.database import Database
from storage.sampling import sample_standing
from storage.summaries import Standing
from storage.uploads import UploadState


def state_in_words(database: Database, standing: Standing) -> str:
    """Say how a list stands."""
    return SAMPLE_CHECKED if is_sample_through(database, standing) else STATES[standing.state]


def is_sample_through(database: Database, standing: Standing) -> bool:
    """Tell whether a list waits for its owner's decision, as everybody in its sample has an answer."""
    is_open = standing.state is UploadState.PAUSED and standing.sample_size > 0
    return is_open and sample_standing(database, standing.upload).is_through
