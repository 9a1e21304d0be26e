"""How a planned send of a list is said to a person: when it is asked again, or was, and whether too late."""

import time

from pages.parts.clock import day_and_time, on_day
from pages.parts.counting import several
from storage.plans import Plan, Scope
from storage.uploads import UploadState

SCOPES = {
    Scope.AGEING: "All whose answers are too old by then, and the unknown ones",
    Scope.UNKNOWN: "Only the unknown ones",
}
"""About whom a list is asked again."""

TOLD_AFTER_S = 7 * 86_400.0
"""Seconds for which a plan that came to nothing is told of after its send."""
_LATE_S = 3_600.0
_WHY_LATE = "Winnow was closed at that time, or the list was still being checked"
_OPEN = (UploadState.READY, UploadState.RUNNING, UploadState.PAUSED)


def say_plan(plan: Plan, state: UploadState, now: float | None = None) -> str:
    """Say how it stands with a plan of a list in some state; `""` where there is nothing left to say."""
    now = time.time() if now is None else now
    send = f"before your send {on_day(plan.send_at, now)}"
    if plan.begun_at is None:
        return _not_begun(plan, state, send, now)
    if plan.is_over(now):
        return ""
    if plan.asked_at is None:
        return f"Being asked again now, {send}."
    if not plan.reopened:
        return f"Nobody had to be asked again {send}: all answers hold."
    addresses = several(plan.reopened, "address", "addresses")
    return f"Asked again {day_and_time(plan.begun_at, now)}, {send}: {addresses}.{_late(plan, now)}"


def _not_begun(plan: Plan, state: UploadState, send: str, now: float) -> str:
    if now >= plan.send_at + TOLD_AFTER_S:
        return ""
    if plan.is_over(now):
        return f"Not asked again {send}: {_WHY_LATE}."
    if state in _OPEN and now >= plan.ask_at:
        return f"Asked again {send} as soon as this check has ended."
    if now >= plan.ask_at:
        return f"About to be asked again, {send}."
    return f"Asked again {on_day(plan.ask_at, now)}, {send}."


def _late(plan: Plan, now: float) -> str:
    if plan.begun_at is None or plan.begun_at < plan.ask_at + _LATE_S:
        return ""
    return f" That was later than planned ({day_and_time(plan.ask_at, now)}): {_WHY_LATE}."
