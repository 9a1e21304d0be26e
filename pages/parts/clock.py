"""Times in words, by the calendar and the clock of who reads them."""

import time
from datetime import date, datetime, tzinfo
from datetime import time as clock_time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

_MINUTE_S = 60


_HOUR_S = 3600


def when(seconds: float, now: float | None = None, zone: tzinfo | None = None) -> str:
    """Say a Unix time as people do, on the visitor's clock: "today 14:05", "in about 4 minutes"."""
    now = time.time() if now is None else now
    ahead = seconds - now
    if abs(ahead) < _MINUTE_S:
        return "in less than a minute" if ahead > 0 else "just now"
    if 0 < ahead < _HOUR_S:
        minutes = round(ahead / _MINUTE_S)
        return f"in about {minutes} minute{'' if minutes == 1 else 's'}"
    return day_and_time(seconds, now, zone)


def due(seconds: float, now: float | None = None) -> str:
    """Say when something comes back; what is due already comes as soon as there is room."""
    now = time.time() if now is None else now
    return when(seconds, now) if seconds > now else "any moment"


def day_and_time(seconds: float, now: float | None = None, zone: tzinfo | None = None) -> str:
    """Say a Unix time by the visitor's calendar and clock, however near it is: "today 14:05"."""
    zone = zone or _visitors_zone()
    now = time.time() if now is None else now
    return _date_and_time(datetime.fromtimestamp(seconds, zone), datetime.fromtimestamp(now, zone))


def just_now() -> str:
    """Say what time it is where the visitor is, to the second: "14:05:09"."""
    return f"{datetime.now(_visitors_zone()):%H:%M:%S}"


def today() -> date:
    """Give the day it is where the visitor is."""
    return datetime.now(_visitors_zone()).date()


def at_hour(day: date, hour: int, zone: tzinfo | None = None) -> float:
    """Give the Unix time of a full hour of a day where the visitor is."""
    return datetime.combine(day, clock_time(hour), zone or _visitors_zone()).timestamp()


def day_of(seconds: float, zone: tzinfo | None = None) -> date:
    """Give the day of a Unix time where the visitor is."""
    return datetime.fromtimestamp(seconds, zone or _visitors_zone()).date()


def on_day(seconds: float, now: float | None = None, zone: tzinfo | None = None) -> str:
    """Say the day of a Unix time as it stands in a sentence: "tomorrow", "on Friday", "on Friday 5 June"."""
    day = day_of(seconds, zone)
    ahead = (day - day_of(time.time() if now is None else now, zone)).days
    if near := _NEAR_DAYS.get(ahead):
        return near
    return f"on {day:%A}" if 0 < ahead < _WEEK_DAYS else f"on {day:%A} {day.day} {day:%B}"


_WEEK_DAYS = 7
_NEAR_DAYS = {-1: "yesterday", 0: "today", 1: "tomorrow"}


def _date_and_time(moment: datetime, now: datetime) -> str:
    day = _NEAR_DAYS.get((moment.date() - now.date()).days)
    if day is None:
        year = "" if moment.year == now.year else f" {moment.year}"
        day = f"{moment.day} {moment:%B}{year},"
    return f"{day} {moment:%H:%M}"


def _visitors_zone() -> tzinfo | None:
    """Give the browser's time zone; None, which is this machine's, where it names none we know."""
    try:
        return ZoneInfo(st.context.timezone or "")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
