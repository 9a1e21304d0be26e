"""How a session ends: QUIT, and what a host may say at its end (RFC 5321, 4.1.1.10 and 3.8)."""

from engine.reply import CLOSING
from engine.wire import Said, Wire

BYE = 221
FAREWELLS = frozenset({BYE, CLOSING})
LEAVE_TIMEOUT_S = 1.0


def is_farewell(surplus: bytes) -> bool:
    """Tell whether what a host says unasked is that it closes, which it may do at any time."""
    return surplus.startswith(b"421")


async def take_leave(wire: Wire, *, is_heard: bool) -> bool:
    """Say QUIT, and tell whether the host was in step to the end; `is_heard` where it still may answer.

    A question's late answer that comes before the farewell shows it out of step.
    """
    surplus = wire.surplus
    is_in_step = not surplus or is_farewell(surplus)
    is_answered = is_heard and is_in_step and not wire.is_owing
    wire.say("QUIT")
    return await _is_last_word_a_farewell(wire) if is_answered else is_in_step


async def _is_last_word_a_farewell(wire: Wire) -> bool:
    reply = await _last_words(wire)
    if reply is None or reply.code in FAREWELLS:
        return True
    late = await _last_words(wire)
    return not (wire.surplus or (late is not None and late.code == BYE))


async def _last_words(wire: Wire) -> Said | None:
    """Hear a reply that is no answer to a question."""
    try:
        return await wire.hear(LEAVE_TIMEOUT_S)
    except (OSError, ValueError):  # a time-out is an OSError
        return None
