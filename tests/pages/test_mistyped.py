"""What Results offers where addresses look mistyped."""

from engine.never_probed import parse_listed
from pages.parts.mistyped import BY_HAND, NOT_SURE
from storage.never_probed import Origin, write_lines
from storage.summaries import standings


def test_mistyped_addresses_are_counted_shown_and_fixed_in_a_new_list(runtime, save, settle, show):
    upload = save("plum@orchard.sandbox", "fig@gmial.com", "pear@@gmail.com", is_started=True)
    settle()
    page = show("RESULTS", list=str(upload))
    assert any("2 addresses look mistyped." in each.value for each in page.markdown)
    next(each for each in page.button if each.label == "Show them").click().run()
    assert list(page.dataframe[0].value["Address"]) == ["fig@gmial.com", "pear@@gmail.com"]
    next(each for each in page.button if each.label == "Fix them in a new list").click().run()
    assert not page.exception
    fixed, _ = standings(runtime.database)
    assert fixed.title == "customers.csv, corrected"
    assert [each.value for each in page.header] == ["3 addresses, not asked about yet"]


def test_where_nothing_looks_mistyped_nothing_is_offered(save, settle, show):
    save("plum@orchard.sandbox", is_started=True)
    settle()
    assert not any(each.label.startswith("Show ") for each in show("RESULTS").button)


def _press(page, label):
    next(each for each in page.button if each.label == label).click().run()
    assert not page.exception


def test_who_is_never_asked_is_neither_counted_nor_shown_nor_fixed(runtime, save, settle, show):
    write_lines(runtime.database, [parse_listed("gmial.com")], Origin())
    upload = save("plum@orchard.sandbox", "fig@gmial.com", "pear@@gmail.com", is_started=True)
    settle()
    page = show("RESULTS", list=str(upload))
    assert any("1 address looks mistyped." in each.value for each in page.markdown)
    assert "Fix it in a new list" not in [each.label for each in page.button]
    _press(page, "Show it")
    assert list(page.dataframe[0].value["Address"]) == ["pear@@gmail.com"]


def test_where_only_who_is_never_asked_looks_mistyped_nothing_is_offered(runtime, save, show):
    write_lines(runtime.database, [parse_listed("gmial.com")], Origin())
    save("fig@gmial.com", is_started=True)
    assert not any(each.label.startswith("Show ") for each in show("RESULTS").button)


def test_a_list_that_was_made_before_is_opened_instead_of_another_copy(runtime, save, settle, show):
    upload = save("pear@@gmail.com", "fig@gmial.com", is_started=True)
    settle()
    _press(show("RESULTS", list=str(upload)), "Fix them in a new list")
    page = show("RESULTS", list=str(upload))
    _press(page, "Fix them in a new list")
    assert len(standings(runtime.database)) == 2
    assert [each.value for each in page.header] == ["2 addresses, not asked about yet"]


def test_where_nobody_can_be_fixed_that_is_said_and_no_list_is_made(runtime, save, settle, show):
    upload = save("pear@@gmail.com", "fig@gmial.com", is_started=True)
    settle()
    write_lines(runtime.database, [parse_listed("gmial.com")], Origin())
    page = show("RESULTS", list=str(upload))
    _press(page, "Fix them in a new list")
    assert NOT_SURE in [each.value for each in page.info]
    assert len(standings(runtime.database)) == 1


def test_where_what_looks_mistyped_is_no_address_no_new_list_is_offered(save, settle, show):
    save("plum@orchard.sandbox", "pear@@gmail.com", is_started=True)
    settle()
    page = show("RESULTS")
    assert any("1 address looks mistyped." in each.value for each in page.markdown)
    assert BY_HAND in [each.value for each in page.caption]
    assert "Fix it in a new list" not in [each.label for each in page.button]
