"""Whole runs through a small internet: that the figures are those of what happened, and not how fast."""

import pytest

from bench.bound import Talk
from bench.served import Wires
from bench.speed import plan_of, read_options, seconds_to, show, show_reference
from bench.trial import Plan, bound_of, run_reference, run_winnow
from sandbox.internet import Shape

QUICK = {
    "DOMAIN_SESSIONS_PER_MINUTE": "0",
    "SESSION_BACKOFF_MS": "0",
    "GREYLIST_RETRY_SECONDS": "0.3,0.3,0.3",
}


@pytest.fixture(scope="module")
def result():
    return run_winnow(Plan(Shape(150, greylist_delay_s=0.1), Wires(0.0), QUICK))


def test_winnow_is_right_about_every_address_and_polite_to_every_host(result, capsys):
    show(result)

    assert (result.judged, result.accuracy) == (150, 1.0), capsys.readouterr().out
    assert result.counters["abandoned"] == result.counters["forced_disconnects"] == 0
    assert result.counters["data_commands"] == 0
    assert 0 < result.connections < 0.7
    assert result.rcpts >= 1


def test_what_a_run_took_is_told(result):
    report = result.report

    assert report["settled"] == report["rows"] == 150
    assert min(report["run_s"], report["cpu_s"], report["store_s"], report["peak_mb"]) > 0
    assert report["late"]["ticks"] > 0
    assert seconds_to(report, 150) <= report["run_s"]
    assert seconds_to(report, 151) == float("inf")
    assert result.speed == pytest.approx(150 / report["run_s"])


def test_the_page_is_drawn_while_the_list_runs():
    plan = Plan(Shape(40, greylist_delay_s=0.1), Wires(0.0), QUICK, has_page=True)

    assert len(run_winnow(plan).report["drawn_s"]) >= 1


def test_a_list_may_be_stopped_when_enough_is_known():
    result = run_winnow(Plan(Shape(400), Wires(20.0), QUICK, stop_after=20))

    assert result.judged >= 20
    assert result.report["rows"] == 400
    assert result.accuracy == 1.0


def test_the_plain_verifier_runs_the_same_list(capsys):
    result = run_reference(Plan(Shape(60), Wires(0.0)))
    show_reference(result)

    assert result.judged == 60
    assert 0.7 < result.accuracy <= 1
    assert 0.9 <= result.connections <= 1
    assert "60" not in capsys.readouterr().err


def test_the_command_line_makes_the_plan():
    wide = plan_of(read_options(["--sessions", "50", "--no-pipelining"]), 10_000)
    usual = plan_of(read_options(["--defaults", "--providers", "--round-trip-ms", "10"]), 1_000_000)

    assert (wide.settings["GLOBAL_CONCURRENCY"], wide.settings["PER_DOMAIN_CONCURRENCY"]) == ("50", "2")
    assert wide.wires == Wires(40.0, pipelines=False)
    assert (usual.settings, usual.shape.is_named, usual.wires.round_trip_ms) == ({}, True, 10.0)
    assert (wide.stop_after, usual.stop_after) == (0, 30_000)


def test_the_bound_goes_by_the_plans_settings():
    plan = Plan(Shape(10_000), settings={"GLOBAL_CONCURRENCY": "50", "PER_DOMAIN_CONCURRENCY": "20"} | QUICK)
    narrow, wide = (
        bound_of(
            Plan(plan.shape, plan.wires, plan.settings | {"GLOBAL_CONCURRENCY": sessions}), Talk.LOCKSTEP
        )
        for sessions in ("50", "500")
    )

    assert narrow.because == "50 sessions at once"
    assert narrow.seconds > 5 * wide.seconds
    assert narrow.sessions == wide.sessions
