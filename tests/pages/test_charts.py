import pytest

from engine.provider import Kind
from engine.reason import Reason
from engine.verdict import Status
from pages.parts.asked import bins_of
from pages.parts.bars import MOST_BARS, OTHERS
from pages.parts.charts import (
    BIN_POINTS,
    KINDS,
    confidence_bars,
    confidence_stretches,
    kind_bars,
    provider_bars,
    reason_bars,
    say_confidence,
    say_kinds,
    say_providers,
    say_reasons,
    say_statuses,
    status_bars,
)
from pages.parts.colours import STATUS_COLOURS
from pages.parts.words import STATUSES as NAMES

STATUSES = {Status.VALID: 3796, Status.INVALID: 1204}
BINS = {(95, Status.VALID): 30, (90, Status.ACCEPT_ALL): 5, (10, Status.INVALID): 15}
FIGURES = [
    status_bars(STATUSES),
    confidence_bars(BINS),
    provider_bars({"google": 3, "": 1}),
    kind_bars({"google": 7, "mimecast": 3}),
]


@pytest.mark.parametrize("figure", FIGURES)
def test_the_ground_shines_through_every_figure(figure):
    assert figure.layout.paper_bgcolor == figure.layout.plot_bgcolor == "rgba(0,0,0,0)"


def test_the_title_of_the_statuses_says_how_many_are_invalid():
    assert status_bars(STATUSES).layout.title.text == "1,204 of 5,000 addresses are invalid"
    assert (
        status_bars({Status.VALID: 2, Status.INVALID: 1}).layout.title.text == "1 of 3 addresses is invalid"
    )


def test_where_no_address_is_invalid_the_title_says_what_most_are():
    assert status_bars({Status.VALID: 2}).layout.title.text == "2 of 2 addresses are valid"
    mostly = {Status.VALID: 1, Status.ACCEPT_ALL: 4, Status.INVALID: 0}
    assert status_bars(mostly).layout.title.text == "4 of 5 addresses are accept-all"
    assert status_bars({Status.UNKNOWN: 1}).layout.title.text == "1 of 1 address is unknown"
    assert status_bars({}).layout.title.text == "No address has an answer yet"


def test_each_bar_of_the_statuses_has_its_colour_count_and_share():
    bars = status_bars(STATUSES).data[0]
    assert list(bars.x) == [3796, 1204, 0, 0, 0]
    assert bars.text[1] == "1,204  (24.1 %)"
    assert list(bars.marker.color) == list(STATUS_COLOURS.values())


def test_the_confidence_figure_holds_every_entry_once_stacked_by_status():
    figure = confidence_bars(BINS)
    assert figure.layout.barmode == "stack"
    assert sum(sum(stack.y) for stack in figure.data) == sum(BINS.values())
    assert figure.layout.title.text == "Confidence 80 or more: 35 of 50"


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
    assert say_providers({"google": 5}) == (
        "Largest provider: Google (5 domains). Counted: 5 domains that take mail. Google 5."
    )


def test_the_title_of_the_providers_speaks_of_the_largest_bar():
    assert provider_bars({"other": 81, "microsoft365": 3}).layout.title.text == (
        "81 of 84 domains: own or small hosts"
    )
    assert provider_bars({"other": 3, "microsoft365": 81}).layout.title.text == (
        "Largest provider: Microsoft 365 (81 domains)"
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


def test_filters_in_front_of_domains_are_told_apart_from_providers():
    figure = kind_bars({"proofpoint": 2, "mimecast": 1, "google": 5, "other": 4})
    assert figure.layout.title.text == "Of 12 domains 3 are behind a filter"
    assert list(figure.data[0].y) == ["Mailbox provider", "Own or other hosts", KINDS[Kind.GATEWAY].name]
    assert list(figure.data[0].customdata[2]) == ["proofpoint", "mimecast"]
    assert say_kinds({"google": 1}).startswith("Of 1 domain none is behind a filter.")


def test_each_kind_of_host_has_its_words():
    assert set(KINDS) == set(Kind)
    assert all(KINDS[kind].advice for kind in Kind)


REASONS_SEEN = [
    (Status.VALID, Reason.ACCEPTED, 2_000),
    (Status.INVALID, Reason.MAILBOX_MISSING, 1_204),
    (Status.RISKY, Reason.ROLE, 7),
]


def test_reasons_are_drawn_in_the_colour_of_their_status_and_open_their_rows():
    bars = reason_bars(REASONS_SEEN).data[0]
    assert list(bars.x) == [2_000, 1_204, 7]
    assert list(bars.marker.color) == [STATUS_COLOURS[status] for status, _, _ in REASONS_SEEN]
    assert [tuple(each) for each in bars.customdata] == [(why,) for _, why, _ in REASONS_SEEN]


def test_the_title_of_the_reasons_names_what_is_most_against_addresses():
    assert reason_bars(REASONS_SEEN).layout.title.text.endswith(": mailbox does not exist (1,204)")
    assert say_reasons(REASONS_SEEN).startswith("Mainly: mailbox does not exist")
    assert len(reason_bars(REASONS_SEEN).layout.title.text) <= 45, "a phone cuts a longer title"
    assert reason_bars(REASONS_SEEN[:1]).layout.title.text == "Nothing speaks against any address"


def test_no_more_reasons_are_drawn_than_there_is_room_for():
    many = [(Status.UNKNOWN, why, 1) for why in Reason]
    assert len(reason_bars(many).data[0].x) == MOST_BARS


def test_a_bar_tells_under_the_mouse_what_its_name_means():
    (statuses,) = status_bars({Status.VALID: 3, Status.INVALID: 1}).data
    assert [each.split("<br>")[0] for each in statuses.hovertext] == [
        f"<b>{NAMES[status].name}</b>" for status in Status
    ]
    (reasons,) = reason_bars([(Status.RISKY, Reason.MAILBOX_FULL, 2)]).data
    assert "often it is abandoned." in reasons.hovertext[0].replace("<br>", " ")


def test_the_stretches_of_the_confidence_scale_leave_no_address_out():
    bins = {(start, status): start + 1 for start in range(0, 100, BIN_POINTS) for status in Status}
    stretches = confidence_stretches(bins)
    assert sum(entries for *_, entries in stretches) == sum(bins.values())
    edges = [edge for low, high, _ in stretches for edge in bins_of(low, high)]
    assert edges == [edge for low, high, _ in stretches for edge in (low, high)]
    assert (edges[0], edges[-1]) == (0, 100)
