import pytest

from engine.ahead import Kind
from engine.intake.read import read_sheet
from engine.intake.survey import survey
from engine.verdict import AcceptAll
from storage.forecasts import forecast_choice
from storage.uploads import Choice

ORCHARD = [f"plum{number}@orchard.sandbox" for number in range(200)]
EMAIL = Choice(("email",))


@pytest.fixture
def forecast(desk):
    """Estimate a list that is not handed in yet, under a name that may be shown."""
    settings = desk.settings.model_copy(update={"validator_helo": "winnow.sandbox"})

    def give(*cells, choice=EMAIL, **changed):
        sheet = read_sheet("\n".join(["email", *cells]).encode(), "fruits.csv", has_header=True)
        found = survey(sheet, choice.columns)
        return forecast_choice(desk.database, found, choice, settings.model_copy(update=changed))

    return give


def test_a_list_is_estimated_before_it_is_handed_in(forecast):
    said = forecast(*ORCHARD)
    longest = said.causes[0]
    assert (longest.kind, longest.name, longest.addresses) == (Kind.DOMAIN, "orchard.sandbox", 200)
    assert said.high_s / said.low_s <= 2


def test_what_an_earlier_list_found_out_is_used(desk, forecast):
    desk.save(*ORCHARD)
    desk.start(desk.save("fig@orchard.sandbox"))
    desk.acquire()
    desk.resolve(accept_all=AcceptAll.YES)
    assert forecast(*ORCHARD) is None, "its hosts take any address, so nobody is asked there"


def test_answers_that_hold_shorten_it_unless_all_is_asked_anew(desk, forecast):
    desk.begin(*ORCHARD)
    desk.finish()
    assert forecast(*ORCHARD) is None
    anew = forecast(*ORCHARD, choice=Choice(("email",), is_fresh_wanted=True))
    assert anew.causes[0].addresses == 200


def test_where_no_host_is_asked_there_is_no_estimate(forecast):
    assert forecast(*ORCHARD, choice=Choice(("email",), is_dns_only=True)) is None
    assert forecast("no address") is None
