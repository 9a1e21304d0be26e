"""What a list holds, said to who hands it in: figures, sentences, and the cells that are no addresses."""

import pandas as pd

from engine.intake.survey import Survey
from engine.intake.together import Together
from pages.parts.corrections import slips_sentence
from pages.parts.counting import count, holdings, in_a_row, several


def survey_figures(found: Survey, empty: int = 0) -> dict[str, int]:
    """Name the figures of a survey: to check is who is neither a duplicate nor malformed nor never asked.

    Of the rows, so many are `empty`. Figures that few lists have are left out where they are 0.
    """
    named = {
        "Rows": found.rows,
        "Without address": empty,
        "Addresses": found.addresses + found.malformed,
        "Duplicates": found.duplicates,
        "Other spellings": found.aliases,
        "Malformed": found.malformed,
        "Never asked": found.never_asked,
        "To check": found.to_ask,
        "Domains": found.domains,
    }
    return {name: number for name, number in named.items() if number or name not in _RARE}


_RARE = ("Without address", "Other spellings", "Never asked")


def whom_line(found: Survey) -> str:
    """Say how many are to be checked, and why the others are not; `""` where all are."""
    others = [
        several(found.duplicates, "duplicate") if found.duplicates else "",
        f"{count(found.malformed)} malformed" if found.malformed else "",
        f"{count(found.never_asked)} never asked" if found.never_asked else "",
    ]
    if not any(others):
        return ""
    why = f"{in_a_row([each for each in others if each])}. Results counts all of them."
    if not found.to_ask:
        return f"Nobody is asked: {why}"
    whole = several(found.addresses + found.malformed, "address", "addresses")
    are = "is" if found.to_ask == 1 else "are"
    return f"{count(found.to_ask)} of {whole} {are} to be checked; the others are not: {why}"


def held_line(found: Survey, empty: int) -> str:
    """Say in one line what a file holds, and what is wrong with it."""
    held = [holdings(found.rows, found.addresses + found.malformed, empty)]
    held += [several(found.duplicates, "duplicate")] if found.duplicates else []
    held += [f"{count(found.malformed)} malformed"] if found.malformed else []
    held += [f"{count(found.never_asked)} never asked"] if found.never_asked else []
    held += [slips_sentence(found.slips)] if found.slips else []
    held += [_unsure(found.unsure_slips)] if found.unsure_slips else []
    return " · ".join(held)


def _unsure(addresses: int) -> str:
    """Say how many look mistyped besides those that can be corrected for sure: Results counts them too."""
    look = "looks" if addresses == 1 else "look"
    return f"{count(addresses)} {look} mistyped and cannot be corrected for sure"


def together_line(found: Together) -> str:
    """Say how many addresses of several files are to be checked, and how many stand in more than one."""
    if not found.to_ask:
        return "Nobody in these files is asked."
    are = "is" if found.to_ask == 1 else "are"
    told = f"{several(found.to_ask, 'address', 'addresses')} {are} to be checked in all"
    if not found.shared:
        return f"{told}; none stands in more than one of these files."
    stands, is_checked = ("stands", "is") if found.shared == 1 else ("stand", "are")
    return (
        f"{told}: {count(found.shared)} of them {stands} in more than one of these files, and {is_checked} "
        "checked once."
    )


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
    once = "An address counts as often as it stands in the list, and is checked once."
    return " ".join(filter(None, (f"{held}{cells}.", once, _empty_line(empty))))


def _empty_line(empty: int) -> str:
    """Say what becomes of rows that hold nothing in any chosen column; `""` where there are none."""
    if not empty:
        return ""
    rows, them = (
        ("The row without an address is", "it") if empty == 1 else ("Rows without an address are", "them")
    )
    return f"{rows} not lost: Export lists {them} among the removed rows, with the reason."


def bad_cells(found: Survey) -> pd.DataFrame:
    """Set out the texts that are no addresses: where each stands and what is wrong with it."""
    rows = [(bad.row_number, bad.text, bad.detail) for bad in found.examples]
    return pd.DataFrame(rows, columns=["Row", "Text", "What is wrong"])
