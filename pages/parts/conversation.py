"""What was said about an address, in the order of time, set out as people read a conversation."""

from collections.abc import Iterator, Sequence
from html import escape
from itertools import chain

from engine.verdict import TraceLine

_LIST = "<ol style='list-style:none;margin:0;padding:0;font-size:.875rem'>{lines}</ol>"
_LINE = (
    "<li style='display:flex;gap:.75rem;margin:0 0 2px;padding:.3rem .6rem;border-radius:.4rem;"
    "background:{ground}'>"
    "<span style='flex:0 0 3.2rem'>{who}"
    "<span style='display:block;opacity:.7;font-size:.75rem'>{at}</span></span>"
    "<span style='flex:1;min-width:0;overflow-wrap:anywhere'>{said}</span></li>"
)
_HEADING = "<li style='margin:.6rem 0 .2rem;padding:0 .6rem;font-weight:600'>Attempt {number}</li>"
_SAID = "<span style='font-family:monospace;white-space:pre-wrap'>{text}</span>"
_GLOSS = "<span style='display:block;font-style:italic;opacity:.8'>{text}</span>"
_FURTHER = "<span style='display:block;opacity:.7;font-size:.75rem'>{text}</span>"

_SPEAKERS = {"dns": "DNS", "us": "We", "host": "Host", "note": ""}
_GROUNDS = {"us": "rgba(128,128,128,.08)", "host": "rgba(11,107,91,.14)"}

_GLOSSES = {
    "EHLO": "This is who we are.",
    "HELO": "This is who we are.",
    "STARTTLS": "Shall we encrypt?",
    "MAIL FROM": "This is who would be writing.",
    "RCPT TO": "Would you take mail for this address?",
    "RSET": "Let us begin anew.",
    "NOOP": "Are you still there?",
    "QUIT": "Goodbye.",
}
"""What our commands mean (RFC 5321, 4.1; RFC 3207)."""

_REPLIES = {
    "220": "Go ahead.",
    "221": "Goodbye.",
    "421": "Not now; goodbye.",
    "2": "Yes.",
    "4": "Not now.",
    "5": "No.",
}
"""What replies mean by their code, or by its first digit (RFC 5321, 4.2.1)."""


def conversation(trace: Sequence[TraceLine]) -> str:
    """Write a trace as HTML: who spoke and when, what was said, and what that means in plain words."""
    visits = enumerate(_visits(trace), 1)
    return _LIST.format(lines="".join(chain.from_iterable(_items(visit, number) for number, visit in visits)))


def _visits(trace: Sequence[TraceLine]) -> Iterator[list[TraceLine]]:
    """Part a trace wherever we looked up or connected anew: times count from there."""
    visit: list[TraceLine] = []
    for line in trace:
        if visit and _begins_visit(visit[-1], line):
            yield visit
            visit = []
        visit.append(line)
    yield visit


def _begins_visit(before: TraceLine, line: TraceLine) -> bool:
    is_connecting = line.speaker == "note" and line.text.startswith("connecting to ")
    return before.speaker != "dns" and (line.speaker == "dns" or is_connecting)


def _items(visit: Sequence[TraceLine], number: int) -> Iterator[str]:
    """Write the lines of a visit as time went by, a further visit under a heading of its own."""
    if number > 1:
        yield _HEADING.format(number=number)
    before = ""
    for line, question in sorted(_with_questions(visit), key=lambda said: said[0].at_ms):
        yield _line(line, "" if question == before else question)
        before = line.text


def _with_questions(visit: Sequence[TraceLine]) -> Iterator[tuple[TraceLine, str]]:
    """Pair each reply with what it answers: a trace has them side by side, also what went out together."""
    question = ""
    for line in visit:
        question = line.text if line.speaker == "us" else question
        yield line, question if line.speaker == "host" else ""


def _line(line: TraceLine, question: str) -> str:
    return _LINE.format(
        ground=_GROUNDS.get(line.speaker, "transparent"),
        who=_SPEAKERS[line.speaker],
        at="" if line.speaker == "dns" else f"{line.at_ms / 1000:.2f} s",
        said=_SAYINGS[line.speaker](line.text, question),
    )


def _plainly(text: str, _question: str) -> str:
    return escape(text)


def _by_us(text: str, _question: str) -> str:
    return _SAID.format(text=escape(text)) + _beside(_GLOSS, _GLOSSES.get(_command(text), ""))


def _command(text: str) -> str:
    """Name the command that a line of ours begins with; `""` for one that is not known here."""
    return next((command for command in _GLOSSES if text.startswith(command)), "")


def _by_host(text: str, question: str) -> str:
    """Write a reply, its code in bold; of a yes, the further lines only tell what the host can do.

    The question stands with it where other lines stand between.
    """
    first, *more = text.splitlines() or [""]
    code, rest = first[:3], first[3:]
    is_yes = code.startswith("2")
    further = "" if is_yes else "".join(f"\n{each}" for each in more)
    said = _SAID.format(text=f"<b>{escape(code)}</b>{escape(rest + further)}")
    answered = f"To {command}: " if (command := _command(question)) else ""
    gloss = _REPLIES.get(code) or _REPLIES.get(code[:1], "")
    return said + _beside(_GLOSS, answered + gloss) + _beside(_FURTHER, " · ".join(more) if is_yes else "")


def _beside(form: str, text: str) -> str:
    return form.format(text=escape(text)) if text else ""


_SAYINGS = {"dns": _plainly, "us": _by_us, "host": _by_host, "note": _plainly}
