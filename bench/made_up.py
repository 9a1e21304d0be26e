"""A list of a million customers and their mail internet, made up by chance and always the same.

Large domains and a long tail, repeats, slips and empty cells; and for each domain its route and records, for
each mailbox what its host says.
"""

import csv
import io
import random
from typing import TypeVar

from engine.accept_all import with_decoys
from engine.batch import DomainFacts
from engine.disposition import portion
from engine.dmarc import DmarcReport, DmarcState
from engine.exchange import LookupFailed, MailHost, MailHosts, NoMail, Route
from engine.reason import Reason
from engine.reply import Answer, Reply, Stage, Unreached
from engine.settings import Settings
from engine.spf import SpfReport, SpfState
from engine.survey import Survey
from engine.value import replace
from engine.verdict import AcceptAll

T = TypeVar("T")
HEADER = ("Customer no.", "Company", "E-mail", "Country", "Since")
LARGE = {
    "gmail.com": "google",
    "outlook.com": "outlook",
    "yahoo.com": "yahoo",
    "icloud.com": "icloud",
    "gmx.de": "gmx",
    "mail.ru": "mail_ru",
}
"""Where two fifths of the rows have their mail, and by whom."""
PROVIDERS = ("other",) * 8 + ("google", "microsoft365", "microsoft365", "zoho", "ionos", "ovh", "mimecast")
FRUIT = ("apple", "cherry", "damson", "elder", "fig", "grape", "hazel", "lemon", "mango", "olive", "pear")
PEOPLE = ("anders", "birgit", "chloe", "dimitri", "elena", "farid", "greta", "hiroshi", "ines", "jonas")
MARK = "quincequince"
"""What stands in one address of ten thousand, to be looked for."""
MOST_REPEATED = 2_000

ANSWERS: tuple[tuple[Answer, int], ...] = (
    (Reply(250, "2.1.5 OK", Stage.RCPT), 80),
    (Reply(550, "5.1.1 no such user here", Stage.RCPT), 8),
    (Reply(552, "5.2.2 mailbox full", Stage.RCPT), 2),
    (Reply(550, "5.2.1 mailbox disabled", Stage.RCPT), 2),
    (Reply(450, "4.2.0 greylisted, come back in 300 seconds", Stage.RCPT), 3),
    (Reply(451, "4.3.0 temporary failure", Stage.RCPT), 1),
    (Reply(554, "5.7.1 your address is blocked by our policy", Stage.RCPT), 2),
    (Unreached(Stage.RCPT, Reason.TIMEOUT), 2),
)
"""What hosts say, and how many of a hundred hear it."""
ROUTES: tuple[tuple[Route | None, int], ...] = (
    (None, 94),
    (NoMail(Reason.NO_SUCH_DOMAIN), 3),
    (NoMail(Reason.NULL_MX), 1),
    (LookupFailed(Reason.DNS_FAILED), 2),
)
"""What is found of domains, of a hundred each; None stands for mail hosts."""


class World:
    """What is found of domains and mailboxes, drawn one after the other."""

    def __init__(self, settings: Settings, now: float) -> None:
        self._settings = settings
        self._now = now
        self._chance = random.Random(2)

    def facts(self, name: str) -> DomainFacts:
        """Draw what a look-up finds of a domain, and whether it accepts all."""
        chance = self._chance
        provider = LARGE.get(name) or chance.choice(PROVIDERS)
        route = None if name in LARGE else drawn(ROUTES, chance)
        if route is not None:
            return self._ready(DomainFacts(name, route, resolved_at=self._now))
        host = f"mx.{name}" if provider == "other" else f"mx{chance.randrange(3)}.{provider}.example"
        accepts_all = name not in LARGE and chance.random() < 0.08
        return self._ready(
            DomainFacts(
                name,
                MailHosts((MailHost(host, 10, ("192.0.2.1",)),)),
                route_key=f"key-{host}",
                provider=provider,
                resolved_at=self._now,
                accept_all=AcceptAll.YES if accepts_all else AcceptAll.NO,
                accept_all_at=self._now,
                offers_tls=chance.random() < 0.9,
            )
        )

    def _ready(self, facts: DomainFacts) -> DomainFacts:
        return with_decoys(replace(facts, portion=portion(facts, self._settings)))

    def survey(self, name: str) -> Survey:
        """Draw what a domain publishes."""
        chance = self._chance
        spf, dmarc = chance.choice(list(SpfState)[:5]), chance.choice(list(DmarcState)[:4])
        return Survey(
            name,
            self._now + 1,
            spf=SpfReport(spf, "" if spf is SpfState.NONE else "v=spf1 mx -all", 1),
            dmarc=DmarcReport(dmarc, "" if dmarc is DmarcState.NONE else f"v=DMARC1; p={dmarc}", name),
            has_mta_sts=chance.random() < 0.1,
            has_tls_rpt=chance.random() < 0.1,
            has_bimi=chance.random() < 0.05,
            is_parked=chance.random() < 0.01,
        )

    def answer(self) -> Answer:
        """Draw what a host says of a mailbox."""
        return drawn(ANSWERS, self._chance)


def drawn(shares: tuple[tuple[T, int], ...], chance: random.Random) -> T:
    """Draw one by the shares of all."""
    return chance.choices([each for each, _ in shares], [share for _, share in shares])[0]


def made_up_list(rows: int) -> bytes:
    """Write a list as businesses have them: a few large domains, a long tail, repeats, slips, empty cells."""
    chance = random.Random(1)
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(HEADER)
    seen: list[str] = []
    for number in range(rows):
        cell = _cell(chance, number, rows, seen)
        writer.writerow((f"{number:07}", f"Orchard {number % 9973}", cell, "NO", "2024-05-17"))
    return file.getvalue().encode()


def _cell(chance: random.Random, number: int, rows: int, seen: list[str]) -> str:
    drawn = chance.random()
    if drawn < 0.03 and seen:
        return chance.choice(seen)
    if drawn < 0.04:
        return f"plum {number} at orchard" if drawn < 0.035 else ""
    address = f"{_local_part(chance, number)}@{_domain(chance, rows)}"
    if len(seen) < MOST_REPEATED:
        seen.append(address)
    return address


def _local_part(chance: random.Random, number: int) -> str:
    if number % 10_000 == 77:
        return f"{MARK}.{number}"
    if chance.random() < 0.02:
        return chance.choice(("info", "sales", "office"))
    return f"{chance.choice(PEOPLE)}.{chance.choice(FRUIT)}{number}"


def _domain(chance: random.Random, rows: int) -> str:
    drawn = chance.random()
    if drawn < 0.4:
        return chance.choice(list(LARGE))
    if drawn < 0.405:
        return "gmial.com"
    ordinal = chance.randrange(max(rows // 10, 1))
    return f"{FRUIT[ordinal % len(FRUIT)]}-{ordinal}.orchard.example"
