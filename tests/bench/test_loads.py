import pytest

from bench.bound import Talk, bound
from bench.loads import limits_of, loads_of
from engine.settings import Settings
from sandbox.internet import Answering, Internet, Shape

SETTINGS = Settings(database_url="sqlite://", allow_private_networks=True)


@pytest.fixture(scope="module")
def internet() -> Internet:
    return Internet(Shape(3000, is_named=True))


@pytest.fixture(scope="module")
def loads(internet):
    return {load.domain: load for load in loads_of(internet, SETTINGS)}


def sites(internet: Internet, answering: Answering):
    return [site for site in internet.sites() if site.answering is answering]


def test_domains_whose_mail_goes_nowhere_are_no_load(internet, loads):
    nowhere = [*sites(internet, Answering.NO_SUCH_DOMAIN), *sites(internet, Answering.NULL_MX)]

    assert nowhere
    assert not {site.name for site in nowhere} & set(loads)
    assert len(loads) + len(nowhere) == len(list(internet.sites()))


def test_a_greylisting_domain_is_asked_twice(internet, loads):
    for site in sites(internet, Answering.GREYLISTING):
        assert (loads[site.name].rounds, loads[site.name].recipients) == (2, site.size)


def test_of_a_domain_that_accepts_all_one_recipient_is_enough(internet, loads):
    tail = [site for site in sites(internet, Answering.ACCEPT_ALL) if site.name.endswith(".sandbox")]

    assert all((loads[site.name].recipients, loads[site.name].decoys) == (1, 1) for site in tail)


def test_where_no_decoy_is_allowed_everybody_has_to_be_asked(loads):
    assert (loads["yahoo.com"].recipients, loads["yahoo.com"].decoys) == (180, 0)


def test_known_providers_have_their_own_lane_and_their_own_numbers(loads):
    assert loads["gmail.com"].lane == "google"
    assert (loads["outlook.com"].per_session, loads["gmail.com"].per_session) == (1, 20)


def test_the_limits_are_those_of_the_settings_and_of_the_known_providers():
    limits = limits_of(SETTINGS, 40)

    assert (limits.sessions, limits.per_domain, limits.per_minute, limits.backoff_s) == (96, 1, 10, 1.2)
    assert limits.lanes["google"] == 5
    assert limits.round_trip_s == 0.04


def test_with_all_defaults_the_largest_domains_sessions_a_minute_make_the_bound(internet, loads):
    found = bound(list(loads.values()), limits_of(SETTINGS, 40), Talk.LOCKSTEP)

    assert found.because == "gmail.com"
    assert 60 < found.seconds < 62
