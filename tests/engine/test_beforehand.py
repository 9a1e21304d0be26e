"""Run in a process of its own: in this one other tests have long read all lists."""

import subprocess
import sys
from pathlib import Path

HOUSE = Path(__file__).parents[2]
PROGRAM = """
import sys
from engine.beforehand import read_beforehand
from engine.name_lists import lists_in_use

read_beforehand()
sys.addaudithook(lambda event, arguments: event == "open" and print(arguments[0]))

from engine.address import Address
from engine.dmarc import organizational_domain
from engine.provider import provider_of
from engine.reply import classify
from engine.traits import traits_of

organizational_domain("mill.plum.example")
provider_of(["mx.plum.example"])
classify(452, "4.2.2 full", stage="rcpt", provider="google")
lists_in_use().words("parking.txt")
print(traits_of(Address("xqzkwv.info", "gmial.com")).suggestion)
"""


def test_after_it_no_list_is_read_from_its_file_any_more():
    told = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=HOUSE, capture_output=True, text=True, check=True
    )
    assert told.stdout.split() == ["xqzkwv.info@gmail.com"]


SPARED = """
import gc
from engine.beforehand import NEVER, NEW_OBJECTS, read_beforehand

read_beforehand()
spared = gc.get_freeze_count()
read_beforehand()
threshold = gc.get_threshold()
print(spared > 1_000, gc.get_freeze_count() == spared, threshold == (NEW_OBJECTS, NEVER, NEVER))
"""


def test_what_stays_is_spared_from_garbage_collection_once():
    told = subprocess.run(
        [sys.executable, "-c", SPARED], cwd=HOUSE, capture_output=True, text=True, check=True
    )
    assert told.stdout.split() == ["True"] * 3
