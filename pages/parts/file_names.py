"""What downloaded files are called."""

from dataclasses import replace
from datetime import date
from pathlib import PurePath

from pages.parts.choice import list_name
from pages.parts.tickets import Format
from storage.summaries import Standing

ENDINGS = {
    Format.XLSX: ".xlsx",
    Format.CSV_FOR_EXCEL: " for Excel.csv",
    Format.CSV: ".csv",
    Format.SEMICOLONS: " with semicolons.csv",
    Format.BY_STATUS: ".zip",
}


def file_name(standing: Standing, part: str, ending: str, day: date) -> str:
    """Name a downloaded file so that no two look alike: "customers - cleaned 2031-05-14 for Excel.csv".

    A list that has a name of its own gives it to its files: one that was corrected is told from the first.
    """
    title = standing.title.replace("/", "-").replace("\\", "-")
    named = list_name(replace(standing, title=title, name=PurePath(standing.name).stem or "list"))
    return f"{named} - {part} {day.isoformat()}{ending}"
