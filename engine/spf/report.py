"""What a domain's SPF record amounts to, and what is wrong with it (RFC 7208)."""

from enum import StrEnum

from engine.lookup import AskDns, Failure
from engine.spf.macro import expand_without_sender
from engine.spf.record import (
    ASKING,
    MOST_LOOK_UPS,
    BrokenRecord,
    Directive,
    Kind,
    Network,
    Published,
    Qualifier,
    SpfRecord,
    published_at,
)
from engine.value import value

TEXT_LIMIT = 512
WIDEST_PREFIX = {4: 8, 6: 16}
"""Networks this wide (prefix length in bits, by IP version) hold hosts that nobody can vouch for."""


class SpfState(StrEnum):
    """What becomes of mail from hosts that a domain does not name, or why its record says nothing.

    Pass-all: anybody may send. Permerror: the record is broken, and hosts take it as if there were none, or
    refuse the mail. Temperror: the DNS did not say.
    """

    NONE = "none"
    PASS_ALL = "pass_all"  # noqa: S105 - what SPF calls a pass
    NEUTRAL = "neutral"
    SOFTFAIL = "softfail"
    FAIL = "fail"
    PERMERROR = "permerror"
    TEMPERROR = "temperror"


@value
class SpfReport:
    """A domain's SPF record, read with all that it includes. `problems` are sentences: what to mend, and how.

    `text` is the record, cut to 512 characters, `""` where there is none. `look_ups` counts what a host has
    to ask the DNS for at the most; counting stops where there are too many.
    """

    state: SpfState
    text: str = ""
    look_ups: int = 0
    problems: tuple[str, ...] = ()

    @property
    def is_unanswered(self) -> bool:
        """Whether the DNS did not say if there is a record."""
        return self.state is SpfState.TEMPERROR and not self.text

    @property
    def is_closed(self) -> bool:
        """Whether nobody at all may send in the domain's name, as parked domains say."""
        return self.text.lower().split() == ["v=spf1", "-all"]


_STATES = {
    Qualifier.PASS: SpfState.PASS_ALL,
    Qualifier.NEUTRAL: SpfState.NEUTRAL,
    Qualifier.SOFTFAIL: SpfState.SOFTFAIL,
    Qualifier.FAIL: SpfState.FAIL,
}


async def read_spf(domain: str, look_up: AskDns) -> SpfReport:
    """Read a domain's record and what it includes, one TXT look-up for each record, at most eleven.

    Senders are not known here, so a, mx, ptr and exists are counted and not asked for, and so is what a macro
    names by the sender. Look-ups that find nothing are counted by `evaluate` alone.
    """
    published = await published_at(domain, look_up)
    if published is None:
        return SpfReport(SpfState.NONE)
    if isinstance(published, Failure):
        return SpfReport(SpfState.TEMPERROR, problems=(_unanswered(domain),))
    if isinstance(published, BrokenRecord):
        return SpfReport(SpfState.PERMERROR, published.text[:TEXT_LIMIT], problems=(published.fault,))
    reading = _Reading(look_up)
    last_word = await reading.follow(domain, published, (domain,))
    state = reading.trouble or _STATES[last_word or Qualifier.NEUTRAL]
    problems = (*reading.problems, *_weaknesses(published))
    return SpfReport(state, published.text[:TEXT_LIMIT], reading.look_ups, problems)


class _Reading:
    """One reading of a record and of those it refers to: how many look-ups so far, and what is wrong."""

    def __init__(self, look_up: AskDns) -> None:
        self._look_up = look_up
        self.look_ups = 0
        self.problems: list[str] = []
        self.trouble: SpfState | None = None

    async def follow(self, domain: str, record: SpfRecord, path: tuple[str, ...]) -> Qualifier | None:
        """Count a record's look-ups and follow what it includes; give the qualifier of its last word."""
        for directive in record.heeded:
            if not self._may_go_on(directive):
                return None
            if directive.kind is Kind.INCLUDE and await self._includes_everybody(directive, domain, path):
                return directive.qualifier
        if record.last_word is not None or not record.redirect:
            return record.last_word
        self._count()
        return None if self._is_over else await self._enter(record.redirect, domain, path)

    def _may_go_on(self, directive: Directive) -> bool:
        if directive.kind in ASKING:
            self._count()
        return not self._is_over

    @property
    def _is_over(self) -> bool:
        return self.look_ups > MOST_LOOK_UPS

    def _count(self) -> None:
        self.look_ups += 1
        if self.look_ups == MOST_LOOK_UPS + 1:
            self._fail(
                f"It needs more than {MOST_LOOK_UPS} look-ups in the DNS, and so it does not count: remove"
                " services that no longer send, or name their networks by ip4 and ip6."
            )

    def _fail(self, words: str, trouble: SpfState = SpfState.PERMERROR) -> None:
        """Note a problem that decides the state; a lasting one outweighs one that may pass."""
        self.problems.append(words)
        if self.trouble is not SpfState.PERMERROR:
            self.trouble = trouble

    async def _includes_everybody(self, directive: Directive, domain: str, path: tuple[str, ...]) -> bool:
        """Follow an include; one that passes all senders matches every sender."""
        if await self._enter(directive.target, domain, path) is not Qualifier.PASS:
            return False
        self.problems.append(f"What it includes from {directive.target} lets anybody send: remove it.")
        return True

    async def _enter(self, target: str, domain: str, path: tuple[str, ...]) -> Qualifier | None:
        """Go into the record of another domain; give its last word, None where it says nothing."""
        name = expand_without_sender(target, domain)
        if name is None:
            return None
        name = name.lower()
        if name in path:
            self._fail(f"It goes round in a circle: {name} refers back to itself. Remove that.")
            return None
        published = await published_at(name, self._look_up)
        if isinstance(published, SpfRecord):
            return await self.follow(name, published, (*path, name))
        self._fail(*_silence(name, published))
        return None


def _silence(name: str, published: Published) -> tuple[str, SpfState]:
    """Say why the record of a domain that is referred to says nothing."""
    if isinstance(published, Failure):
        return _unanswered(name), SpfState.TEMPERROR
    if isinstance(published, BrokenRecord):
        words = f"It refers to {name}, whose record is broken. {_opened(published.fault)}"
        return words, SpfState.PERMERROR
    return f"It refers to {name}, which has no SPF record: remove or correct that.", SpfState.PERMERROR


def _opened(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _unanswered(name: str) -> str:
    return f"The DNS did not say what {name} publishes; this may pass by itself."


def _weaknesses(record: SpfRecord) -> list[str]:
    """Say what is unwise in a record that can be read."""
    kinds = {each.kind for each in record.heeded}
    wide = [network for each in record.heeded if (network := _too_wide(each))]
    found = (
        (
            not (record.last_word or record.redirect),
            "It does not say what becomes of mail from elsewhere: end it with “~all” or “-all”.",
        ),
        (
            Kind.PTR in kinds,
            "Its “ptr” is slow, and many hosts pass it over: name the hosts by a, mx or ip4.",
        ),
        (
            record.heeded != record.directives,
            "What stands after “all” is never looked at: remove it, or put it before.",
        ),
        (
            bool(record.redirect and record.last_word),
            "Its “redirect=” is never looked at beside “all”: leave one of the two.",
        ),
        (
            bool(wide),
            f"It lets all of {', '.join(map(str, wide))} send: name your own networks only.",
        ),
    )
    return [words for is_so, words in found if is_so]


def _too_wide(directive: Directive) -> Network | None:
    network = directive.network
    if network is None or directive.qualifier is not Qualifier.PASS:
        return None
    return network if network.prefixlen <= WIDEST_PREFIX[network.version] else None
