"""`winnow never-probe`: added to, taken from, printed, and held to."""

import json

import pytest

from cli import never_probed
from sandbox import sample_rows, write_csv


@pytest.fixture
def never_probe(winnow):
    """Run `winnow never-probe`."""
    return lambda *arguments, **options: winnow("never-probe", *arguments, **options)


def test_what_is_added_is_printed_as_it_was_given_with_its_reason(never_probe):
    done = never_probe("add", "Orchard.com", "fig@mill.com", "mx:mill.com", "--why", "a partner")
    assert done.returncode == 0
    assert done.stderr.startswith("3 on the never-probe list")
    never_probe("add", "gov")

    of_the_mill = ["fig@mill.com\ta partner", "mx:mill.com\ta partner"]
    assert never_probe("list", "mill").stdout.splitlines() == of_the_mill
    assert never_probe("list").stdout.splitlines() == [
        of_the_mill[0], "gov", "orchard.com\ta partner", of_the_mill[1],
    ]  # fmt: skip


def test_a_file_of_names_is_added_and_removed(never_probe, tmp_path):
    (tmp_path / "never.txt").write_text("\ufeff# partners\norchard.com\n\n  mx:mill.com  \n", "utf-8")
    assert never_probe("add", "gov", "--file", "never.txt").stderr.startswith("3 on")
    assert never_probe("remove", "--file", "never.txt").stderr.startswith("2 taken off")
    assert never_probe("list").stdout == "gov\n"


def test_names_are_added_as_a_list_of_one_s_own(never_probe):
    never_probe("add", "fig@mill.com", "--why", "asked us", "--as", "Unsubscribed 2026")
    assert never_probe("list", "unsub").stdout == "fig@mill.com\tasked us\tUnsubscribed 2026\n"


def test_a_long_list_is_printed_whole(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(never_probed, "PAGE", 3)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/winnow.db")
    names = [f"orchard-{number}.com" for number in range(10)]
    never_probed.add_names(names, None, "")
    never_probed.print_names("")
    assert capsys.readouterr().out.split() == names


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("add", "orchard.com", "not a domain"), "'not a domain' is not the name of a domain"),
        (("add",), "name an address, a domain or mx:HOST"),
        (("add", "--file", "nowhere.txt"), "nowhere.txt cannot be read"),
        (("remove", "fig@@mill.com"), "is not an e-mail address"),
    ],
)
def test_what_cannot_be_listed_keeps_all_off_in_one_clear_line(never_probe, arguments, said):
    done = never_probe(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert said in line
    assert never_probe("list").stdout == ""


def test_verify_and_check_hold_to_the_list(
    winnow, never_probe, serve_world, environment_for, tmp_path, rows_of
):
    sandbox = serve_world(5, 30, "plain")
    header, rows = sample_rows(sandbox.world, seed=5)
    write_csv(tmp_path / "in.csv", header, rows)
    environment = environment_for(sandbox)
    never_probe("add", "sandbox", environment=environment)

    assert winnow("verify", "in.csv", "-o", "out.csv", environment=environment).returncode == 0
    written_header, *written = rows_of(tmp_path / "out.csv")
    reasons = {row[written_header.index("reason")] for row in written}
    assert "never_probed" in reasons
    assert not reasons & {"accepted", "mailbox_missing"}
    told = json.loads(winnow("check", sandbox.world.addresses[0], "--json", environment=environment).stdout)
    assert told["reason"] == "never_probed"
    counted = sandbox.counters()
    assert (counted.queries, counted.connections_by_host) == ({}, {})
