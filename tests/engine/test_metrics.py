"""The counters: what is counted under which label, two engines apart, and one line for the log."""

import logging
from dataclasses import replace

import pytest

from engine.address import Address
from engine.batch import Batch, Deferral, DomainFacts, Outcome, Recipient
from engine.exchange import LookupFailed, MailHost, MailHosts, NoMail
from engine.judge import judge
from engine.metrics import Metrics
from engine.pace_report import BreakerState, LaneReport, PaceReport
from engine.policy import DEFAULT_POLICY
from engine.questions import NO_QUESTIONS, Questions
from engine.reason import Reason
from engine.reply import Reply, Stage
from engine.session_end import Course, ReplyClass, SessionEnd
from engine.traits import traits_of
from engine.verdict import AcceptAll, Evidence, Finding

PLUM = Address("pear", "plum.example")
HOSTS = MailHosts((MailHost("mx.plum.example", 10, ("192.0.2.1",)),))
FACTS = DomainFacts("plum.example", HOSTS, "a1b2", "other")
ACCEPTED, MISSING = Reply(250, "2.1.5 ok", Stage.RCPT), Reply(550, "5.1.1 no such mailbox", Stage.RCPT)


def finding(reply: Reply) -> Finding:
    evidence = Evidence(PLUM, traits_of(PLUM, HOSTS), HOSTS, "other", reply, AcceptAll.NO)
    return Finding(1, evidence, judge(evidence, DEFAULT_POLICY), 1, 1000.0, 2000.0)


def outcome(*replies: Reply, put_off: int = 0) -> Outcome:
    deferrals = tuple(Deferral(Recipient(n, PLUM), 60.0, Reason.GREYLISTED) for n in range(put_off))
    return Outcome(Batch(FACTS, ()), FACTS, tuple(map(finding, replies)), deferrals)


def told(metrics: Metrics, **queue: int) -> dict[str, float]:
    """Read what a scraper gets: each number by its name and labels."""
    written = metrics.exposition("", queue)[0].decode()
    lines = (line for line in written.splitlines() if not line.startswith("#"))
    return {name: float(number) for name, _, number in (line.rpartition(" ") for line in lines)}


def test_verdicts_are_counted_by_status_and_reason_and_deferrals_by_why():
    metrics = Metrics()
    metrics.settled([outcome(ACCEPTED, ACCEPTED, MISSING), outcome(ACCEPTED, put_off=2)], 0.004)
    found = told(metrics)
    assert found['winnow_verdicts_total{reason="accepted",status="valid"}'] == 3
    assert found['winnow_verdicts_total{reason="mailbox_missing",status="invalid"}'] == 1
    assert found['winnow_deferrals_total{why="greylisted"}'] == 2
    assert found["winnow_settle_seconds_count"] == 1
    assert found["winnow_settle_seconds_sum"] == pytest.approx(0.004)
    assert found["winnow_settle_outcomes_sum"] == 2


def test_sessions_are_counted_by_their_end_and_what_was_said_in_them_by_kind():
    metrics = Metrics()
    course = Course(SessionEnd.CLEAN, ((ReplyClass.YES, 2), (ReplyClass.NO, 1)))
    metrics.asked(Questions(first=2, decoys=1), course)
    metrics.asked(Questions(controls=1, again=1), Course(SessionEnd.DROPPED))
    metrics.asked(NO_QUESTIONS, Course(SessionEnd.UNREACHED))
    for end in (SessionEnd.CLEAN, SessionEnd.DROPPED):
        metrics.ended(end)
    found = told(metrics)
    assert found['winnow_sessions_total{end="clean"}'] == found['winnow_sessions_total{end="dropped"}'] == 1
    assert found['winnow_rcpts_total{kind="first"}'] == 2
    assert found['winnow_rcpts_total{kind="decoy"}'] == found['winnow_rcpts_total{kind="control"}'] == 1
    assert found['winnow_replies_total{reply="2yz"}'] == 2
    assert not any("unreached" in name for name in found)


def test_each_kind_of_question_has_a_label():
    metrics = Metrics()
    metrics.asked(Questions(1, 2, 3, 4, 5, 6), Course(SessionEnd.CLEAN))
    counted = [number for name, number in told(metrics).items() if name.startswith("winnow_rcpts_total")]
    assert sorted(counted) == [1, 2, 3, 4, 5, 6]


def test_look_ups_are_counted_by_what_was_found():
    metrics = Metrics()
    routes = (HOSTS, HOSTS, NoMail(Reason.NULL_MX), LookupFailed(Reason.DNS_FAILED))
    metrics.looked_up([replace(FACTS, route=route) for route in routes])
    found = told(metrics)
    assert found['winnow_lookups_total{found="hosts"}'] == 2
    assert (
        found['winnow_lookups_total{found="no_mail"}'] == found['winnow_lookups_total{found="failed"}'] == 1
    )


def test_lanes_are_summed_up_by_known_provider_and_no_host_is_named():
    lanes = (
        LaneReport("google", 5, 3, 42, 60),
        LaneReport("a1b2c3d4e5f60718", 4, 2, 7),
        LaneReport("ffffc3d4e5f60718", 2, 0, 1, None, BreakerState.OPEN, 90.0),
    )
    metrics = Metrics()
    metrics.paced(PaceReport(0.0, 5, 96, lanes, domains_held=3), tasks=6)
    found = told(metrics, waiting=12)
    assert found['winnow_lane_sessions_open{provider="google"}'] == 3
    assert found['winnow_lane_sessions_limit{provider="other"}'] == 6
    assert found['winnow_lane_rcpts_last_minute{provider="other"}'] == 8
    assert found['winnow_lanes{breaker="open",provider="other"}'] == 1
    assert (found["winnow_sessions_open"], found["winnow_sessions_limit"], found["winnow_tasks"]) == (
        5,
        96,
        6,
    )
    assert found['winnow_domains{state="held"}'] == 3
    assert found['winnow_queue{state="waiting"}'] == 12
    assert not any("c3d4e5f6" in name for name in found)


def test_a_lane_that_is_no_longer_reported_of_is_gone():
    metrics = Metrics()
    metrics.paced(PaceReport(lanes=(LaneReport("google", 5, 3),)), tasks=0)
    metrics.paced(PaceReport(), tasks=0)
    assert not any("google" in name for name in told(metrics))


@pytest.mark.parametrize("accept", ["", "application/openmetrics-text"])
def test_no_series_says_when_another_one_began(accept):
    metrics = Metrics()
    metrics.claimed(0.01)
    metrics.ended(SessionEnd.CLEAN)
    written = metrics.exposition(accept, {})[0].decode()
    assert "winnow_sessions_total" in written
    assert "_created" not in written


def test_two_engines_in_one_process_count_apart():
    first, second = Metrics(), Metrics()
    first.claimed(0.01)
    assert told(first)["winnow_claim_seconds_count"] == 1
    assert told(second)["winnow_claim_seconds_count"] == 0


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [("", "text/plain; version=0.0.4"), ("application/openmetrics-text", "openmetrics")],
)
def test_a_scraper_gets_the_format_it_asks_for(accept, media_type):
    written, given = Metrics().exposition(accept, {"waiting": 1})
    assert media_type in given
    assert written.decode().endswith("# EOF\n") is ("openmetrics" in media_type)


def test_one_line_is_logged_for_so_many_verdicts(caplog):
    caplog.set_level(logging.INFO, "winnow.metrics")
    metrics = Metrics(log_every=3)
    metrics.lagged(0.008)
    metrics.settled([outcome(ACCEPTED, MISSING)], 0.001)
    assert not caplog.messages
    metrics.looked_up([FACTS])
    metrics.asked(Questions(2, 1), Course(SessionEnd.CLEAN))
    metrics.ended(SessionEnd.CLEAN)
    metrics.settled([outcome(ACCEPTED, put_off=1)], 0.001)
    (line,) = caplog.messages
    assert line == (
        "verdicts=3 valid=2 invalid=1 accept_all=0 risky=0 unknown=0 sessions=1 rcpts=3 deferred=1 "
        "lookups=1 lookups_failed=0 open=0 lag_ms_max=8"
    )


def test_the_line_s_lag_is_the_worst_since_the_line_before(caplog):
    caplog.set_level(logging.INFO, "winnow.metrics")
    metrics = Metrics(log_every=1)
    for lag_s in (0.2, 0.003):
        metrics.lagged(lag_s)
        metrics.settled([outcome(ACCEPTED)], 0.001)
    assert [line.rpartition("=")[2] for line in caplog.messages] == ["200", "3"]


def test_where_nobody_listens_nothing_is_logged(caplog):
    caplog.set_level(logging.WARNING, "winnow.metrics")
    Metrics(log_every=1).settled([outcome(ACCEPTED)], 0.001)
    assert not caplog.messages
