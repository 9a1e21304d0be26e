"""What each choice of a policy is called, and what it does, in plain words."""

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from engine.policy import DEFAULT_POLICY, AcceptAllAs, Policy, Weight
from pages.parts.words import Saying
from storage.policies import USUAL


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that a policy decides: its name, and what each answer is called and does."""

    name: str
    help: str
    answers: dict[AcceptAllAs | Weight, Saying]


QUESTIONS = {
    "accept_all": Question(
        "Accept-all domains",
        "These domains say yes to every address, even to ones that do not exist.",
        {
            AcceptAllAs.OWN: Saying("A status of its own", "You decide with each export."),
            AcceptAllAs.RISKY: Saying("Risky", "They leave with the risky ones."),
            AcceptAllAs.INVALID: Saying("Invalid", "They are removed; many good addresses go along."),
        },
    ),
    "role": Question(
        "Role accounts",
        "Addresses of an office and not of a person, such as info@ and sales@.",
        {
            Weight.KEPT: Saying("Kept", "They are judged like all others: good for business mail."),
            Weight.RISKY: Saying("Risky", "Several people may read them, and not all have agreed."),
            Weight.INVALID: Saying("Invalid", "They are removed."),
        },
    ),
    "free": Question(
        "Free providers",
        "Addresses at providers where anybody gets a mailbox for nothing.",
        {
            Weight.KEPT: Saying("Kept", "They are judged like all others: most private people have one."),
            Weight.RISKY: Saying("Risky", "Set apart, for lists that should hold companies only."),
            Weight.INVALID: Saying("Invalid", "They are removed, even where the mailbox exists."),
        },
    ),
    "disposable": Question(
        "Disposable addresses",
        "Made for a single use. Nobody is asked about the domains that are known for it, nor about mistyped "
        "ones that are listed with them.",
        {
            Weight.KEPT: Saying("Kept", "Nobody was asked about most of them, so those are unknown."),
            Weight.RISKY: Saying("Risky", "Nobody will read them for long."),
            Weight.INVALID: Saying("Invalid", "They are removed."),
        },
    ),
    "full": Question(
        "Full mailboxes",
        "They exist, but take nothing until somebody clears them; many are abandoned.",
        {
            Weight.KEPT: Saying("Kept", "They are judged as if they were not full."),
            Weight.RISKY: Saying("Risky", "Mail to them comes back for now."),
            Weight.INVALID: Saying("Invalid", "Removed where the host says that it is for good."),
        },
    ),
}
"""What a policy decides by one answer of three, by its field."""

LEAST_CONFIDENCE = (
    "An accepted address with less confidence than this is risky. 0 switches it off; most valid addresses "
    "have 85 to 95."
)
DISPOSABLE_DOMAINS = "One domain on each line. Subdomains count too. Treated like any disposable address."
TRUSTED_DOMAINS = (
    "One domain on each line. Addresses there are never called disposable, nor risky for being a role "
    "account. Where Winnow's own lists called a domain disposable, nobody was asked, so they are unknown."
)

NEVER_PROBED_DOMAINS = (
    "One domain on each line. Subdomains count too. For this client's lists nobody there is asked: the "
    "addresses stay, as unknown (“not asked, as you wished”). Other clients' lists may ask. It counts for "
    "lists that start from now on. On a list that is judged again, answers from there are set aside, and "
    "come back when you take the domain out; who was not asked stays so until you ask again on Results."
)


def policy_title(name: str) -> str:
    """Name a policy: a client's by the client, the usual one as such."""
    return "Usual policy" if name == USUAL else name


def show_usual() -> None:
    """Show what the usual policy says, as a table."""
    st.markdown("**What the usual policy says**")
    st.table(sayings_of(DEFAULT_POLICY), border="horizontal", hide_index=True)
    st.caption(say_limits(DEFAULT_POLICY))


def say_limits(policy: Policy) -> str:
    """Say when a list is ready to send by a policy."""
    return (
        f"A list is ready to send where at least {policy.least_valid:g} % of its addresses are valid, "
        f"at most {policy.most_unknown:g} % of those at domains with fewer than {policy.small_domain} of them"
        f" are unknown, and at most {policy.most_bounces:g} % are expected to bounce."
    )


def sayings_of(policy: Policy) -> pd.DataFrame:
    """Write a policy's answers as rows: what it is about, what it is called, and what that does."""
    told = [(question, question.answers[getattr(policy, field)]) for field, question in QUESTIONS.items()]
    return pd.DataFrame(
        {
            "What": [f"**{question.name}**  \n{question.help}" for question, _ in told],
            "Counts as": [answer.name for _, answer in told],
            "So": [answer.advice for _, answer in told],
        }
    )
