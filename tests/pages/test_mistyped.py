"""What Results offers where addresses look mistyped."""

from storage.summaries import standings


def test_mistyped_addresses_are_counted_shown_and_fixed_in_a_new_list(runtime, save, settle, show):
    upload = save("plum@orchard.sandbox", "fig@gmial.com", "pear@@gmail.com", is_started=True)
    settle()
    page = show("RESULTS", list=str(upload))
    assert any("1 address looks mistyped." in each.value for each in page.markdown)
    next(each for each in page.button if each.label == "Show them").click().run()
    assert len(page.dataframe[0].value) == 1
    next(each for each in page.button if each.label == "Fix them in a new list").click().run()
    assert not page.exception
    fixed, _ = standings(runtime.database)
    assert fixed.title == "customers.csv, corrected"
    assert [each.value for each in page.header] == ["3 addresses, not asked about yet"]


def test_where_nothing_looks_mistyped_nothing_is_offered(save, settle, show):
    save("plum@orchard.sandbox", is_started=True)
    settle()
    assert "Show them" not in [each.label for each in show("RESULTS").button]
