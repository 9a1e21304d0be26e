"""Where widgets stand on a page, run by run.

What a page sets, such as a slider by "Clear filters", must stand where it stood in the run before. Where a
block round it moved that has no key, the browser makes it anew: for a moment there are two of it, and what is
sent back then may be what it was before, whatever it shows. Here whatever moves is told, keys or none.
"""

from collections.abc import Callable, Iterator
from typing import Any
from weakref import WeakKeyDictionary

import pytest
from streamlit.testing.v1 import AppTest

Place = tuple[int, ...]


def watch(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every page of a test tell where it moves what it sets: that is a fault of the page."""
    run: Callable[..., AppTest] = AppTest._run
    stood: WeakKeyDictionary[AppTest, dict[str, Place]] = WeakKeyDictionary()

    def watched(page: AppTest, *args: Any, **options: Any) -> AppTest:
        before = stood.get(page, {})
        shown = run(page, *args, **options)
        now = stood[page] = places(shown)
        moved = [each for each in set_now(shown) if before.get(each, now[each]) != now[each]]
        assert not moved, f"set, and moved in the same run: {moved}"
        return shown

    monkeypatch.setattr(AppTest, "_run", watched)


def places(page: AppTest) -> dict[str, Place]:
    """Give the places of a page's widgets by their ids."""
    return {proto.id: place for place, proto in _widgets(page.main)}


def set_now(page: AppTest) -> list[str]:
    """Give the ids of those that the page has set in its last run, rather than the visitor."""
    return [proto.id for _, proto in _widgets(page.main) if getattr(proto, "set_value", False)]


def _widgets(node: Any, place: Place = ()) -> Iterator[tuple[Place, Any]]:
    proto = getattr(node, "proto", None)
    if getattr(proto, "id", ""):
        yield place, proto
    for number, child in getattr(node, "children", {}).items():
        yield from _widgets(child, (*place, number))
