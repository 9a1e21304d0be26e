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
    LISTS = "lists"
    DOMAINS = "domains"
    POLICIES = "policies"
    STANDING = "standing"


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
        "The suppression file on Export names those of a list who are on it too, if you switch that on.\n\n"
        "What you take off the list is asked about the next time a list names it. For a list that was "
        "checked before, Results offers to ask again.",
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
        "- A row with several addresses is one row; what was found of its first address decides. Where "
        "duplicates are removed, a row goes that begins with the address an earlier row begins with. "
        "On Export you can keep it if any of its addresses may be kept: send_to then holds the first one of "
        "those that no row above is written to, so that nobody is written to twice.\n"
        "- A row goes where any of its addresses is on your never-asked list, however good the others are: "
        "who must not be written to is a person.\n"
        "- Rows that hold no address are rows, but no addresses.",
    ),
    About.FILE: Topic(
        "What stands in the file you download",
        "The columns status, reason and flags hold short codes, so that other programs can sort by them. "
        "The lists below say what each code means. A row that holds no address has no status, and "
        "the reason empty. Where an answer is still missing, the status is unknown. Of a row with several "
        "addresses, the columns speak of the one that decided, which send_to holds; other_results tells of "
        "the others.",
    ),
    About.LISTS: Topic(
        "What becomes of a list",
        "A list stays as you handed it in, with all its columns; what is found stands beside it. Lists that "
        "are checked at the same time take turns, so a short one need not wait for a long one. You can pause "
        "a list, or end it early and keep what was found.\n\n"
        "**Plan a send** has a list asked again before the day on which you mail it. **Compare** shows who "
        "died and who came back between two lists. A list that you delete can be brought back for some days; "
        "then it is removed, with every address that stands on no other list.",
    ),
    About.DOMAINS: Topic(
        "What the Domains page tells",
        "At the top are the domains that put your addresses at stake: those whose mail comes back, which you "
        "can take off your list, and those where nobody could tell, which you should keep.\n\n"
        "**Health**, from 0 to 100, says how carefully the owner of a domain has set up its mail, by what "
        "the domain publishes: its mail hosts, who may send in its name (SPF, DMARC), and whether mail goes "
        "encrypted. It is about the owner, not about your addresses; no status rests on it.",
    ),
    About.POLICIES: Topic(
        "What a policy changes",
        "A policy changes how answers are judged, not the answers: nobody is asked for it. It says for one "
        "client what counts as risky, which domains are trusted, and when a list is ready to send. Whom the "
        "own mail host calls missing stays invalid under each policy.\n\n"
        "A list keeps a copy of the policy that it was given. When you change a policy, its lists stay as "
        "they are until you bring them up to date. Before you save, the page tries the change on a list of "
        "yours and says how many addresses each usual choice of Export would then have. The file may have "
        "fewer rows, since each row counts once, and by its first address.",
    ),
    About.STANDING: Topic(
        "What mail hosts see of you",
        "Each question goes out from this machine. Mail hosts look at its address, at the name that this "
        "address has (PTR), at the name it greets them by (HELO), at the domain it gives as the sender, and "
        "at block lists. Where something there is amiss, hosts put us off or refuse to talk. Then addresses "
        "end as unknown, never as invalid.\n\n"
        "Most of it is mended by whoever runs your network or your DNS: show them the Preflight page. Many "
        "offices and homes have no way out on port 25; a list can then be checked by DNS only.",
    ),
}
"""The topics, in the order in which they are shown."""
