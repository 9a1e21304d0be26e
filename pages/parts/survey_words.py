"""What a list holds, said to who hands it in: figures, sentences, and the cells that are no addresses."""

import pandas as pd

from engine.intake.survey import Survey
from pages.parts.counting import count, holdings, several


def survey_figures(found: Survey) -> dict[str, int]:
    """Name the figures of a survey: addresses without duplicates and malformed ones are to be checked."""
    spellings = {"Other spellings": found.aliases} if found.aliases else {}
    return {
        "Rows": found.rows,
        "Addresses": found.addresses + found.malformed,
        "Duplicates": found.duplicates,
        **spellings,
        "Malformed": found.malformed,
        "To check": found.distinct,
        "Domains": found.domains,
    }


def aliases_line(found: Survey) -> str:
    """Say of addresses that differ only by signs which their provider ignores; `""` where there are none."""
    if not found.aliases:
        return ""
    are = "is another spelling" if found.aliases == 1 else "are other spellings"
    return (
        f"Of those to check, {count(found.aliases)} more {are} of a mailbox that the list names already, as "
        "with dots or a +tag at Gmail: one person would get your mail several times."
    )


def survey_line(found: Survey, empty: int) -> str:
    """Say what is counted: what the list holds, in the same words as on the other pages."""
    cells = f" · {several(found.several, 'cell')} with several" if found.several else ""
    held = holdings(found.rows, found.addresses + found.malformed, empty)
    return f"{held}{cells}. An address counts as often as it stands in the list, and is asked about once."


def bad_cells(found: Survey) -> pd.DataFrame:
    """Set out the texts that are no addresses: where each stands and what is wrong with it."""
    rows = [(bad.row_number, bad.text, bad.detail) for bad in found.examples]
    return pd.DataFrame(rows, columns=["Row", "Text", "What is wrong"])
