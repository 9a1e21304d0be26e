import pytest

from engine.ahead import Kind
from engine.estimate import Cause, Estimate
from engine.settings import Settings
from pages.parts.time_left import left_out_before, takes, time_left, time_span, what_makes_it_long

GMAIL = Cause(Kind.DOMAIN, "gmail.com", 3000, 150, 900.0, per_minute=10, at_once=1)
GOOGLE = Cause(Kind.PROVIDER, "google", 4000, 700, 800.0, at_once=5)
NUMBER = Cause(Kind.NUMBER, "", 9000, 2000, 300.0, at_once=96)


@pytest.mark.parametrize(
    ("low_s", "high_s", "said"),
    [
        (5, 10, "under a minute"),
        (30, 60, "under a minute"),
        (43, 84, "1 minute"),
        (60, 118, "1 to 2 minutes"),
        (710, 1190, "12 to 20 minutes"),
        (2100, 4000, "35 to 65 minutes"),
        (4000, 7600, "1 to 2 hours"),
        (86_000, 160_000, "25 to 45 hours"),
        (4 * 86_400, 7 * 86_400, "4 to 7 days"),
    ],
)
def test_a_range_is_said_as_people_say_it(low_s, high_s, said):
    assert time_span(low_s, high_s) == said


def test_before_the_start_it_is_said_how_long_a_list_takes():
    assert takes(Estimate(710, 1190)) == "About 12 to 20 minutes"
    assert takes(Estimate(5, 10)) == "Under a minute"


def test_during_the_run_it_is_said_what_is_left():
    assert time_left(Estimate(710, 1190)) == "12 to 20 minutes left"
    assert time_left(Estimate(5, 10)) == "under a minute left"
    assert time_left(Estimate(43, 84)) == "about 1 minute left"


def test_what_makes_a_list_long_is_said_with_its_figures():
    assert what_makes_it_long(Estimate(640, 1260, (GMAIL, NUMBER))) == (
        "What makes it long: 3,000 addresses at gmail.com in 150 sessions, at most 10 a minute."
    )
    assert what_makes_it_long(Estimate(640, 1260, (GMAIL, GOOGLE, NUMBER))) == (
        "What makes it long: 3,000 addresses at gmail.com in 150 sessions, at most 10 a minute,"
        " and about 4,000 addresses whose mail goes to Google, 5 sessions at once."
    )
    assert "9,000 addresses in 2,000 sessions, 96 at once" in what_makes_it_long(
        Estimate(640, 1260, (NUMBER,))
    )


def test_a_domain_without_a_minutes_limit_is_slow_for_its_sessions_at_a_time():
    unlimited = Cause(Kind.DOMAIN, "gmail.com", 3000, 150, 900.0, at_once=1)
    assert "in 150 sessions, 1 at a time" in what_makes_it_long(Estimate(640, 1260, (unlimited,)))


def test_a_provider_without_a_limit_is_named_without_one():
    zoho = Cause(Kind.PROVIDER, "zoho", 4000, 2000, 900.0)
    assert what_makes_it_long(Estimate(640, 1260, (zoho,))).endswith("whose mail goes to Zoho.")


def test_what_is_only_estimated_is_told_in_two_figures():
    google = Cause(Kind.PROVIDER, "google", 5642, 2000, 900.0, at_once=5)
    assert "about 5,600 addresses whose mail goes to Google" in what_makes_it_long(
        Estimate(640, 1260, (google,))
    )
    few = Cause(Kind.PROVIDER, "google", 7, 2000, 900.0, at_once=5)
    assert "about 7 addresses whose" in what_makes_it_long(Estimate(640, 1260, (few,)))


def test_a_provider_without_a_limit_is_not_named_beside_the_number_of_all():
    zoho = Cause(Kind.PROVIDER, "zoho", 4000, 2000, 900.0)
    number = Cause(Kind.NUMBER, "", 9000, 2000, 890.0, at_once=96)
    assert "the sheer number" in (told := what_makes_it_long(Estimate(640, 1260, (zoho, number))))
    assert "Zoho" not in told


def test_who_comes_back_is_not_named_where_the_asking_itself_takes_nearly_as_long():
    retries = Cause(Kind.RETRIES, "", 0, 0, 845.0, domains=40)
    assert what_makes_it_long(Estimate(640, 1260, (retries, GOOGLE))) == (
        "What makes it long: about 4,000 addresses whose mail goes to Google, 5 sessions at once."
    )


@pytest.mark.parametrize(
    ("bears", "said"),
    [
        ({"per_minute": 10}, "whose mail goes to Zoho, which takes 10 sessions a minute."),
        ({"rcpts_per_minute": 60}, "whose mail goes to Zoho, which takes 60 addresses a minute."),
        ({"at_once": 1}, "whose mail goes to Zoho, 1 session at once."),
    ],
)
def test_what_a_provider_taught_us_is_said_with_its_number(bears, said):
    zoho = Cause(Kind.PROVIDER, "zoho", 3000, 2000, 900.0, **bears)
    assert what_makes_it_long(Estimate(640, 1260, (zoho,))).endswith(f"about 3,000 addresses {said}")


def test_hosts_without_a_known_name_are_named_by_their_first_host():
    lane = Cause(Kind.PROVIDER, "mx.orchard.sandbox", 3000, 2000, 900.0, rcpts_per_minute=60)
    assert "goes to mx.orchard.sandbox, which takes 60 addresses" in what_makes_it_long(
        Estimate(640, 1260, (lane,))
    )


def test_recipients_a_minute_that_are_set_are_named_at_a_domain():
    limited = Cause(Kind.DOMAIN, "gmail.com", 3000, 150, 900.0, rcpts_per_minute=100)
    assert what_makes_it_long(Estimate(640, 1260, (limited,))).endswith("at gmail.com, at most 100 a minute.")


@pytest.mark.parametrize(
    ("addresses", "domains", "said"),
    [(120, 40, "120 addresses"), (1, 1, "1 address"), (0, 30, "about 30 domains"), (0, 1, "about 1 domain")],
)
def test_those_who_are_put_off_are_said_with_their_number(addresses, domains, said):
    retries = Cause(Kind.RETRIES, "", addresses, 0, 900.0, domains=domains)
    assert what_makes_it_long(Estimate(640, 1260, (retries,))) == (
        f"What makes it long: {said} whose mail hosts ask us to come back later."
    )


def test_of_a_list_by_dns_alone_it_is_said_what_makes_it_long_where_it_is():
    look_ups = Cause(Kind.LOOK_UPS, "", 900_000, 0, 180.0, at_once=64, domains=60_000)
    assert what_makes_it_long(Estimate(130, 250, (look_ups,))) == (
        "What makes it long: 60,000 domains to look up, 64 at once."
    )
    assert what_makes_it_long(Estimate(20, 40, (look_ups,))) == ""


def test_every_kind_of_cause_can_be_said():
    for kind in Kind:
        assert what_makes_it_long(Estimate(640, 1260, (Cause(kind, "x", 3, 2, 900.0, at_once=1),)))


def test_nobody_asks_why_a_short_time_is_long():
    assert what_makes_it_long(Estimate(20, 40, (GMAIL,))) == ""
    assert what_makes_it_long(Estimate(640, 1260)) == ""


def test_how_long_addresses_may_take_that_are_put_off_is_told_only_where_that_can_be_long():
    assert "up to about 10 hours more" in left_out_before(Settings())
    soon = Settings(greylist_retry_seconds=(45.0, 60.0), outage_retry_seconds=(5.0,))
    assert left_out_before(soon) == ""
