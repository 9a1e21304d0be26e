"""How many questions were asked, by kind: the measure of how little we bother the hosts. Pure."""

from dataclasses import fields
from operator import attrgetter

from engine.batch import DomainFacts, Recipient
from engine.probing import Probing
from engine.value import value


@value
class Questions:
    """RCPTs by kind.

    `first` are recipients that were never asked before, `decoys` their domains' first made-up addresses;
    `again` either of them, asked once more: after a 4yz, an outage, or a pause. `cut_short` ended their
    session, or were answered with nothing that counts.
    """

    first: int = 0
    decoys: int = 0
    second_decoys: int = 0
    controls: int = 0
    again: int = 0
    cut_short: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return sum(_counts(self))


_counts = attrgetter(*(field.name for field in fields(Questions)))
NO_QUESTIONS = Questions()


def count_questions(facts: DomainFacts, probing: Probing) -> Questions:
    """Count what was asked in a session; `facts` is what was known of the domain before it."""
    again = sum(_was_asked(each.recipient) for each in probing.heard)
    is_decoy_new = facts.decoy_answer is None and facts.second_answer is None
    decoys = int(probing.decoy is not None)
    seconds = int(probing.second_decoy is not None)
    return Questions(
        first=len(probing.heard) - again,
        decoys=decoys * is_decoy_new,
        second_decoys=seconds * (facts.second_answer is None),
        controls=int(probing.control is not None),
        again=again + decoys * (not is_decoy_new) + seconds * (facts.second_answer is not None),
        cut_short=probing.cut_short,
    )


def _was_asked(recipient: Recipient) -> bool:
    return recipient.attempts > 0 or bool(recipient.trace)
