"""Lists that were handed in before: told of before the same file is saved once more."""

import streamlit as st

from engine.intake.columns import guess_columns
from engine.intake.sheet import Sheet
from pages.parts.choice import list_name
from pages.parts.clock import when
from pages.parts.counting import in_a_row
from pages.parts.frame import RESULTS, link, plain
from pages.parts.state_words import state_in_words
from pages.parts.words import DEPTHS
from storage.database import Database
from storage.policies import USUAL
from storage.summaries import Standing, standings_of
from storage.uploads import Choice, UploadState, find_earlier


def tell_of_earlier(
    database: Database, sheet: Sheet, then: Choice | None = None, now: Choice | None = None
) -> bool:
    """Say when the same file was handed in, as which list, and how that stands; tell whether it was.

    Say, too, what is chosen `now` as it was `then`.
    """
    earlier = earlier_list(database, sheet)
    if earlier is None:
        return False
    said = [say_earlier(database, earlier), say_followed(then, now, sheet)]
    st.info(" ".join(filter(None, said)), icon=":material/history:")
    link(RESULTS, "Open that list", ":material/insights:", earlier.upload)
    return True


def earlier_list(database: Database, sheet: Sheet) -> Standing | None:
    """Give where the latest list of the same file stands; None where there is none."""
    found = find_earlier(database, sheet)
    return None if found is None else next(iter(standings_of(database, [found])), None)


def say_earlier(database: Database, earlier: Standing) -> str:
    """Say that this file was handed in as an earlier list, or is being saved just now."""
    name = f"“{plain(list_name(earlier))}”"
    if earlier.state is UploadState.READING:
        return (
            f"The same file is being saved just now, as {name}. Open that list before you check it once more."
        )
    stands = state_in_words(database, earlier).lower()
    how = f", {DEPTHS[True].name}" if earlier.is_dns_only else ""
    return (
        f"You handed in the same file before, {when(earlier.created_at)}: {name} ({stands}{how}). Open that "
        "list, or check the file once more as a new list."
    )


def say_followed(then: Choice | None, now: Choice | None, sheet: Sheet) -> str:
    """Say what is chosen now as it was then, where that is not what would be chosen anyway; else `""`."""
    if then is None or now is None:
        return ""
    has_columns = now.columns == then.columns != guess_columns(sheet)[:1]
    has_policy = now.policy.name == then.policy.name != USUAL
    columns = "the address columns" if has_columns else ""
    policy = f"the policy of {plain(now.policy.name)}" if has_policy else ""
    chosen = [each for each in (columns, policy) if each]
    return f"Chosen as you did then: {in_a_row(chosen)}." if chosen else ""
