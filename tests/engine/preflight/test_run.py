import asyncio

from engine.name_lists import house_words, use_lists
from engine.preflight.line import Check, Light, Line, Preflight
from engine.preflight.run import run_preflight
from sandbox import Domain


def test_a_sandbox_is_looked_over_line_by_line(serve):
    _, settings = serve(Domain("plum.sandbox"))
    found = asyncio.run(run_preflight(settings, ["plum.sandbox"]))
    assert found.is_port_open is True
    assert [line.check for line in found.lines] == list(Check)
    lights = {line.check: line.light for line in found.lines}
    assert lights[Check.RESOLVER] is lights[Check.PORT] is lights[Check.ADDRESS] is Light.GREEN
    assert lights[Check.PTR] is Light.RED
    assert "is no public address" in found.lines[-1].finding
    assert lights[Check.BLOCK_LISTS] is Light.GREEN, "no list is asked of a loopback address"
    assert found.worst is Light.RED


def test_without_any_host_nothing_is_said_of_the_port(serve):
    _, settings = serve(Domain("plum.sandbox"))
    found = asyncio.run(run_preflight(settings, ["nowhere.sandbox"]))
    assert found.is_port_open is None


def test_where_no_domain_is_named_the_landmarks_are_greeted_with_what_the_user_changes_in_them(
    serve, tmp_path
):
    sandbox, settings = serve(Domain("plum.sandbox"))
    removed = [f"-{name}" for name in house_words("landmarks.txt")]
    tmp_path.joinpath("landmarks.txt").write_text("\n".join(["plum.sandbox", *removed]))
    try:
        use_lists(tmp_path)
        found = asyncio.run(run_preflight(settings))
    finally:
        use_lists(None)
    assert found.is_port_open is True
    assert sandbox.counters().sessions == 1


def test_the_worst_line_gives_the_light_of_the_whole():
    lines = tuple(Line(Check.PORT, light, "") for light in (Light.GREEN, Light.AMBER))
    assert Preflight(lines).worst is Light.AMBER
    assert Preflight(()).worst is Light.GREEN
