"""What New list says of those on the never-asked list."""

from engine.never_probed import parse_listed
from engine.policy import Policy
from pages.parts.unasked import client_sentence, listed_sentence
from storage.entries import Search, find_entries
from storage.never_probed import Origin, write_lines
from storage.policies import NamedPolicy, save_policy
from storage.summaries import standings

TEXT = "fig@mill.com\nplum@mill.com\nFIG@mill.com\npear@orchard.com"


def _hand_in(show, text=TEXT):
    page = show("NEW_LIST")
    page.segmented_control(key="way").set_value("Paste addresses").run()
    page.text_area[0].set_value(text).run()
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


def _choose_client(runtime, page, *domains):
    save_policy(runtime.database, NamedPolicy("Orchard Ltd", Policy(never_probed_domains=domains)))
    page.run().selectbox(key="client policy").set_value("Orchard Ltd").run()
    assert not page.exception


def test_whom_only_a_client_lets_nobody_ask_about_is_said_apart(runtime, show):
    write_lines(runtime.database, [parse_listed("mill.com")], Origin())
    page = _hand_in(show)
    _choose_client(runtime, page, "mill.com", "orchard.com")
    told = [each.value for each in page.info]
    assert listed_sentence(2) in told
    assert client_sentence(1, "Orchard Ltd") in told


def test_a_slip_that_a_client_lets_nobody_ask_about_is_not_offered_to_be_fixed(runtime, show):
    page = _hand_in(show, "fig@gmial.com\nplum@orchard.com")
    assert "Fix all" in [each.label for each in page.button]
    _choose_client(runtime, page, "gmial.com")
    assert "Fix all" not in [each.label for each in page.button]
    assert client_sentence(1, "Orchard Ltd") in [each.value for each in page.info]
    next(each for each in page.button if each.label.startswith("Check")).click().run()
    (standing,) = standings(runtime.database)
    lines = find_entries(runtime.database, standing.upload, Search())
    assert [each.corrected for each in lines] == ["", ""]


def test_one_and_many_at_a_clients_domains_are_said_as_people_do():
    one, two = (client_sentence(number, "Orchard Ltd") for number in (1, 2))
    assert one == "1 address is at a domain that Orchard Ltd lets nobody be asked about: it is not asked."
    assert two.startswith("2 addresses are at domains that Orchard Ltd lets nobody be asked about: they are")


def test_one_and_many_are_said_as_people_do():
    assert listed_sentence(1) == "1 address is on your never-asked list: it is not asked, and not exported."
    assert listed_sentence(1400).startswith(
        "1,400 addresses are on your never-asked list: they are not asked"
    )
