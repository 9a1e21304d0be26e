"""The lists Winnow works with, and what they say of a name."""

import sys
from datetime import datetime

from cli.house import read_house, refusing
from engine.lists_report import look_up, say_lists
from engine.name_lists import lists_in_use


def show_lists(name: str) -> None:
    """Print what there is to say of all lists, or of an address or a domain by them."""
    with refusing():
        read_house()
    today = datetime.now().astimezone().date()
    lines = look_up(name, lists_in_use()) if name else say_lists(lists_in_use(), today)
    sys.stdout.writelines(f"{line}\n" for line in lines)
