"""What the terminal shows: results on standard output, sentences and a bar beside them on standard error."""

from typing import NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

BAD_INPUT = 2
"""The exit code where a person must mend something first."""

_screen = Console(stderr=True, highlight=False, soft_wrap=True)
_results = Console(highlight=False, soft_wrap=True)


def show(text: str, *, coloured: int = 0, colour: str = "") -> None:
    """Show a result; on a terminal its first `coloured` characters in a colour."""
    shown = Text(text)
    shown.stylize(colour, 0, coloured)
    _results.print(shown)


def say(sentence: str) -> None:
    """Say a sentence."""
    _screen.print(sentence, markup=False)


def refuse(sentence: str) -> NoReturn:
    """End the program with one line on what is to be mended, and exit code 2."""
    say(f"winnow: {sentence}")
    raise typer.Exit(BAD_INPUT)


def progress_bar() -> Progress:
    """Make a bar that is shown on a terminal only, and is gone when it is done."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=_screen,
        transient=True,
        disable=not _screen.is_terminal,
    )
