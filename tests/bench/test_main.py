"""`python -m bench` runs every benchmark that can run without being told on what."""

import importlib
import inspect
import pkgutil

import bench
from bench import __main__ as everything

NEEDS_MORE = {"reference", "replies", "run_list", "watched_engine"}
"""The verifier to compare with, the replies of an archive, one run, and its engine: others start these."""


def has_main(name):
    return inspect.isfunction(getattr(importlib.import_module(f"bench.{name}"), "main", None))


def test_every_benchmark_is_reached():
    names = {each.name for each in pkgutil.iter_modules(bench.__path__)} - {"__main__"}
    measured = {name for name in names if has_main(name)} - NEEDS_MORE
    assert {name for name in measured if not hasattr(everything, name)} == set()
    assert "estimate" in measured
