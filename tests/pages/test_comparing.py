"""Two lists side by side."""

import re

import pytest

from engine.never_probed import parse_listed
from engine.reason import Reason
from engine.verdict import Status
from pages.parts.comparing import (
    KINDS,
    NOT_THERE,
    changes_download,
    contents,
    finding,
    likely_other,
    lines_table,
)
from storage.compare import Comparison, Kind, Line
from storage.never_probed import Origin
from storage.summaries import standings
from storage.withholding import never_probe


def compared(**counts):
    return Comparison(1, 2, {kind: counts.get(kind.name, 0) for kind in Kind})


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (compared(NEW=3), "These two lists have no address in common"),
        (compared(SAME=1), "Of 1 address in both lists, none died and none came back"),
        (
            compared(SAME=1000, DIED=200, CAME_BACK=4),
            "Of 1,204 addresses in both lists, 200 died and 4 came back",
        ),
    ],
)
def test_the_headline_says_who_died_and_who_came_back(found, said):
    assert finding(found) == said


def test_every_kind_has_its_words():
    assert set(KINDS) == set(Kind)


def test_a_table_says_what_was_and_what_is_in_words():
    table = lines_table(
        [Line("a@b.c", Status.VALID, Status.INVALID, Reason.MAILBOX_MISSING), Line("d@e.f", None, None, None)]
    )
    assert table.iloc[0].tolist()[:3] == ["a@b.c", "Valid", "Invalid"]
    assert table.iloc[0]["Why now"]
    assert table.iloc[1].tolist() == ["d@e.f", "", "", ""]


def test_a_list_is_compared_with_the_check_of_the_same_file_before_it(runtime, save):
    first, other, second, third = (
        save("quince@orchard.sandbox", name=name) for name in ("a.csv", "b.csv", "a.csv", "a.csv")
    )
    known = {each.upload: each for each in standings(runtime.database)}

    def other_of(upload):
        return likely_other(known[upload], list(known.values())).upload

    assert [other_of(each) for each in (third, second, first)] == [second, first, second]
    assert other_of(other) == first


def test_a_single_list_has_none_to_be_compared_with(runtime, save, show):
    save("quince@orchard.sandbox")
    page = show("COMPARE")
    assert not page.exception
    assert [each.value for each in page.info] == ["There is no other list to compare with yet."]


def test_the_address_names_both_lists(runtime, save, show):
    first = save("quince@orchard.sandbox", "plum@orchard.sandbox", name="a.csv")
    second = save("quince@orchard.sandbox", "fig@orchard.sandbox", "pear@orchard.sandbox", name="b.csv")
    page = show("COMPARE", list=str(second), **{"with": str(first)})
    assert not page.exception
    assert [each.value for each in page.header] == [
        "Of 1 address in both lists, none died and none came back"
    ]
    assert "New 2" in str([each.options for each in page.button_group])


def test_a_list_is_not_compared_with_itself(runtime, save, show):
    first, _ = save("quince@orchard.sandbox"), save("plum@orchard.sandbox")
    page = show("COMPARE", list=str(first), **{"with": str(first)})
    assert not page.exception
    assert [each.value for each in page.info] == ["Choose two different lists."]


def test_an_address_that_names_no_list_shows_the_newest_two(runtime, save, show):
    first, second = save("quince@orchard.sandbox", name="a.csv"), save("plum@orchard.sandbox", name="b.csv")
    page = show("COMPARE", **{"list": "", "with": ""})
    assert [each.value for each in page.selectbox] == [second, first]
    assert page.header


@pytest.mark.parametrize("name", ["list", "with"])
@pytest.mark.parametrize("asked", ["999", "x", "-1", "²"])
def test_who_comes_for_a_list_that_is_gone_is_asked_for_another(runtime, save, show, name, asked):
    first = save("quince@orchard.sandbox", name="a.csv")
    save("plum@orchard.sandbox", name="b.csv")
    page = show("COMPARE", **{"list": str(first + 1), name: asked})
    assert not page.exception
    assert page.warning[-1].value == NOT_THERE
    assert not page.header
    page.selectbox[-1].set_value(first).run()
    assert page.warning[-1].value != NOT_THERE
    assert page.header


def test_a_comparison_offers_its_changes_as_a_file_that_runs_nothing(runtime, save, show):
    save("quince@orchard.sandbox", name="older.csv")
    save("plum@orchard.sandbox", name="newer.csv")
    page = show("COMPARE")
    assert not page.exception
    assert any("2 addresses as CSV" in each.value for each in page.caption)
    _, later = sorted(standings(runtime.database), key=lambda each: each.upload)
    download = changes_download(Comparison(1, 2, dict.fromkeys(Kind, 0)), later)
    assert download.file_name.startswith("newer - changes ")
    assert not download.content.dialect.is_exact


@pytest.mark.parametrize(
    ("changed", "never_asked", "said"),
    [
        (2, 0, "2 addresses as CSV, .* left out."),
        (
            1,
            1,
            "1 address as CSV, .* left out. 1 more is on your never-asked list and left out.",
        ),
        (0, 1200, "1,200 addresses that changed are on your never-asked list, so there is no file."),
    ],
)
def test_the_words_beside_the_file_say_who_is_left_out_as_never_asked(changed, never_asked, said):
    assert re.fullmatch(said, contents(changed, never_asked))


def test_a_file_that_would_hold_nobody_is_not_offered(runtime, save, show):
    save("quince@orchard.sandbox", name="older.csv")
    save("plum@orchard.sandbox", name="newer.csv")
    never_probe(runtime.database, [parse_listed("orchard.sandbox")], Origin())
    page = show("COMPARE")
    assert not page.exception
    assert [each.value for each in page.caption if "never-asked" in each.value] == [
        "2 addresses that changed are on your never-asked list, so there is no file."
    ]
