from itertools import cycle, islice

import pytest

from engine.about import About
from engine.address import Address
from engine.batch import DomainFacts, Scope
from engine.circle_window import WINDOW_S
from engine.judge import judge
from engine.policy import DEFAULT_POLICY
from engine.reply import Reply, Stage
from engine.settings import Settings
from engine.traits import traits_of
from engine.vantage import MOST_WINDOWS, Noted, VantageWatch
from engine.verdict import Evidence, Finding

YES = Reply(250, "2.1.5 ok", Stage.RCPT)
NO = Reply(550, "5.1.1 no such user here", Stage.RCPT)
VAGUE = Reply(550, "address rejected", Stage.RCPT)
BLOCKED = Reply(554, "5.7.1 client host blocked", Stage.RCPT)
US, ACCEPTED, ELSE = About.US, About.ACCEPTED, About.ELSE
PAUSE_S = 45 * 60.0


@pytest.fixture
def clock(clock):
    clock.now = 10_000.0
    return clock


@pytest.fixture
def watch(clock):
    return VantageWatch(Settings(), clock)


def domain(number: int, provider: str = "google") -> DomainFacts:
    return DomainFacts(f"plum{number}.example", route_key=f"key{number}", provider=provider)


def told(number: int, answer: Reply) -> Finding:
    address = Address(f"pear{number}", "plum.example")
    evidence = Evidence(address, traits_of(address), rcpt=answer)
    return Finding(number, evidence, judge(evidence, DEFAULT_POLICY), 1, 0.0, 0.0)


def refuse(watch, numbers, provider="google", answers=(US, US)):
    """Let these domains refuse us, one session each; give the pauses that began."""
    return [pause for n in numbers if (pause := watch.hear(domain(n, provider), answers))]


def test_five_refusals_in_a_row_pause_a_domain_and_nobody_else(watch, clock):
    assert watch.hear(domain(1), (US,) * 4) is None
    pause = watch.hear(domain(1), (US,))

    assert (pause.scope, pause.name, pause.rounds) == (Scope.DOMAIN, "plum1.example", 1)
    assert (pause.since, pause.until) == (clock.now, clock.now + PAUSE_S)
    assert watch.pause_over(domain(1)) == pause
    assert watch.pause_over(domain(2)) is None


def test_one_other_answer_in_between_starts_the_row_anew(watch):
    assert watch.hear(domain(1), (US,) * 4 + (ELSE,)) is None
    assert watch.hear(domain(1), (US,) * 4) is None


def test_refusals_before_a_yes_in_the_same_session_are_about_their_recipients(watch):
    assert watch.hear(domain(1), (*(US,) * 9, ACCEPTED)) is None
    assert watch.hear(domain(1), (ACCEPTED, *(US,) * 4)) is None
    assert watch.hear(domain(1), (US,)) is not None


def test_three_domains_that_refuse_us_pause_their_provider(watch):
    assert refuse(watch, range(2)) == []
    (pause,) = refuse(watch, [2])

    assert (pause.scope, pause.name, pause.share) == (Scope.PROVIDER, "google", 1.0)
    assert watch.pause_over(domain(99)) == pause
    assert watch.pause_over(domain(99, "zoho")) is None


def test_one_domain_that_refuses_us_for_its_own_policy_never_pauses_its_provider(watch):
    for n in range(500):
        watch.hear(domain(n), (ACCEPTED, ELSE))
        if n % 25 == 0:
            watch.hear(domain(1000), (US,) * 4)
    assert all(pause.scope is Scope.DOMAIN for pause in watch.pauses())
    assert watch.pause_over(domain(7)) is None


def test_more_than_three_in_ten_of_twenty_answers_pause_a_provider(watch):
    answers = cycle([(US,), (ACCEPTED,), (ELSE,)])
    pauses = [watch.hear(domain(n), each) for n, each in enumerate(islice(answers, 20))]

    assert pauses[:-1] == [None] * 19, "nothing is said of fewer than twenty"
    assert pauses[-1].scope is Scope.PROVIDER
    assert pauses[-1].share == pytest.approx(7 / 20)


def test_three_in_ten_answers_or_fewer_pause_nobody(watch):
    for n, answers in enumerate(islice(cycle([(US,), (ACCEPTED,), (ELSE,), (ELSE,)]), 200)):
        assert watch.hear(domain(n), answers) is None


def test_hosts_of_nobody_known_are_watched_by_their_mx_set(watch):
    facts = [DomainFacts(f"fig{n}.example", route_key="shared", provider="other") for n in range(3)]
    pauses = [watch.hear(each, (US, US)) for each in facts]

    assert pauses[:2] == [None, None]
    assert (pauses[2].scope, pauses[2].name) == (Scope.ROUTE, "shared")


def test_five_providers_that_refuse_us_pause_all_asking(watch):
    assert refuse(watch, range(4), "other", (US,)) == []
    assert not watch.is_all_paused
    (pause,) = refuse(watch, [4], "other", (US,))

    assert pause.scope is Scope.ALL
    assert watch.is_all_paused
    assert watch.pause_over(domain(77, "zoho")) == pause


def test_one_provider_alone_never_pauses_all(watch):
    for n in range(50):
        watch.hear(domain(n), (US,) * 3)
    assert not watch.is_all_paused


def test_during_a_pause_nothing_counts_and_after_it_all_begins_anew(watch, clock):
    refuse(watch, range(3))
    assert refuse(watch, range(3, 30)) == []
    clock.now += PAUSE_S
    assert watch.pauses() == ()
    assert watch.pause_over(domain(1)) is None
    assert refuse(watch, range(2)) == []


def test_a_provider_that_goes_on_after_the_pause_is_given_up_for_as_long_as_it_goes_on(watch, clock):
    refuse(watch, range(3))
    clock.now += PAUSE_S
    (second,) = refuse(watch, range(3))

    assert (second.rounds, second.is_final, second.asks_again_at) == (2, True, clock.now)
    assert watch.pause_over(domain(9)) == second
    assert watch.pauses() == (), "nobody is held back: who is due is settled"
    assert second.until == clock.now + PAUSE_S + WINDOW_S, "whoever waited for a narrower pause is due in it"
    clock.now = second.until
    assert refuse(watch, range(3))[0].is_final


def test_trouble_long_after_a_pause_is_another_one(watch, clock):
    refuse(watch, range(3))
    clock.now += 2 * PAUSE_S + 1
    (pause,) = refuse(watch, range(3))
    assert not pause.is_final


def test_a_restarted_engine_goes_on_with_the_pauses(watch, clock):
    (pause,) = refuse(watch, range(3))
    again = VantageWatch(Settings(), clock)
    again.remember([pause])

    assert again.pauses() == (pause,)
    clock.now += PAUSE_S
    (second,) = refuse(again, range(3))
    assert second.is_final


def test_answers_of_more_than_a_quarter_of_an_hour_ago_do_not_count(watch, clock):
    refuse(watch, range(2))
    clock.now += WINDOW_S + 1
    assert refuse(watch, [2]) == []


def test_a_breaker_of_no_minutes_is_none(clock):
    watch = VantageWatch(Settings(breaker_minutes=0), clock)
    assert refuse(watch, range(50)) == []


def test_how_many_in_a_row_it_takes_can_be_set(clock):
    watch = VantageWatch(Settings(breaker_failures=2), clock)
    assert watch.hear(domain(1), (US, US)) is not None


def test_the_share_of_refusals_is_said_of_a_provider_once_there_are_enough_answers(watch):
    watch.hear(domain(1), (US, ELSE, ELSE, ELSE))
    assert watch.vantage_of(domain(1)).refused_share == 0.0
    watch.hear(domain(2), (ELSE,))
    assert watch.vantage_of(domain(9)).refused_share == pytest.approx(1 / 5)
    assert watch.vantage_of(domain(9, "zoho")).refused_share == 0.0


def test_what_was_told_in_the_last_quarter_of_an_hour_is_doubted_once_but_no_yes(watch, clock):
    watch.note(domain(1), [told(1, NO)])
    clock.now += WINDOW_S + 1
    watch.note(domain(1), [told(2, NO), told(3, YES), told(4, BLOCKED)])
    watch.note(domain(2), [told(5, NO)])
    watch.note(domain(1, "zoho"), [told(6, NO)])
    (pause,) = refuse(watch, range(3))

    assert watch.take_doubted(pause) == (2, 4, 5)
    assert watch.take_doubted(pause) == ()


def test_what_an_earlier_engine_was_told_may_be_doubted_too(watch, clock):
    place = ("plum1.example", "key1", "google")
    old = [Noted(clock.now - age_s, place, n) for n, age_s in enumerate((WINDOW_S + 1, 60, 5))]
    watch.remember_told(old)
    assert watch.take_doubted(watch.hear(domain(1), (US,) * 5)) == (1, 2)


def test_only_a_domains_own_answers_are_doubted_with_it(watch):
    watch.note(domain(1), [told(1, NO)])
    watch.note(domain(2), [told(2, NO)])
    pause = watch.hear(domain(1), (US,) * 5)

    assert watch.take_doubted(pause) == (1,)


def test_of_more_than_can_be_noted_the_latest_are_doubted(monkeypatch, clock):
    monkeypatch.setattr("engine.vantage.MOST_NOTED", 3)
    watch = VantageWatch(Settings(), clock)
    assert watch.take_doubted(watch.hear(domain(1), (US,) * 5)) == ()
    watch.note(domain(2), [told(n, NO) for n in range(5)])
    assert watch.take_doubted(watch.hear(domain(2), (US,) * 5)) == (2, 3, 4)


def test_what_is_watched_stays_bounded(watch, clock):
    for n in range(MOST_WINDOWS + 10):
        clock.now += 1
        watch.hear(domain(n, "other"), (ACCEPTED, ELSE, US))
        watch.hear(domain(n, "other"), (ACCEPTED, ACCEPTED, ACCEPTED, ACCEPTED))
    assert len(watch._windows) <= MOST_WINDOWS
