"""What New list says of those on the never-asked list."""

from engine.never_probed import parse_listed
from pages.parts.unasked import listed_sentence
from storage.never_probed import Origin, write_lines

TEXT = "fig@mill.com\nplum@mill.com\nFIG@mill.com\npear@orchard.com"


def _hand_in(show):
    page = show("NEW_LIST")
    page.segmented_control(key="way").set_value("Paste addresses").run()
    page.text_area[0].set_value(TEXT).run()
    assert not page.exception
    return page


def test_how_many_are_on_the_list_is_said_before_anything_starts(runtime, show):
    write_lines(runtime.database, [parse_listed("mill.com")], Origin())
    page = _hand_in(show)
    assert listed_sentence(2) in [each.value for each in page.info]
    write_lines(runtime.database, [parse_listed("orchard.com")], Origin())
    assert listed_sentence(3) in [each.value for each in page.run().info]


def test_nothing_is_said_where_nobody_is_on_it(runtime, show):
    assert not any("never-asked" in each.value for each in _hand_in(show).info)
    write_lines(runtime.database, [parse_listed("quay.com")], Origin())
    assert not any("never-asked" in each.value for each in _hand_in(show).info)


def test_one_and_many_are_said_as_people_do():
    assert listed_sentence(1) == "1 address is on your never-asked list: it is not asked, and not exported."
    assert listed_sentence(1400).startswith(
        "1,400 addresses are on your never-asked list: they are not asked"
    )
