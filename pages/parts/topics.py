"""What the Help page explains, topic by topic, in Markdown: what Winnow can know, and what nobody can."""

from dataclasses import dataclass
from enum import StrEnum

from pages.parts.expectation import HELP as EXPECTED
from pages.parts.words import TOMORROW


class About(StrEnum):
    """The topics, by their names in the page's address (`?about=NAME`)."""

    KNOWING = "knowing"
    YES = "yes"
    UNKNOWN = "unknown"
    WAITING = "waiting"
    NEVER = "never"
    LISTED = "listed"
    BOUNCES = "bounces"
    COUNTING = "counting"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic: its title, and what there is to say, in Markdown."""

    title: str
    says: str


TOPICS = {
    About.KNOWING: Topic(
        "What can be known",
        "For each address Winnow asks where its domain has its mail. Then it asks that mail host: would you "
        "take mail for this address? The host's answer, and what can be seen of the address itself, make the "
        "verdict. Click an address on Results to read every word that was said.\n\n"
        "Nobody can tell from outside whether a person reads the mailbox, whether your mail ends as junk, or "
        "whether the person wants it.",
    ),
    About.YES: Topic(
        "Why a yes is not always a yes",
        "Some domains take mail for any address, also for one that was made up on the spot. Their yes says "
        "nothing about a single mailbox. So Winnow asks about a made-up address too, where the host allows "
        "it; where that is accepted, the addresses there are called accept-all, not valid.\n\n"
        "Some filters that stand before a mail host say yes without knowing its mailboxes. Their yes is "
        "called weak, and the address stays unknown.",
    ),
    About.UNKNOWN: Topic(
        "Why unknown is not invalid",
        "Unknown says that nobody could tell: the host was down, too slow, put us off, or did not want to "
        "talk with this machine. That is about the host or about us, not about the address; many unknown "
        f"addresses are good ones. Keep them, and {TOMORROW}: only the unknown ones are then asked. Winnow "
        "calls an address invalid only where its own host or domain says so, where your mail to it came "
        "back, where no address can be written like that, or where your own policy wants it.",
    ),
    About.WAITING: Topic(
        "Why some addresses wait",
        "Many hosts put strangers off at first: they say “come back later”, to see who does. This is called "
        "greylisting. Winnow comes back by itself, some minutes later and then less often, and nothing is "
        "decided meanwhile. Other hosts take only so many questions a minute, so the rest of their addresses "
        "stand in line. A list that waits goes on by itself, also when this page is closed.",
    ),
    About.NEVER: Topic(
        "What Winnow never does",
        "- It never sends a message: it stops before anything could be sent.\n"
        "- It asks no third party. Name servers learn only of domains; an address is told to its own mail "
        "host alone.\n"
        "- It never guesses an address, and never changes yours: where a domain looks mistyped, you choose "
        "whether the right one is asked instead, and your own column stays as it is.",
    ),
    About.LISTED: Topic(
        "What the never-asked list does",
        "Nobody on it is asked about, and nobody on it stands among the rows you keep; that holds for all "
        "lists, also for those that were checked before. Answers found earlier stay on Results.\n\n"
        "- An **address** stands for itself alone, however its capitals are written.\n"
        "- A **domain** stands for every address there and at its subdomains.\n"
        "- A **mail host** (`mx:` before its name) stands for all hosts under that name: none of them is "
        "connected to. Addresses whose mail goes there are still exported.\n\n"
        "The suppression file on Export names those of a list who are on it too, unless you switch that "
        "off.\n\n"
        "What you take off the list is asked about again the next time a list names it.",
    ),
    About.BOUNCES: Topic(
        "What expected bounces rest on",
        f"{EXPECTED}\n\n"
        "Each kind of address has its own share: valid ones bounce least, those of which nobody could tell "
        "more. The kinds are put together as they stand on your list.",
    ),
    About.COUNTING: Topic(
        "Why two counts can differ",
        "Results counts addresses, each as often as it stands on the list. Export counts rows, since rows "
        "are what you download, and so does the panel that says whether a list is ready to send. Beside the "
        "figures it is said how the ones become the others.\n\n"
        "- An address that stands in two rows is two on Results, and one kept row while duplicates are "
        "removed.\n"
        "- A row with several addresses is one row; what was found of its first address decides.\n"
        "- A row goes where any of its addresses is on your never-asked list.\n"
        "- Rows that hold no address are rows, but no addresses.",
    ),
    About.FILE: Topic(
        "What stands in the file you download",
        "The columns status, reason and flags hold short codes, so that other programs can sort by them. "
        "The lists below say what each code means. A row with the status invalid and the reason empty is "
        "one that holds no address. Where an answer is still missing, the status is unknown.",
    ),
}
"""The topics, in the order in which they are shown."""
