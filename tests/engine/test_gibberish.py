import random
from itertools import pairwise
from pathlib import Path
from string import ascii_lowercase, digits

import pytest

from engine.gibberish import is_gibberish
from engine.name_lists import read_lists

HOUSE = read_lists(None)
NAMES = Path(__file__).parents[2] / "bench" / "names.txt"


@pytest.mark.parametrize(
    "local_part",
    ["xkqjwvbzq", "XKQJWVBZQ", "x7k2p9q4w1", "dfgjkhsdf", "qzxwvkjh77", "3f2a9c81b04e", "zqxj.kvwb",
     "dc1605ce-a47d-34c5-8851-d9569f9ea5d3", "wqxzkvjh+news"],
)  # fmt: skip
def test_what_is_typed_at_random_looks_so(local_part):
    assert is_gibberish(local_part, HOUSE)


@pytest.mark.parametrize(
    "local_part",
    ["", "a", "xkqjw", "quince", "krzysztof.brzezinski", "schwartzkopf", "nguyen.thi.quynh", "thiruvengadam",
     "plumtree1985", "13800138000", "1234567890", "jürgen.großmann", "иван.петров", "mcdonald", "wb8tyw",
     "customerservice", "o.odoherty", "vandenberg77", "anna+xkqjwvbzq", "_____________"],
)  # fmt: skip
def test_what_could_be_a_name_a_number_or_a_word_does_not(local_part):
    assert not is_gibberish(local_part, HOUSE)


def test_most_random_strings_are_told_from_names():
    seeded = random.Random(7)
    signs = ascii_lowercase + digits
    drawn = ["".join(seeded.choices(signs, k=12)) for _ in range(500)]
    assert sum(is_gibberish(text, HOUSE) for text in drawn) > 0.85 * len(drawn)


def test_hardly_any_usual_name_looks_random():
    names = []
    for line in NAMES.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            firsts, lasts = line.partition(":")[2].split("|")
            names += [f"{first}.{last}" for first in firsts.split() for last in lasts.split()]
    assert len(names) > 2_000
    assert sum(is_gibberish(name, HOUSE) for name in names) <= 0.002 * len(names)


def test_the_table_has_a_weight_for_every_pair_of_letters():
    after = HOUSE.table("letter_pairs.toml")["after"]
    assert set(after) == {"start", "digit", *ascii_lowercase}
    assert {len(row) for row in after.values()} == {27}
    assert all(-100 < weight < 60 for row in after.values() for weight in row)


def test_the_user_can_change_a_row_of_the_table(tmp_path):
    strange = "xkqjwvbzq"
    rows = "\n".join(f"{first} = {[50] * 27}" for first, _ in pairwise(f"{strange}q"))
    tmp_path.joinpath("letter_pairs.toml").write_text(
        f"[after]\n{chr(10).join(dict.fromkeys(rows.splitlines()))}\n"
    )
    assert is_gibberish(strange, HOUSE)
    assert not is_gibberish(strange, read_lists(tmp_path))
