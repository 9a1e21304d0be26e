"""What `winnow verify` cannot work with, and what it tells of how a file was read."""

import pytest

from cli.source import corrections_for
from engine.intake.correction import Correction
from engine.intake.read import read_sheet
from engine.never_probed import never_probed_of, parse_listed
from sandbox import write_csv


@pytest.fixture
def bad_inputs(tmp_path):
    """Lay out what cannot be checked."""
    (tmp_path / "empty.csv").write_bytes(b"")
    (tmp_path / "header.csv").write_bytes(b"email,fruit\n")
    (tmp_path / "fruit.csv").write_bytes(b"fruit,city\npear,Lyon\n")
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04 no workbook at all")
    (tmp_path / "good.csv").write_bytes(b"email\npear@orchard.sandbox\n")
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "no.db").write_text("pear\n" * 1000)
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "environment", "words"),
    [
        (["empty.csv", "-o", "out.csv"], {}, "empty"),
        (["header.csv", "-o", "out.csv"], {}, "no rows"),
        (["fruit.csv", "-o", "out.csv"], {}, "no e-mail address"),
        (["broken.xlsx", "-o", "out.csv"], {}, "workbook"),
        (["missing.csv", "-o", "out.csv"], {}, "No such file"),
        (["folder.csv", "-o", "out.csv"], {}, "directory"),
        (["good.csv", "-o", "out.pdf"], {}, "must end in .csv or .xlsx"),
        (["good.csv", "-o", "nowhere/out.csv"], {}, "no such folder"),
        (["good.csv", "-o", "out.csv", "--column", "fruit"], {}, "no column 'fruit'"),
        (["good.csv", "-o", "out.csv", "--exclude", "vaild"], {}, "vaild: not a status"),
        (["good.csv", "-o", "out.csv"], {"SMTP_PORT": "pear"}, "SMTP_PORT"),
        (["good.csv", "-o", "out.csv"], {"DATABASE_URL": "pear"}, "DATABASE_URL"),
        (["good.csv", "-o", "out.csv"], {"DATABASE_URL": "sqlite:///no.db"}, "not a database"),
    ],
)
def test_bad_input_is_one_clear_line_and_exit_code_2(winnow, bad_inputs, arguments, environment, words):
    done = winnow("verify", *arguments, environment=environment)
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("winnow: ")
    assert words in line
    assert not (bad_inputs / "out.csv").exists()


def test_the_input_is_never_written_over(winnow, bad_inputs):
    done = winnow("verify", "good.csv", "-o", "../" + bad_inputs.name + "/good.csv")
    assert done.returncode == 2
    assert "is the input itself" in done.stderr
    assert (bad_inputs / "good.csv").read_bytes() == b"email\npear@orchard.sandbox\n"


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_an_output_that_cannot_be_written_is_one_clear_line(
    winnow, serve_world, environment_for, tmp_path, ending
):
    sandbox = serve_world(6, 5, "null_mx")
    (tmp_path / f"out.{ending}").mkdir()
    write_csv(tmp_path / "in.csv", ["email"], [[address] for address in sandbox.world.addresses])
    done = winnow("verify", "in.csv", "-o", f"out.{ending}", environment=environment_for(sandbox))
    assert done.returncode == 2, done.stderr
    *_, line = done.stderr.splitlines()
    assert line.startswith("winnow: ")
    assert "cannot be written" in line
    assert sorted(path.name for path in tmp_path.glob(".*.part")) == []


def test_how_a_file_was_read_is_told(winnow, serve_world, environment_for, tmp_path, rows_of):
    sandbox = serve_world(6, 5, "null_mx")
    one, two, *_ = sandbox.world.addresses
    (tmp_path / "in.csv").write_text(f'fruit,email\npear,{one}\n"plum,{two}\n', encoding="utf-8")
    done = winnow("verify", "in.csv", "-o", "out.csv", environment=environment_for(sandbox))
    assert done.returncode == 0, done.stderr
    assert "Row 3 has a quotation mark that is out of place" in done.stderr
    assert [row[1] for row in rows_of(tmp_path / "out.csv")] == ["email", one, two]


def test_the_column_checked_and_further_ones_with_addresses_are_named(
    winnow, serve_world, environment_for, tmp_path
):
    sandbox = serve_world(6, 5, "null_mx")
    one, two, *_ = sandbox.world.addresses
    write_csv(tmp_path / "in.csv", ["email", "work", "fruit"], [[one, two, "pear"], [two, "", "plum"]])
    environment = environment_for(sandbox)
    done = winnow("verify", "in.csv", "-o", "out.csv", environment=environment)
    assert done.stderr.splitlines()[:2] == [
        "Checking the addresses of the column “email”.",
        "There are addresses in “work” too; --column, given for each column, checks them.",
    ]
    both = winnow(
        "verify", "in.csv", "-o", "both.csv", "--column", "email", "--column", "work", environment=environment
    )
    assert both.stderr.splitlines()[0] == "Checking the addresses of the columns “email”, “work”."
    assert "There are addresses" not in both.stderr


def test_a_domain_that_is_never_asked_as_it_is_written_is_no_typing_error():
    sheet = read_sheet(b"email\nfig@gmial.com\nplum@hotnail.com\n", "in.csv")
    listed = never_probed_of([parse_listed("gmial.com")])
    assert corrections_for(sheet, ("email",), listed) == (Correction("hotnail.com", "hotmail.com"),)
