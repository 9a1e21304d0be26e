"""What a domain asks to be done with mail that only claims to come from it: DMARC (RFC 7489)."""

from collections.abc import Iterable
from enum import StrEnum
from functools import cache

from publicsuffixlist import PublicSuffixList

from engine.lookup import AskDns, Failure
from engine.value import value

VERSION = "v=DMARC1"
TEXT_LIMIT = 512
WHOLE = 100
LONGEST_SHARE = 3  # digits; Python refuses to read thousands of them as a number


class DmarcState(StrEnum):
    """What is asked for: nothing, reports only (`p=none`), to quarantine, to reject; or it cannot be read."""

    NONE = "none"
    MONITOR = "monitor"
    QUARANTINE = "quarantine"
    REJECT = "reject"
    BROKEN = "broken"


@value
class DmarcReport:
    """A domain's DMARC policy. `problems` are sentences that say how to mend them.

    `text` is the record, cut to 512 characters, `""` where there is none, and `found_at` the domain that
    publishes it: where that is not the domain itself, the policy is inherited. `share` is the percentage of
    mail it is asked for; `is_reported` says whether somebody wants to be told of failures.
    """

    state: DmarcState
    text: str = ""
    found_at: str = ""
    is_inherited: bool = False
    share: int = WHOLE
    is_reported: bool = False
    is_strict_dkim: bool = False
    is_strict_spf: bool = False
    problems: tuple[str, ...] = ()

    @property
    def is_enforced(self) -> bool:
        """Whether it is asked that all forged mail be kept out of the inbox."""
        if self.state is DmarcState.REJECT:
            return True
        return self.state is DmarcState.QUARANTINE and self.share == WHOLE


async def read_dmarc(domain: str, look_up: AskDns) -> DmarcReport | None:
    """Find a domain's policy: its own, or its organizational domain's (RFC 7489, 6.6.3).

    None where the DNS did not say. One TXT look-up, two for a domain that has none and is part of another.
    """
    texts = await _published(domain, look_up)
    if texts is None:
        return None
    parent = organizational_domain(domain)
    if texts or parent == domain:
        return _report(texts, domain, is_inherited=False)
    inherited = await _published(parent, look_up)
    return None if inherited is None else _report(inherited, parent, is_inherited=True)


def organizational_domain(domain: str) -> str:
    """Give the domain that somebody registered, by the public suffix list (RFC 7489, 3.2)."""
    return _suffixes().privatesuffix(domain.lower().rstrip(".")) or domain


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()  # 0.2 s and 2 MB, when the first domain is asked for


async def _published(domain: str, look_up: AskDns) -> tuple[str, ...] | None:
    """Give the DMARC records, or those that mean to be; None where the DNS did not say."""
    found = await look_up(f"_dmarc.{domain}", "TXT")
    if isinstance(found, Failure):
        return None
    meant = tuple(text for text in found.values if text.lower().replace(" ", "").startswith("v=dmarc"))
    return tuple(text for text in meant if _tags(text)) or meant


def _report(texts: tuple[str, ...], found_at: str, *, is_inherited: bool) -> DmarcReport:
    if not texts:
        return DmarcReport(DmarcState.NONE)
    if len(texts) > 1:
        words = f"{found_at} has {len(texts)} DMARC records, and so none counts: leave one."
        return DmarcReport(DmarcState.NONE, texts[0][:TEXT_LIMIT], found_at, is_inherited, problems=(words,))
    return read_record(texts[0], found_at, is_inherited=is_inherited)


_POLICIES = {
    "none": DmarcState.MONITOR,
    "quarantine": DmarcState.QUARANTINE,
    "reject": DmarcState.REJECT,
}


def read_record(text: str, found_at: str, *, is_inherited: bool = False) -> DmarcReport:
    """Read one record (RFC 7489, 6.3). An inherited one speaks of subdomains by `sp`, else by `p`."""
    tags = _tags(text)
    state = _state(tags, is_inherited=is_inherited)
    return DmarcReport(
        state,
        text[:TEXT_LIMIT],
        found_at,
        is_inherited,
        _share(tags),
        _is_reported(tags),
        is_strict_dkim=tags.get("adkim", "").lower() == "s",
        is_strict_spf=tags.get("aspf", "").lower() == "s",
        problems=tuple(_problems(tags, state)),
    )


def _tags(text: str) -> dict[str, str]:
    """Take a record apart into its tags, of equal ones the first; empty unless it begins as it must."""
    parts = [part.partition("=") for part in text.split(";")]
    pairs = [(name.strip().lower(), value.strip()) for name, _, value in parts]
    return dict(reversed(pairs)) if pairs[0] == ("v", "DMARC1") else {}


def _state(tags: dict[str, str], *, is_inherited: bool) -> DmarcState:
    """Decide by RFC 7489, 6.6.3: a record that names no policy but wants reports counts as `p=none`."""
    if not (_has_policy(tags, "p") and ("sp" not in tags or _has_policy(tags, "sp"))):
        return DmarcState.MONITOR if _is_reported(tags) else DmarcState.BROKEN
    policy = tags["sp"] if is_inherited and "sp" in tags else tags["p"]
    return _POLICIES[policy.lower()]


def _has_policy(tags: dict[str, str], tag: str) -> bool:
    return tags.get(tag, "").lower() in _POLICIES


def _share(tags: dict[str, str]) -> int:
    share = tags.get("pct", "")
    return int(share) if _is_percentage(share) else WHOLE


def _is_percentage(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= LONGEST_SHARE and int(text) <= WHOLE


def _is_reported(tags: dict[str, str]) -> bool:
    """Tell whether reports go to an address: a tag `rua` with a mailto URI in it."""
    places = (place.strip().lower() for place in tags.get("rua", "").split(","))
    return any(place.startswith("mailto:") and "@" in place for place in places)


_ENFORCED = (DmarcState.QUARANTINE, DmarcState.REJECT)


def _problems(tags: dict[str, str], state: DmarcState) -> Iterable[str]:
    """Say what is wrong with a record, and how to mend it."""
    if not tags:
        return (f"It does not begin with “{VERSION};”, and so it does not count: begin it so.",)
    share = tags.get("pct", "")
    found = (
        (not _has_policy(tags, "p"), "It names no policy: set “p” to none, quarantine or reject."),
        (
            "sp" in tags and not _has_policy(tags, "sp"),
            "Its policy for subdomains is none that exists: set “sp” to none, quarantine or reject.",
        ),
        (
            bool(share) and not _is_percentage(share),
            "Its “pct” is no percentage from 0 to 100: correct or remove it.",
        ),
        (
            state in _ENFORCED and _share(tags) < WHOLE,
            f"It asks for that of {_share(tags)} % of the mail only: raise “pct” to 100.",
        ),
        (
            not _is_reported(tags),
            "Nobody is told of mail that fails: add “rua=mailto:” and an address of yours.",
        ),
    )
    return (words for is_so, words in found if is_so)
