"""A single check as steps that people follow: each with how it stands and what came of it."""

from collections.abc import Iterator, Sequence
from enum import StrEnum

from engine.exchange import LookupFailed, MailHosts, NoMail
from engine.provider import Kind, provider_named
from engine.reason import Reason
from engine.shown_domain import readable
from engine.value import value
from engine.verdict import AcceptAll, Status, TraceLine
from pages.parts.charts import provider_name
from pages.parts.counting import several
from pages.parts.reasons import REASONS
from pages.parts.words import STATUSES
from storage.singles import Phase, SingleCheck


class State(StrEnum):
    """How a step stands."""

    DONE = "done"
    NOW = "now"
    FAILED = "failed"
    MIXED = "mixed"
    AHEAD = "ahead"
    SKIPPED = "skipped"


@value
class Step:
    """One step of a check: its name, how it stands, and what came of it in a few words."""

    name: str
    state: State
    said: str = ""


READ = "Read the address"
CONNECT, GREET, ENCRYPT, SENDER, RECIPIENT, MADE_UP = (
    "Connect to its mail host",
    "Say who we are",
    "Encrypt",
    "Name a sender",
    "Ask about the address",
    "Ask about a made-up address",
)
"""What is done with a mail host, in this order."""


def steps_of(check: SingleCheck) -> tuple[Step, ...]:
    """Give the steps of a check as it stands; there are two of what is no address."""
    if not check.address:
        return (Step(READ, State.FAILED, check.detail.detail), _verdict(check))
    is_asked = check.phase in _ASKED
    session = list(_in_session(check)) if is_asked else [Step(name, State.AHEAD) for name in _SESSION]
    if check.phase in _GOING_ON:
        session = _with_one_going_on(session)
    if check.is_over:
        session = [Step(each.name, State.SKIPPED) if _is_open(each) else each for each in session]
    return (Step(READ, State.DONE), _looking_up(check), *session, _verdict(check))


_ASKED = (Phase.ASKS, Phase.PUT_OFF, Phase.OVER)
_GOING_ON = (Phase.ASKS, Phase.WAITS)
_SESSION = (CONNECT, GREET, ENCRYPT, SENDER, RECIPIENT, MADE_UP)


def _is_open(step: Step) -> bool:
    return step.state in {State.AHEAD, State.NOW}


def _with_one_going_on(steps: list[Step]) -> list[Step]:
    """Mark the first step that is still to come, where none goes on."""
    if any(each.state is State.NOW for each in steps):
        return steps
    first = next((n for n, each in enumerate(steps) if each.state is State.AHEAD), None)
    return [Step(each.name, State.NOW) if n == first else each for n, each in enumerate(steps)]


def _looking_up(check: SingleCheck) -> Step:
    """Say what the look-up of the domain's mail hosts found."""
    name = "Find its mail host"
    if check.phase is Phase.LOOKS_UP or (check.facts is None and not check.is_over):
        return Step(name, State.NOW, f"Looking up {readable(check.detail.line.domain)}")
    route = check.facts.route if check.facts else None
    if isinstance(route, MailHosts):
        return Step(name, State.DONE, _hosts(route, check.detail.line.provider))
    if isinstance(route, NoMail):
        return Step(name, State.FAILED, REASONS[route.refusal].name)
    if isinstance(route, LookupFailed):
        return Step(name, State.FAILED, REASONS[route.failure].name)
    return Step(name, State.SKIPPED)


def _hosts(route: MailHosts, provider: str) -> str:
    more = len(route.hosts) - 1
    further = f" and {several(more, 'other')}" if more else ""
    whose = "" if provider_named(provider).kind is Kind.OWN_HOST else f", {provider_name(provider)}"
    return f"{route.hosts[0].name}{further}{whose}"


def _in_session(check: SingleCheck) -> Iterator[Step]:
    """Give the steps with the mail host, by what was said in the last attempt."""
    lines = last_attempt(check.detail.trace)
    asked = [_asked(name, lines, check.address) for name in _SESSION]
    asked[0] = _connected(lines)
    if lines and (made_up := _made_up(check)):
        asked[-1] = made_up
    passed = _passed(check.detail.trace)
    latest = max((n for n, each in enumerate(asked) if each.state is not State.AHEAD), default=-1)
    for place, step in enumerate(asked):
        is_passed = step.state is State.AHEAD and place < latest
        yield Step(step.name, State.SKIPPED, passed.get(step.name, "")) if is_passed else step


def _passed(trace: Sequence[TraceLine]) -> dict[str, str]:
    """Say why a step was left out in the last attempt: encryption may have failed in the one before."""
    was_tried = any(line.speaker == "us" and line.text.startswith("STARTTLS") for line in trace)
    return {ENCRYPT: "Offered, but it failed: asked without" if was_tried else "The host does not offer it"}


def last_attempt(trace: Sequence[TraceLine]) -> Sequence[TraceLine]:
    """Give what was said since we last connected; nothing where we never did."""
    starts = [n for n, line in enumerate(trace) if line.text.startswith("connecting to ")]
    return trace[starts[-1] :] if starts else ()


def _connected(lines: Sequence[TraceLine]) -> Step:
    """Say whether the host took the connection and greeted us."""
    if not lines:
        return Step(CONNECT, State.AHEAD)
    return _answered(CONNECT, lines[1:], (State.DONE, State.FAILED))


def _asked(name: str, lines: Sequence[TraceLine], address: str) -> Step:
    """Say what was answered to what we said last of a kind."""
    said = [n for n, line in enumerate(lines) if line.speaker == "us" and _kind(line.text, address) == name]
    if not said:
        return Step(name, State.AHEAD)
    no = State.DONE if name == MADE_UP else State.FAILED
    return _answered(name, lines[said[-1] + 1 :], (State.DONE, no))


def _kind(text: str, address: str) -> str:
    """Name the step that a command of ours belongs to."""
    if text.startswith("RCPT TO:"):
        if text.startswith(f"RCPT TO:<{address}>"):
            return RECIPIENT
        return "" if text.startswith("RCPT TO:<postmaster@") else MADE_UP
    return next((name for command, name in _COMMANDS.items() if text.startswith(command)), "")


_COMMANDS = {"EHLO": GREET, "HELO": GREET, "STARTTLS": ENCRYPT, "MAIL FROM": SENDER}


def _answered(name: str, rest: Sequence[TraceLine], states: tuple[State, State]) -> Step:
    """Say what a host answered: its first line, in short."""
    answer = next((line for line in rest if line.speaker in {"host", "note"}), None)
    if answer is None:
        return Step(name, State.NOW)
    first = _first_line(answer.text)
    is_yes = answer.speaker == "host" and first.startswith("2")
    return Step(name, states[0] if is_yes else states[1], first)


def _made_up(check: SingleCheck) -> Step | None:
    """Give what a made-up address of the domain was answered, be it now or before, and what that means."""
    evidence = check.detail.evidence
    if evidence is None or evidence.decoy is None:
        return None
    state, meaning = _ONE_OF_TWO if evidence.is_yes_doubtful else _MADE_UP[evidence.accept_all]
    answer = _first_line(f"{evidence.decoy.code} {evidence.decoy.text}")
    return Step(MADE_UP, state, f"{meaning} ({answer})")


_NOT_CLEAR = (State.MIXED, "No clear answer, so nobody knows if this host tells real from made-up")
_ONE_OF_TWO = (State.MIXED, "One was taken, another refused, so this host's yes proves little")
_MADE_UP = {
    AcceptAll.NO: (State.DONE, "Refused, as it should be: this host tells real addresses from made-up ones"),
    AcceptAll.YES: (State.MIXED, "Taken: this host takes mail for any name, so its yes proves little"),
    AcceptAll.UNKNOWN: _NOT_CLEAR,
    None: _NOT_CLEAR,
}
"""How the step stands by what it showed of the domain, and what that means: here a refusal is welcome."""


def _first_line(text: str) -> str:
    return text.splitlines()[0] if text else ""


def _verdict(check: SingleCheck) -> Step:
    line = check.detail.line
    if line.status is None:
        return Step("Verdict", State.AHEAD)
    stands = State.SKIPPED if line.reason is Reason.NOT_CHECKED else _VERDICTS[line.status]
    return Step("Verdict", stands, STATUSES[line.status].name)


_VERDICTS = {
    Status.VALID: State.DONE,
    Status.INVALID: State.FAILED,
    Status.ACCEPT_ALL: State.MIXED,
    Status.RISKY: State.MIXED,
    Status.UNKNOWN: State.MIXED,
}
