import csv
from collections import Counter

import openpyxl
import pytest

from sandbox import build_world, sample_rows, write_csv, write_truth, write_xlsx
from sandbox.sample import EMPTY_CELLS, HEADER, MALFORMED_TEXTS


@pytest.fixture(scope="module")
def world():
    return build_world(5, 200)


@pytest.fixture(scope="module")
def sample(world):
    return sample_rows(world, duplicates=12, seed=5)


def cells(sample):
    return [row[HEADER.index("E-mail")] for row in sample[1]]


def test_every_address_of_the_world_is_in_the_list(world, sample):
    found = {part.strip() for cell in cells(sample) for part in cell.split(";")}

    assert set(world.addresses) <= found


def test_the_list_has_duplicates_malformed_texts_empty_cells_and_a_cell_with_two_addresses(world, sample):
    seen = cells(sample)
    folded = Counter(cell.lower() for cell in seen if "@" in cell)

    assert sum(count == 2 for count in folded.values()) == 12
    assert set(MALFORMED_TEXTS) <= set(seen)
    assert seen.count("") == EMPTY_CELLS
    assert sum(";" in cell for cell in seen) == 1
    assert len(seen) == 200 - 1 + 12 + len(MALFORMED_TEXTS) + EMPTY_CELLS


def test_the_malformed_texts_are_malformed_in_truth(world):
    assert {world.truth(text).reasons for text in MALFORMED_TEXTS} == {frozenset({"malformed"})}


def test_the_list_is_the_same_for_the_same_seed_only(world, sample):
    assert sample_rows(world, duplicates=12, seed=5) == sample
    assert sample_rows(world, duplicates=12, seed=6) != sample


def test_the_notes_have_what_spoils_careless_readers(sample):
    notes = {row[-1] for row in sample[1]}

    assert {"00123", "NA", "None"} <= notes
    assert any("," in note for note in notes)
    assert any('"' in note for note in notes)
    assert any("ü" in note for note in notes)


def test_a_csv_reads_back_as_it_was(sample, tmp_path):
    header, rows = sample
    write_csv(tmp_path / "list.csv", header, rows)
    with (tmp_path / "list.csv").open(encoding="utf-8", newline="") as file:
        read = [tuple(row) for row in csv.reader(file)]

    assert read == [header, *rows]


def test_an_xlsx_reads_back_as_texts(sample, tmp_path):
    header, rows = sample
    write_xlsx(tmp_path / "list.xlsx", header, rows)
    sheet = openpyxl.load_workbook(tmp_path / "list.xlsx").active
    read = [tuple(cell or "" for cell in row) for row in sheet.iter_rows(values_only=True)]

    assert read == [header, *rows]


def test_the_truth_is_written_for_every_address(world, tmp_path):
    write_truth(tmp_path / "truth.csv", world)
    with (tmp_path / "truth.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    assert [row["address"] for row in rows] == list(world.addresses)
    assert all(set(row["reasons"].split()) == world.truth(row["address"]).reasons for row in rows)
