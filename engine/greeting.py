"""How a session begins: banner, EHLO, encryption, and what is said to name who asks (MAIL FROM)."""

from enum import Enum

from engine.flight import Command
from engine.reading import read_reply
from engine.reply import Answer, Meaning, Reply, Stage, Unreached, is_yes
from engine.session import Session
from engine.settings import Settings
from engine.value import replace


class Tls(Enum):
    """When a session is encrypted: wherever the host offers it or insists on it, or never."""

    OFFERED = "offered"
    NEVER = "never"


async def introduce(session: Session, settings: Settings, tls: Tls) -> Answer:
    """Hear the banner, greet and encrypt: the answer to that, or the first that is no yes."""
    answer = await session.hear_banner()
    if not is_yes(answer):
        return answer
    answer = await greet(session, settings)
    if is_yes(answer) and tls is Tls.OFFERED and session.offers_tls:
        secured = await encrypt(session, settings)
        return answer if _is_refused(secured) and session.is_open else secured
    return answer


async def greet(session: Session, settings: Settings) -> Answer:
    """Say EHLO, and HELO where the host does not know it (RFC 5321, 3.2)."""
    answer = await session.greet("EHLO", settings.helo)
    if session.is_open and not is_yes(answer):
        return await session.greet("HELO", settings.helo)
    return answer


async def encrypt(session: Session, settings: Settings) -> Answer:
    """Start TLS (RFC 3207) and greet again: the answer to that, or what kept us from it.

    A host that hangs up on the first words after the handshake has failed at it, too (TLS 1.3).
    """
    answer = await session.start_tls()
    if not is_yes(answer):
        return answer
    answer = await greet(session, settings)
    return replace(answer, stage=Stage.STARTTLS) if isinstance(answer, Unreached) else answer


def opening(session: Session, settings: Settings, *, has_utf8: bool) -> list[Command]:
    """Say what names the sender: MAIL FROM, after RSET (RFC 5321, 4.1.1.5) where there is one already.

    `has_utf8` says that recipients' local parts need SMTPUTF8 (RFC 6531), which is named where offered.
    """
    option = " SMTPUTF8" if has_utf8 and session.has_utf8 else ""
    mail = Command(Stage.MAIL, f"MAIL FROM:<{settings.mail_from}>{option}")
    return [Command(Stage.MAIL, "RSET"), mail] if session.has_sender else [mail]


def may_encrypt(session: Session, answer: Answer, tls: Tls, provider: str = "") -> bool:
    """Tell whether an answer asks for encryption that we may try and have not tried yet."""
    if tls is Tls.NEVER or session.has_tried_tls or not session.is_open:
        return False
    return is_tls_demanded(answer, provider)


def is_tls_demanded(answer: Answer, provider: str = "") -> bool:
    """Tell whether one of this provider's hosts goes on only under TLS."""
    if not isinstance(answer, Reply) or is_yes(answer):
        return False
    return read_reply(answer, provider).meaning is Meaning.TLS_REQUIRED


def _is_refused(answer: Answer) -> bool:
    """Tell whether STARTTLS itself was refused: then the session goes on as it is."""
    return isinstance(answer, Reply) and answer.stage is Stage.STARTTLS and not is_yes(answer)
