from datetime import date

import pytest

from engine.lists_report import look_up, say_lists, size_of
from engine.name_lists import list_names, read_lists

HOUSE = read_lists(None)
TODAY = date(2026, 12, 1)


def said(text, lists=HOUSE):
    return "\n".join(look_up(text, lists))


def test_every_list_has_a_line_with_its_size_its_age_and_its_source():
    lines = list(say_lists(HOUSE, TODAY))
    assert [line.split()[0] for line in lines[1:]] == list(list_names())
    roles = next(line for line in lines if line.startswith("roles.txt"))
    assert f"{len(HOUSE.words('roles.txt')):,}" in roles
    assert "2026-11-21 (10 days)" in roles
    assert "RFC 2142" in roles


def test_a_list_with_a_package_says_which_version_of_it():
    lines = [line for line in say_lists(HOUSE, TODAY) if "the package" in line]
    assert len(lines) == 2
    assert all(line.split()[-1][0].isdigit() for line in lines)


@pytest.mark.parametrize("name", list_names())
def test_no_list_is_empty(name):
    assert size_of(name, HOUSE) >= 5


def test_what_the_user_changes_is_said_with_the_folder_and_files_that_are_no_list(tmp_path):
    tmp_path.joinpath("roles.txt").write_text("plum\npear\n-info\n")
    tmp_path.joinpath("typos.toml").write_text("")
    tmp_path.joinpath("role.txt").write_text("plum")
    lines = list(say_lists(read_lists(tmp_path), TODAY))
    assert "+2 -1" in next(line for line in lines if line.startswith("roles.txt"))
    assert "changed" in next(line for line in lines if line.startswith("typos.toml"))
    assert any(str(tmp_path) in line for line in lines)
    assert "role.txt there is not the name of a list and is not read." in lines


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("fruit.mailinator.com", ["mailinator.com is in disposable_domains.txt", "is disposable"]),
        ("carver.com", ["suspected_domains.txt (mailchecker)", "unless its mail hosts are a company's"]),
        ("mx.yopmail.com", ["yopmail.com is in disposable_hosts.txt"]),
        ("mail.com", ["mail.com is in allow_domains.txt (Winnow's)", "mail.com is at a free provider."]),
        ("Info@orchard.example", ["info is in roles.txt", "Info@orchard.example is a role account"]),
        ("gmial.con", ["gmial.con is probably a typing error for gmail.com"]),
        ("quince@gmial.con", ["typing error for quince@gmail.com"]),
        ("anna.plum+x@googlemail.com", ["is the same mailbox as annaplum@gmail.com."]),
        ("an_na@gmail.com", ["gives out no more"]),
        ("xkqjwvbzq@orchard.example", ["typed at random"]),
        ("orchard.example", ["orchard.example is nothing out of the ordinary."]),
        ("anna@gmailcom", ["anna@gmailcom is neither", "anna@gmail.com is meant"]),
        ("plum", ["plum is neither an address nor a domain."]),
    ],
)
def test_a_look_up_says_where_a_name_stands_and_what_follows(text, parts):
    assert [part for part in parts if part not in said(text)] == []


def test_a_domain_is_not_judged_by_the_local_part_it_is_looked_up_with():
    assert "somebody" not in said("gmail.com")
    assert "a form" not in said("gmail.com")


def test_what_is_the_user_s_own_is_said_to_be(tmp_path):
    tmp_path.joinpath("disposable_domains.txt").write_text("orchard.example")
    own = said("orchard.example", read_lists(tmp_path))
    assert "orchard.example is in disposable_domains.txt (yours)." in own
    assert "orchard.example is disposable" in own
