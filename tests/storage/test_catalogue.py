"""Lists by name: found, put in order, renamed."""

import pytest

from engine.intake.read import read_sheet
from storage.catalogue import LONGEST_NAME, Order, UnusableName, find_lists, rename_list
from storage.intake import save_upload
from storage.runs import delete_upload
from storage.summaries import standings_of, summarise
from storage.uploads import Choice


@pytest.fixture
def save(desk):
    """Save a list under a name, of so many rows."""

    def keep(name, rows=1):
        lines = ["email", *(f"pear{n}@orchard.com" for n in range(rows))]
        return save_upload(desk.database, read_sheet("\n".join(lines).encode(), name), Choice(("email",)))

    return keep


def test_without_words_all_lists_are_found_newest_first(desk, save):
    uploads = [save(f"list {n}.csv") for n in range(3)]
    found = find_lists(desk.database, limit=2)
    assert (found.uploads, found.fitting, found.whole) == ((uploads[2], uploads[1]), 3, 3)


@pytest.mark.parametrize(
    ("words", "name"),
    [("SPRING", "spring.csv"), ("größe", "GRÖSSE.csv"), ("100%", "100% ours.csv"), (" a  b ", "x a b.csv")],
)
def test_a_name_is_found_as_it_is_typed_and_case_does_not_matter(desk, save, words, name):
    upload = save(name)
    save("autumn.csv")
    found = find_lists(desk.database, words)
    assert (found.uploads, found.fitting, found.whole) == ((upload,), 1, 2)


def test_a_sign_that_means_anything_to_a_database_means_itself(desk, save):
    save("spring.csv")
    assert find_lists(desk.database, "%").fitting == 0
    assert find_lists(desk.database, "_").fitting == 0


def test_lists_are_put_in_order_by_name_or_size(desk, save):
    pear, apple, fig = save("pear.csv", 2), save("Apple.csv", 1), save("fig.csv", 3)
    assert find_lists(desk.database, order=Order.NAME).uploads == (apple, fig, pear)
    assert find_lists(desk.database, order=Order.SIZE).uploads == (fig, pear, apple)


def test_a_renamed_list_is_found_by_either_name_and_stands_where_its_new_one_does(desk, save):
    upload, other = save("pear.csv"), save("fig.csv")
    rename_list(desk.database, upload, "Autumn mailing")
    assert find_lists(desk.database, "autumn").uploads == (upload,)
    assert find_lists(desk.database, "pear").uploads == (upload,)
    assert find_lists(desk.database, order=Order.NAME).uploads == (upload, other)


def test_a_name_is_trimmed_and_the_files_own_stays(desk, save):
    upload = save("pear.csv")
    assert rename_list(desk.database, upload, "  Autumn \n mailing ") == "Autumn mailing"
    standing = summarise(desk.database, upload).standing
    assert (standing.title, standing.name) == ("Autumn mailing", "pear.csv")


@pytest.mark.parametrize("name", ["", "  \n", "x" * (LONGEST_NAME + 1)])
def test_a_name_that_is_none_or_too_long_is_refused(desk, save, name):
    upload = save("pear.csv")
    with pytest.raises(UnusableName):
        rename_list(desk.database, upload, name)
    assert summarise(desk.database, upload).standing.title == ""
    rename_list(desk.database, upload, "x" * LONGEST_NAME)
    assert summarise(desk.database, upload).standing.title == "x" * LONGEST_NAME


def test_a_deleted_list_is_not_found(desk, save):
    upload, kept = save("pear.csv"), save("fig.csv")
    delete_upload(desk.database, upload, desk.settings)
    found = find_lists(desk.database)
    assert (found.uploads, found.whole) == ((kept,), 1)


def test_where_some_lists_stand_is_given_in_the_order_asked_for(desk, save):
    first, second, _ = save("pear.csv"), save("pear.csv"), save("fig.csv")
    found = standings_of(desk.database, [first, 99, second])
    assert found == [summarise(desk.database, each).standing for each in (first, second)]
    assert [each.check for each in found] == [1, 2]
