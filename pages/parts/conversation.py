"""What was said about an address, set out line by line as people read a conversation."""

from collections.abc import Iterator, Sequence
from html import escape

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
    return _LIST.format(lines="".join(_items(trace)))


def _items(trace: Sequence[TraceLine]) -> Iterator[str]:
    """Write the lines, each further attempt to connect under a heading of its own."""
    attempts = 0
    for line in trace:
        attempts += (begins := _begins_attempt(line))
        yield _HEADING.format(number=attempts) if begins and attempts > 1 else ""
        yield _line(line)


def _begins_attempt(line: TraceLine) -> bool:
    return line.speaker == "note" and line.text.startswith("connecting to ")


def _line(line: TraceLine) -> str:
    return _LINE.format(
        ground=_GROUNDS.get(line.speaker, "transparent"),
        who=_SPEAKERS[line.speaker],
        at="" if line.speaker == "dns" else f"{line.at_ms / 1000:.2f} s",
        said=_SAYINGS[line.speaker](line.text),
    )


def _plainly(text: str) -> str:
    return escape(text)


def _by_us(text: str) -> str:
    gloss = next((said for command, said in _GLOSSES.items() if text.startswith(command)), "")
    return _SAID.format(text=escape(text)) + _beside(_GLOSS, gloss)


def _by_host(text: str) -> str:
    """Write a reply, its code in bold; of a yes, the further lines only tell what the host can do."""
    first, *more = text.splitlines() or [""]
    code, rest = first[:3], first[3:]
    is_yes = code.startswith("2")
    further = "" if is_yes else "".join(f"\n{each}" for each in more)
    said = _SAID.format(text=f"<b>{escape(code)}</b>{escape(rest + further)}")
    gloss = _REPLIES.get(code) or _REPLIES.get(code[:1], "")
    return said + _beside(_GLOSS, gloss) + _beside(_FURTHER, " · ".join(more) if is_yes else "")


def _beside(form: str, text: str) -> str:
    return form.format(text=escape(text)) if text else ""


_SAYINGS = {"dns": _plainly, "us": _by_us, "host": _by_host, "note": _plainly}
