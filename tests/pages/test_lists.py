"""The Lists page."""

import re

from pages.parts.words import SAMPLE


def links_to_lists(page):
    links = [(each.value, each.proto.query_string) for each in page.page_link]
    return [(label, query) for label, query in links if query.startswith("list=")]


def test_a_first_visit_explains_the_app_and_offers_a_new_list(runtime, show):
    page = show("LISTS")
    assert page.title[0].value == "Lists"
    assert "never sends a message" in page.markdown[0].value
    assert [each.label for each in page.button] == ["Check your first list"]


def test_a_demo_offers_its_sample_list(demo_runtime, show):
    assert [each.label for each in show("LISTS").button] == ["Check your first list", SAMPLE]


def test_the_offer_of_a_new_list_leads_there(runtime, show):
    page = show("LISTS")
    page.button[0].click().run()
    assert page.title[0].value == "New list"


def test_every_list_has_a_card_newest_first_with_links_to_its_results_and_export(runtime, save, show):
    older = save("quince@orchard.sandbox", name="older.csv")
    newer = save("plum@orchard.sandbox", name="newer.csv")
    page = show("LISTS")
    assert [each.value for each in page.subheader] == [r"newer\.csv", r"older\.csv"]
    assert links_to_lists(page) == [
        ("Open", f"list={newer}"),
        ("Export", f"list={newer}"),
        ("Open", f"list={older}"),
        ("Export", f"list={older}"),
    ]


def test_a_card_says_what_was_found_and_what_waits(runtime, save, show):
    save("quince@orchard.sandbox", "plum@orchard.sandbox", "no address")
    said = [re.search(r"role='img' aria-label='([^']*)'", each.value) for each in show("LISTS").html]
    assert [found[1] for found in said if found] == ["Invalid 1, Waiting 2"]


def test_a_list_under_way_says_how_far_it_is(runtime, save, show):
    save("quince@orchard.sandbox", "no address", is_started=True)
    page = show("LISTS")
    assert any("Running" in each.value for each in page.markdown)
    assert any("2 addresses in 2 rows" in each.value for each in page.caption)
    assert any("50% checked" in each.value for each in page.caption)


def test_a_card_tells_rows_without_an_address_apart(runtime, save, show):
    save("1,quince@orchard.sandbox", "2,no address", "3,", head="n,email", column="email")
    page = show("LISTS")
    assert any("2 addresses in 3 rows (1 row without an address)" in each.value for each in page.caption)
    assert any("aria-label='Invalid 1, Waiting 1'" in each.value for each in page.html)


def test_the_same_list_twice_makes_two_cards_that_differ(runtime, save, show):
    save("quince@orchard.sandbox")
    save("quince@orchard.sandbox")
    page = show("LISTS")
    assert [each.value for each in page.subheader] == [r"customers\.csv, second check", r"customers\.csv"]
    assert all(re.match(r"today \d\d:\d\d · 1 address in 1 row$", each.value) for each in page.caption)


def test_a_list_that_is_asked_about_anew_says_so(runtime, save, show):
    save("quince@orchard.sandbox", reuse_days=0.0)
    assert "every address asked anew" in show("LISTS").caption[0].value


def test_a_list_that_is_checked_by_dns_only_says_so(runtime, save, show):
    save("quince@orchard.sandbox", is_dns_only=True)
    assert "by DNS only" in show("LISTS").caption[0].value


def test_a_list_whose_name_is_markup_shows_it_as_text(runtime, save, show):
    save("quince@orchard.sandbox", name="**a** :material/bolt:.csv")
    assert show("LISTS").subheader[0].value == r"\*\*a\*\* \:material/bolt\:\.csv"
