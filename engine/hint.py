"""When a host says itself how long to wait: "in 5 minutes", "300 seconds", "in 00:05:00". Pure."""

import itertools
import re
import unicodedata
from functools import cache

_UNITS = {
    1.0: (
        "s sec secs second seconds sek sekunde sekunden seconde secondes secondo secondi segundo segundos"
        " seconden sekund sekunda sekundy sekundę секунд секунда секунду секунды сек 秒 秒钟 秒間"
    ),
    60.0: (
        "m min mins minute minutes minuten minuut minuto minutos minuti minut minuta minuty minutę"
        " минут минута минуту минуты мин 分 分钟 分鐘 分間"
    ),
    3600.0: (
        "h hr hrs hour hours std stunde stunden heure heures hora horas ora ore uur uren"
        " godz godzin godzina godziny godzinę час часа часов 時間 小时 小時"
    ),
    86400.0: (
        "d day days tag tage tagen jour jours día días giorno giorni dag dagen dzień dni день дня дней 日 天"
    ),
}
"""Names of units by their seconds: English, German, French, Spanish, Portuguese, Italian, Dutch, Polish,
Russian, Chinese, Japanese."""

_ONES = "a an one eine einer einem einen un une una uno um uma een jedną za один одну через"
"""Words that stand for one before a unit; Polish and Russian name none: "za godzinę"."""

_LEADS = (
    "in after for wait again back delay delayed retry later greylisted throttled nach für warten dans après"
    " en tras em após tra fra dopo over na za po przez через на 在 约"
)
"""Words before a time to wait. A unit of one letter, and a time such as 00:05:00, count only behind them."""

_COUNTED = (
    "per last past previous every each within pro letzten letzte innerhalb par derniers dernières por últimos"
    " últimas ultimi ultime laatste binnen dentro entro ostatnich ciągu последние последних течение"
)
"""Words before a span that something is counted by, and nobody has to wait: "100 mails per 10 minutes"."""

_NOISE = re.compile(r"\S*[@/]\S*")
_MARKS = re.compile("[\u0300-\u036f]")
_JOINT = re.compile(r"[\s,]*(?:and|und|et|e|y|i|en|и)?\s*")
_AFTER_NO_WORD = r"(?<![a-zа-я])"
_BEFORE_NO_WORD = r"(?![0-9a-zа-я])"
_ARTICLE = r"(?:\W+(?:the|de|den|les?|los|las|gli|os|as))?"


def hint_of(text: str) -> float | None:
    """Give the seconds that a reply's text asks us to wait; None where it names no time."""
    said = _plain(text)
    if clock := _clock().search(said):
        hours, minutes, seconds = map(int, clock.groups())
        return hours * 3600.0 + minutes * 60.0 + seconds
    parts = list(_part().finditer(said))
    first = next((place for place, part in enumerate(parts) if _is_wait(said, part)), None)
    return None if first is None else _sum(said, parts[first:])


def _plain(text: str) -> str:
    """Leave of a text its words: lower case, no accents, no addresses and links, one line."""
    return " ".join(_NOISE.sub(" ", _folded(text)).split())


def _folded(text: str) -> str:
    bare = _MARKS.sub("", unicodedata.normalize("NFKD", text.lower()))
    return unicodedata.normalize("NFC", bare)


def _is_wait(said: str, part: re.Match[str]) -> bool:
    before = said[: part.start()]
    if _behind(_COUNTED).search(before):
        return False
    return len(part["unit"]) > 1 or not part["unit"].isascii() or bool(_behind(_LEADS).search(before))


def _sum(said: str, parts: list[re.Match[str]]) -> float:
    """Add up a time given in parts that follow each other: "1 hour 30 minutes"."""
    total = _seconds(parts[0])
    for part, after in itertools.pairwise(parts):
        if not _JOINT.fullmatch(said, part.end(), after.start()):
            break
        total += _seconds(after)
    return total


def _seconds(part: re.Match[str]) -> float:
    number = float(part["number"].replace(",", ".")) if part["number"] else 1.0
    return number * _seconds_in()[part["unit"]]


@cache
def _seconds_in() -> dict[str, float]:
    return {name: seconds for seconds, names in _UNITS.items() for name in _folded(names).split()}


@cache
def _part() -> re.Pattern[str]:
    """Match a number, or a word for one, and a unit."""
    number = rf"(?P<number>\d{{1,5}}(?:[.,]\d)?)[\s(-]*|(?:{_any_of(_ONES)})[\s'-]+"
    unit = _any_of(" ".join(_seconds_in()))
    return re.compile(rf"(?<![0-9a-zа-я.,:])(?:{number})(?P<unit>{unit}){_BEFORE_NO_WORD}")


@cache
def _clock() -> re.Pattern[str]:
    """Match hours, minutes and seconds behind a word that makes them a time to wait."""
    time = r"(\d{1,2}):([0-5]\d):([0-5]\d)"
    return re.compile(rf"{_AFTER_NO_WORD}(?:{_any_of(_LEADS)})\W{{1,3}}{time}{_BEFORE_NO_WORD}")


@cache
def _behind(words: str) -> re.Pattern[str]:
    """Match any of these words at the end of a text; an article and marks may follow."""
    return re.compile(rf"{_AFTER_NO_WORD}(?:{_any_of(words)}){_ARTICLE}\W{{0,3}}$")


def _any_of(words: str) -> str:
    """Make an alternative of words, longer ones first."""
    return "|".join(sorted(map(re.escape, _folded(words).split()), key=len, reverse=True))
