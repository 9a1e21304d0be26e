import pytest

from engine.ahead import Kind, Stretch
from engine.estimate import RCPT_S, SETUP_S
from storage.run_sample import (
    SAMPLED,
    Sampled,
    active_s_of,
    asked_share,
    pace_of,
    put_off_shares,
    questions_each,
    sample_of,
)

ORCHARD = [f"plum{number}@orchard.sandbox" for number in range(10)]


def test_a_list_was_at_work_since_its_start_but_for_the_time_it_was_paused():
    steady = [100.0 + second for second in range(50)]
    assert active_s_of(steady, 100.0, 150.0) == pytest.approx(50)
    after_a_night = [*steady, *(30_000.0 + second for second in range(50))]
    assert active_s_of(after_a_night, 100.0, 30_050.0) < 30_000 / 5


def test_answers_from_before_the_start_say_nothing_of_the_run():
    assert active_s_of([1.0, 2.0, 110.0], 100.0, 120.0) == pytest.approx(20)


def test_a_sample_holds_what_is_settled(desk):
    upload = desk.begin(*ORCHARD, "pear@mill.sandbox")
    (orchard, *_) = desk.claim(1)
    desk.settle(desk.answer(orchard))
    with desk.database.reading() as connection:
        sample = sample_of(connection, upload)
    assert len(sample) == len(orchard.recipients)
    assert {each.attempts for each in sample} == {1}


def test_a_long_list_is_looked_at_here_and_there(desk):
    upload = desk.begin(*(f"plum{number}@orchard.sandbox" for number in range(2 * SAMPLED)))
    desk.finish()
    with desk.database.reading() as connection:
        assert SAMPLED <= len(sample_of(connection, upload)) <= SAMPLED + 1


def test_reused_answers_were_not_asked_for(desk):
    desk.begin(*ORCHARD)
    desk.finish()
    upload = desk.begin(*ORCHARD[:5], "fig@mill.sandbox")
    with desk.database.reading() as connection:
        assert asked_share(connection, upload) == 0
    desk.finish()
    with desk.database.reading() as connection:
        assert asked_share(connection, upload) == pytest.approx(1 / 6)


def test_domains_that_put_somebody_off_are_counted_from_the_sample_and_from_those_that_wait():
    sample = [Sampled(1.0, domain, domain, attempts) for domain, attempts in ((1, 1), (2, 2), (3, 3), (4, 1))]
    assert put_off_shares(sample, 0, 0, begun=4) == (0.5, 0.5)
    assert put_off_shares(sample, 2, 1, begun=4) == (4 / 6, 0.5)
    assert put_off_shares([], 0, 0, begun=0) == (0.0, 0.0)


def test_the_pace_is_what_sessions_took_by_their_traces(desk):
    upload = desk.begin(*ORCHARD)
    desk.finish()
    with desk.database.writing() as connection:
        connection.exec_driver_sql(
            'UPDATE mailbox SET trace = \'[["us", "RCPT", 100], ["host", "250", 675]]\''
        )
    whole = Stretch(Kind.NUMBER, "", 0, 0, done=10, done_sessions=1)
    with desk.database.reading() as connection:
        sample = sample_of(connection, upload)
        usual_s = SETUP_S + RCPT_S * 5.5
        assert pace_of(connection, sample, whole) == pytest.approx(0.675 / usual_s)
        assert pace_of(connection, [], whole) == 1.0


def test_questions_are_told_of_domains_that_put_somebody_off_twice():
    sample = [Sampled(1.0, domain, 1, tries) for domain, tries in ((1, 4), (1, 1), (2, 2), (2, 2), (3, 1))]
    assert questions_each(sample) == {1: 2.5}
