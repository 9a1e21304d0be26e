from importlib.resources import files
from pathlib import Path

import pytest

from engine.name_lists import (
    UnusableList,
    house_words,
    list_names,
    lists_in_use,
    own_folder,
    package_words,
    read_lists,
    source_of,
    use_lists,
)

WORDS = [name for name in list_names() if name.endswith(".txt")]


@pytest.fixture
def own(tmp_path):
    """Write files of the user's and read the lists with them."""

    def give(**texts):
        for name, text in texts.items():
            tmp_path.joinpath(name.replace("__", ".")).write_text(text, "utf-8")
        return read_lists(tmp_path)

    return give


def test_every_list_says_what_it_is_and_where_it_comes_from():
    there = {path.name for path in files("engine").joinpath("lists").iterdir() if path.is_file()}
    assert set(list_names()) == there - {"sources.toml"}
    for name in list_names():
        source = source_of(name)
        assert all(source[part] for part in ("title", "source", "licence"))
        assert source["date"].year >= 2026
        assert ("words" in source) == name.endswith(".txt"), name


def test_the_notice_names_every_list_and_every_package_with_words():
    notice = Path(__file__).parents[2].joinpath("NOTICE").read_text("utf-8")
    named = [*list_names(), *(source_of(name)["package"] for name in WORDS if "package" in source_of(name))]
    assert [name for name in named if name not in notice] == []


@pytest.mark.parametrize("name", WORDS)
def test_a_list_of_words_is_sorted_and_spelt_as_it_is_looked_up(name):
    lines = files("engine").joinpath("lists", name).read_text("utf-8").splitlines()
    written = [line for line in lines if line and not line.startswith("#")]
    assert written == sorted(set(written))
    assert set(written) == house_words(name)


def test_without_a_folder_the_lists_are_those_of_the_house():
    lists = read_lists(None)
    assert lists.words("typo_targets.txt") == house_words("typo_targets.txt")
    assert lists.table("typos.toml")["endings"]["impossible"]["con"] == "com"


@pytest.mark.parametrize("name", ["disposable_domains.txt", "suspected_domains.txt"])
def test_a_package_adds_to_the_list_of_the_house(name):
    assert len(package_words(name)) > 5_000
    assert read_lists(None).words(name) == house_words(name) | package_words(name)


def test_a_line_of_the_user_adds_and_a_line_with_a_minus_takes_away(own):
    lists = own(roles__txt="# ours\nOrchard-Keeper  # the boss\n\n- postmaster\n")
    assert "orchardkeeper" in lists.words("roles.txt")
    assert "postmaster" not in lists.words("roles.txt")
    assert lists.words("roles.txt") - {"orchardkeeper"} == house_words("roles.txt") - {"postmaster"}


def test_the_user_can_take_away_what_a_package_adds(own):
    assert "mailinator.com" in package_words("disposable_domains.txt")
    assert "mailinator.com" not in own(disposable_domains__txt="-mailinator.com").words(
        "disposable_domains.txt"
    )


@pytest.mark.parametrize("written", ["Plum.Example", "@plum.example", ".plum.example", "anna@plum.example"])
def test_a_domain_of_the_user_is_read_however_it_is_written(own, written):
    assert own(free_domains__txt=written).own("free_domains.txt").added == {"plum.example"}


def test_an_international_domain_of_the_user_is_kept_as_addresses_have_it(own):
    assert own(free_domains__txt="pfläumchen.example").own("free_domains.txt").added == {
        "xn--pflumchen-x2a.example"
    }


def test_a_table_of_the_user_is_laid_over_the_list_key_by_key(own):
    lists = own(typos__toml='[endings.impossible]\ncon = "net"\nplum = "com"\n')
    impossible = lists.table("typos.toml")["endings"]["impossible"]
    assert (impossible["con"], impossible["plum"], impossible["cmo"]) == ("net", "com", "com")
    assert lists.table("typos.toml")["domains"] == read_lists(None).table("typos.toml")["domains"]


def test_a_row_of_the_user_changes_the_row_of_the_same_name_and_a_new_name_adds_one(own):
    own_rows = (
        '[[provider]]\nname = "gmail"\ntag = "-"\n[[provider]]\nname = "plum"\ndomains = ["plum.example"]\n'
    )
    rows = own(mailbox_rules__toml=own_rows).table("mailbox_rules.toml")["provider"]
    by_name = {row["name"]: row for row in rows}
    assert (by_name["gmail"]["tag"], by_name["gmail"]["ignored"]) == ("-", ".")
    assert by_name["plum"]["domains"] == ["plum.example"]
    assert len(rows) == len(read_lists(None).table("mailbox_rules.toml")["provider"]) + 1


def test_rows_of_the_user_s_without_a_name_go_before_those_of_the_list(own):
    mine = {"meaning": "missing", "codes": ["599"]}
    rows = own(replies__toml='[[row]]\nmeaning = "missing"\ncodes = ["599"]\n').table("replies.toml")["row"]
    assert rows == [mine, *read_lists(None).table("replies.toml")["row"]]


def test_a_list_of_words_in_a_table_of_the_user_s_takes_the_place_of_the_other(own):
    own_rows = '[[provider]]\nname = "gmail"\ndomains = ["plum.example"]\n'
    rows = own(mailbox_rules__toml=own_rows).table("mailbox_rules.toml")["provider"]
    assert [row["domains"] for row in rows if row["name"] == "gmail"] == [["plum.example"]]


def test_a_file_that_is_named_as_no_list_is_left_alone_and_told(own):
    assert own(role__txt="plum", roles__txt="plum").strangers == ("role.txt",)


def test_a_file_with_a_byte_order_mark_is_read(tmp_path):
    tmp_path.joinpath("roles.txt").write_bytes("\ufeffplum\r\npear\r\n".encode())
    assert read_lists(tmp_path).own("roles.txt").added == {"plum", "pear"}


@pytest.mark.parametrize(
    ("name", "content"), [("roles.txt", b"pl\xfcm"), ("typos.toml", b"= plum"), ("typos.toml", b"a = '\xff'")]
)
def test_a_file_that_cannot_be_read_is_refused_with_its_name(tmp_path, name, content):
    tmp_path.joinpath(name).write_bytes(content)
    with pytest.raises(UnusableList, match=name):
        read_lists(tmp_path)


def test_a_folder_that_is_not_there_changes_nothing(tmp_path):
    assert read_lists(tmp_path / "nowhere").own_words == {}


def test_the_lists_in_use_are_those_last_called_for(tmp_path):
    tmp_path.joinpath("roles.txt").write_text("plum")
    try:
        assert use_lists(tmp_path) is lists_in_use()
        assert "plum" in lists_in_use().words("roles.txt")
    finally:
        use_lists(None)
    assert "plum" not in lists_in_use().words("roles.txt")


@pytest.mark.parametrize(
    ("url", "folder"),
    [
        ("sqlite:////srv/winnow/winnow.db", "/srv/winnow/lists"),
        ("sqlite:////srv/winnow/winnow.db?timeout=5", "/srv/winnow/lists"),
        ("sqlite:///winnow.db", "lists"),
    ],
)
def test_the_user_s_lists_are_beside_the_database(url, folder):
    assert own_folder(url) == Path(folder)


def test_beside_a_database_server_the_user_s_lists_are_in_the_user_s_data_directory():
    folder = own_folder("postgresql+psycopg://orchard/winnow")
    assert folder.name == "lists"
    assert folder.parent.name == "winnow"
