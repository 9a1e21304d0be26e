import pytest

from engine.ahead import Kind
from engine.forecast import GOOGLE, MICROSOFT, WITHOUT_MAIL, Known, forecast, known_by_name
from engine.settings import Settings
from engine.sharing import domains_together, sessions_of

SETTINGS = Settings(rcpts_per_session=20)


def stretch(ahead, kind, name=""):
    return next(each for each in ahead.stretches if (each.kind, each.name) == (kind, name))


@pytest.mark.parametrize(
    ("domain", "provider"),
    [
        ("gmail.com", "google"),
        ("hotmail.com", "outlook"),
        ("aol.com", "yahoo"),
        ("yahoo.com", "yahoo"),
        ("posteo.de", ""),
        ("orchard.sandbox", ""),
    ],
)
def test_large_free_domains_are_known_by_name(domain, provider):
    assert known_by_name(domain).provider == provider


def test_a_domain_is_asked_in_as_many_sessions_as_its_provider_allows():
    ahead = forecast({"gmail.com": 3000, "outlook.com": 30}, {}, SETTINGS)
    assert stretch(ahead, Kind.DOMAIN, "gmail.com").sessions == 150
    assert stretch(ahead, Kind.DOMAIN, "outlook.com").sessions == 30
    assert stretch(ahead, Kind.NUMBER).addresses == 3030


def test_of_domains_that_nobody_knows_a_part_is_taken_to_be_at_the_large_providers():
    ahead = forecast({f"orchard{number}.sandbox": 2 for number in range(100)}, {}, SETTINGS)
    google, microsoft = (stretch(ahead, Kind.PROVIDER, name) for name in ("google", "microsoft365"))
    assert google.sessions + google.turns == round(GOOGLE * 100)
    assert google.sessions == sessions_of(25, 75, 20, domains_together("google")) == 5, "they share hosts"
    assert (microsoft.sessions, microsoft.turns) == (round(MICROSOFT * 100), 0), "each has a host of its own"
    assert stretch(ahead, Kind.NUMBER).addresses == round((1 - WITHOUT_MAIL) * 200)


def test_what_is_known_of_a_domain_is_believed():
    known = {
        "orchard.sandbox": Known("google", needs_probe=True, portion=5),
        "mill.sandbox": Known("", needs_probe=False),
    }
    ahead = forecast({"orchard.sandbox": 50, "mill.sandbox": 500}, known, SETTINGS)
    assert stretch(ahead, Kind.PROVIDER, "google").sessions == 10
    assert stretch(ahead, Kind.NUMBER).addresses == 50


def test_what_was_answered_already_is_not_asked_again():
    ahead = forecast({"gmail.com": 3000}, {}, SETTINGS, reused=0.5)
    assert stretch(ahead, Kind.DOMAIN, "gmail.com").addresses == 1500
    nobody = forecast({"gmail.com": 3000}, {}, SETTINGS, reused=1.0)
    assert all(not each.addresses for each in nobody.stretches)


def test_an_empty_list_has_nothing_ahead_of_it():
    assert all(not each.addresses for each in forecast({}, {}, SETTINGS).stretches)


def test_known_domains_behind_the_same_hosts_share_sessions():
    names = [f"orchard{number}.sandbox" for number in range(60)]
    shared, alone = (
        {name: Known("other", portion=20, route_key=key, is_decided=True) for name in names}
        for key in ("a1b2", "")
    )
    by_domain = dict.fromkeys(names, 1)
    assert stretch(forecast(by_domain, shared, SETTINGS), Kind.NUMBER).sessions == 10
    assert stretch(forecast(by_domain, alone, SETTINGS), Kind.NUMBER).sessions == 60


def test_made_up_addresses_are_expected_where_they_are_still_to_be_asked():
    decided, open_ = (Known("google", portion=20, is_decided=decided) for decided in (True, False))
    known = {"orchard.sandbox": decided, "mill.sandbox": open_, "tree.sandbox": Known("yahoo")}
    ahead = forecast(dict.fromkeys(known, 3), known, SETTINGS)
    assert stretch(ahead, Kind.PROVIDER, "google").made_up == 1
    assert stretch(ahead, Kind.PROVIDER, "yahoo").made_up == 0


def test_hosts_that_taught_us_a_limit_are_a_lane_of_their_own():
    known = {"orchard.sandbox": Known("other", portion=20, route_key="a1b2")}
    ahead = forecast({"orchard.sandbox": 50}, known, SETTINGS, taught=frozenset({"a1b2"}))
    assert stretch(ahead, Kind.PROVIDER, "a1b2").addresses == 50
    untaught = forecast({"orchard.sandbox": 50}, known, SETTINGS)
    assert {each.kind for each in untaught.stretches} == {Kind.NUMBER, Kind.DOMAIN}
