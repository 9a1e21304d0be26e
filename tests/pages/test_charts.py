import pytest

from engine.reason import Reason
from engine.verdict import Status
from pages.parts.bars import MOST_BARS, OTHERS
from pages.parts.charts import (
    confidence_bars,
    provider_bars,
    reason_bars,
    say_confidence,
    say_providers,
    say_statuses,
    say_troubles,
    status_bars,
    trouble_bars,
)
from pages.parts.colours import STATUS_COLOURS
from pages.parts.reasons import REASONS
from pages.parts.words import STATUSES as NAMES

STATUSES = {Status.VALID: 3796, Status.INVALID: 1204}
BINS = {(95, Status.VALID): 30, (90, Status.ACCEPT_ALL): 5, (10, Status.INVALID): 15}
FIGURES = [
    status_bars(STATUSES),
    confidence_bars(BINS),
    provider_bars({"google": 3, "": 1}),
    trouble_bars({"mx": 7, "null_mx": 3}),
]


@pytest.mark.parametrize("figure", FIGURES)
def test_the_ground_shines_through_every_figure(figure):
    assert figure.layout.paper_bgcolor == figure.layout.plot_bgcolor == "rgba(0,0,0,0)"


def test_the_title_of_the_statuses_says_how_many_are_invalid():
    assert status_bars(STATUSES).layout.title.text == "1,204 of 5,000 addresses are invalid"
    assert (
        status_bars({Status.VALID: 2, Status.INVALID: 1}).layout.title.text == "1 of 3 addresses is invalid"
    )
    assert status_bars({Status.VALID: 2}).layout.title.text == "No address is invalid"


def test_each_bar_of_the_statuses_has_its_colour_count_and_share():
    bars = status_bars(STATUSES).data[0]
    assert list(bars.x) == [3796, 1204, 0, 0, 0]
    assert bars.text[1] == "1,204  (24.1 %)"
    assert list(bars.marker.color) == list(STATUS_COLOURS.values())


def test_the_confidence_figure_holds_every_entry_once_stacked_by_status():
    figure = confidence_bars(BINS)
    assert figure.layout.barmode == "stack"
    assert sum(sum(stack.y) for stack in figure.data) == sum(BINS.values())
    assert figure.layout.title.text == "35 of 50 score 80 or more"


def test_the_last_bin_is_said_to_hold_a_hundred():
    assert "30 with 95 to 100" in say_confidence(BINS)
    assert "15 with 10 to 14" in say_confidence(BINS)


def test_the_statuses_are_said_with_every_count_for_who_cannot_see_them():
    said = say_statuses(STATUSES)
    assert said.startswith("1,204 of 5,000 addresses are invalid. Valid 3,796, 75.9 %; Invalid 1,204")
    assert "Unknown 0, 0 %" in said


def test_providers_are_named_as_people_know_them_and_the_largest_comes_first():
    bars = provider_bars({"microsoft365": 2, "google": 5, "": 1}).data[0]
    assert list(bars.y) == ["Google", "Microsoft 365", "Not known"]
    assert say_providers({"google": 5}) == "Largest provider: Google (5 of 5). Google 5."


def test_the_title_of_the_providers_speaks_of_the_largest_bar():
    assert provider_bars({"other": 81, "microsoft365": 3}).layout.title.text == (
        "81 of 84 have own or smaller hosts"
    )
    assert provider_bars({"other": 3, "microsoft365": 81}).layout.title.text == (
        "Largest provider: Microsoft 365 (81 of 84)"
    )
    assert provider_bars({"other": 81}).layout.title.text == "None of 81 domains is at a provider we know"
    assert provider_bars({}).layout.title.text == "No provider is known yet"


def test_many_providers_are_cut_to_the_largest_and_the_rest_is_counted_together():
    many = {"google": 50, "microsoft365": 40, "yahoo": 30, "outlook": 20, "icloud": 10, "mail_ru": 9}
    many |= {"zoho": 8, "proton": 7, "fastmail": 6, "gmx": 5}
    bars = provider_bars(many).data[0]
    assert len(bars.y) <= MOST_BARS
    assert sum(bars.x) == sum(many.values())
    assert len(bars.y) < MOST_BARS or bars.y[-1] == OTHERS


def test_domains_that_take_mail_are_no_trouble():
    kinds = {"mx": 6, "implicit": 1, "null_mx": 2, "dns_failed": 1}
    figure = trouble_bars(kinds)
    assert figure.layout.title.text == "3 of 10 have no mail host we could use"
    assert list(figure.data[0].y) == ["Domain takes no mail", "Look-up failed"]
    assert say_troubles({"mx": 6}) == "Every domain looked up takes mail."


@pytest.mark.parametrize("reason", list(Reason))
def test_no_kind_of_trouble_is_without_words(reason: Reason):
    assert say_troubles({reason.value: 1}).count("1") == 3


def test_a_bar_tells_under_the_mouse_what_its_name_means():
    (statuses,) = status_bars({Status.VALID: 3, Status.INVALID: 1}).data
    assert [each.split("<br>")[0] for each in statuses.hovertext] == [
        f"<b>{NAMES[status].name}</b>" for status in Status
    ]
    (reasons,) = reason_bars([(Status.RISKY, Reason.MAILBOX_FULL, 2)]).data
    assert "often it is abandoned." in reasons.hovertext[0].replace("<br>", " ")
    (troubles,) = trouble_bars({"null_mx": 2, "mx": 3}).data
    assert REASONS[Reason.NULL_MX].name in troubles.hovertext[0]
