"""Whether a domain takes mail for any address: what the made-up one, the decoy, was answered. Pure."""

from dataclasses import replace

from engine.batch import DomainFacts
from engine.interview import REFUSED
from engine.judge import read_reply
from engine.prober import Probing
from engine.provider import Worth, provider_named
from engine.reply import Answer, Reply
from engine.retry import Terms, comes_later, delays_of, is_yes
from engine.verdict import AcceptAll


def wants_decoy(facts: DomainFacts) -> bool:
    """Tell whether the made-up address is still to be asked: once per domain, where its provider bears it."""
    provider = provider_named(facts.provider)
    return facts.accept_all is None and provider.is_decoy_allowed and provider.yes is not Worth.WORTHLESS


def is_decoy_due(facts: DomainFacts, now: float) -> bool:
    """Tell whether the made-up address may be asked now: at first, and at its own retries after that."""
    return wants_decoy(facts) and facts.decoy_due_at <= now


def decide_accept_all(facts: DomainFacts, probing: Probing, terms: Terms) -> DomainFacts:
    """Take the decoy's answer, and the control's, into what is known of the domain.

    A session in which nobody was answered counts as an attempt of the decoy too.
    """
    facts = replace(facts, control=probing.control or facts.control)
    if not wants_decoy(facts):
        return replace(facts, accept_all=facts.accept_all or AcceptAll.UNKNOWN)
    answer = probing.decoy or (None if probing.heard else probing.stopped)
    if answer is None or not is_decoy_due(facts, terms.now):
        return facts
    if probing.decoy is None or comes_later(answer, facts.provider):
        return _decoy_again(facts, answer, terms)
    accept_all = _accept_all(answer, facts.provider)
    return replace(facts, accept_all=accept_all, accept_all_at=terms.now, decoy_answer=answer)


def _decoy_again(facts: DomainFacts, answer: Answer, terms: Terms) -> DomainFacts:
    delays = delays_of(answer, terms.settings)
    if facts.decoy_attempts >= len(delays):
        return replace(facts, accept_all=AcceptAll.UNKNOWN, accept_all_at=terms.now, decoy_answer=answer)
    return replace(
        facts,
        decoy_answer=answer,
        decoy_attempts=facts.decoy_attempts + 1,
        decoy_due_at=terms.now + delays[facts.decoy_attempts],
    )


def _accept_all(answer: Answer, provider: str) -> AcceptAll:
    if is_yes(answer, provider):
        return AcceptAll.YES
    is_refused = isinstance(answer, Reply) and read_reply(answer, provider).meaning in REFUSED
    return AcceptAll.NO if is_refused else AcceptAll.UNKNOWN
