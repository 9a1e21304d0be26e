"""The structure of the house: who may import whom, and that no function is too long."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[1]
ROOMS = {
    "app",
    "cli",
    "engine_process",
    "runtime",
    "pages",
    "api",
    "engine",
    "storage",
    "sandbox",
    "bench",
    "tests",
}
MAY_IMPORT = {
    "app.py": ROOMS - {"cli", "bench", "tests"},
    "engine_process.py": {"storage", "engine"},
    "runtime.py": {"storage", "engine"},
}
MAY_IMPORT_SANDBOX = {"app.py", "cli", "tests", "bench", "sandbox"}
LONGEST_FUNCTION = 50


def _sources() -> list[Path]:
    own = (path for name in ROOMS for path in (HOUSE / f"{name}.py", *(HOUSE / name).rglob("*.py")))
    return sorted(path for path in own if path.is_file())


def _imported(path: Path) -> Iterator[str]:
    """Name every module a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import hides where it leads"
            yield str(node.module)


def _rooms_of(path: Path) -> set[str]:
    return {name.partition(".")[0] for name in _imported(path)} & ROOMS


@pytest.mark.parametrize("door", MAY_IMPORT)
def test_the_web_door_the_runtime_and_the_engine_s_process_import_only_what_stands_below_them(door):
    imported = _rooms_of(HOUSE / door)
    assert imported, "it imports nothing of the house?"
    assert imported - {door.removesuffix(".py")} <= MAY_IMPORT[door]


def test_nothing_imports_the_sandbox_but_the_demo_the_terminal_tests_and_bench():
    guilty = {
        path.relative_to(HOUSE).parts[0] for path in _sources() if "sandbox" in _rooms_of(path)
    } - MAY_IMPORT_SANDBOX
    assert guilty == set()


def test_nothing_of_the_house_imports_its_tests_or_its_bench():
    for path in _sources():
        room, *below = path.relative_to(HOUSE).parts
        own = {room, below[0]} if room == "tests" else {room}
        assert not _rooms_of(path) & {"tests", "bench"} - own, path


def test_one_module_of_counters_alone_knows_prometheus():
    knowing = {
        str(path.relative_to(HOUSE))
        for path in _sources()
        if any(name.partition(".")[0] == "prometheus_client" for name in _imported(path))
    }
    assert knowing == {"engine/metrics.py"}


def test_no_function_is_longer_than_fifty_lines():
    longest = [
        (node.end_lineno - node.lineno + 1, f"{path.relative_to(HOUSE)}: {node.name}")
        for path in _sources()
        if "tests" not in path.parts
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    assert len(longest) > 500
    assert [each for each in longest if each[0] > LONGEST_FUNCTION] == []


def test_the_ladder_holds_and_there_is_no_way_around_it():
    linter = Path(sys.executable).with_name("lint-imports")
    found = subprocess.run([linter], cwd=HOUSE, capture_output=True, text=True, timeout=120, check=False)
    assert found.returncode == 0, found.stdout
    assert "0 broken" in found.stdout


def test_what_mypy_does_not_read_of_the_app_changes_no_attribute_but_its_own():
    read = [HOUSE / "app.py", *(HOUSE / "pages").rglob("*.py")]
    changed = {
        f"{path.relative_to(HOUSE)}: {ast.unparse(node)}"
        for path in read
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store | ast.Del)
        if ast.unparse(node.value) != "self"
    }
    assert len(read) > 10
    assert changed == set()
