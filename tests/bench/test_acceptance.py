import pytest

from bench.acceptance import PARTS, Checks


@pytest.fixture
def checks() -> Checks:
    return Checks()


def test_a_figure_within_its_limit_passes(checks, capsys):
    checks.at_most("ratio", 1.3, 1.3)
    checks.at_least("true", 1.0, 1.0)

    assert capsys.readouterr().out.count("PASS") == 2
    assert not checks.has_failed


def test_a_figure_beyond_its_limit_fails_and_is_remembered(checks, capsys):
    checks.at_most("ratio", 1.301, 1.3)
    checks.at_least("speed", 3.0, 3.0)

    lines = capsys.readouterr().out.splitlines()
    assert [line[:4] for line in lines] == ["FAIL", "PASS"]
    assert "1.301" in lines[0]
    assert checks.has_failed


def test_there_is_one_command_for_each_of_the_six_parts():
    assert sorted(PARTS) == [1, 2, 3, 4, 5, 6]
    assert all(part.__doc__ for part in PARTS.values())
