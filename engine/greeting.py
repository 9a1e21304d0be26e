"""How a session begins: banner, EHLO, encryption, and who asks (MAIL FROM)."""

from dataclasses import replace
from enum import Enum

from engine.reply import Answer, Meaning, Reply, Stage, Unreached, classify
from engine.session import Session, is_yes
from engine.settings import Settings


class Tls(Enum):
    """When a session is encrypted: wherever the host offers it, only where it insists, or never."""

    OFFERED = "offered"
    DEMANDED = "demanded"
    NEVER = "never"


async def introduce(session: Session, settings: Settings, tls: Tls, *, has_utf8: bool) -> Answer:
    """Hear the banner, greet, encrypt and name the sender.

    Gives the answer to MAIL FROM, or the first that is no yes. `has_utf8` says that the recipients' local
    parts need SMTPUTF8 (RFC 6531), which is named where offered.
    """
    answer = await session.hear_banner()
    if not is_yes(answer):
        return answer
    answer = await greet(session, settings)
    if is_yes(answer) and tls is Tls.OFFERED and session.offers_tls:
        secured = await encrypt(session, settings)
        answer = answer if _is_refused(secured) and session.is_open else secured
    if not is_yes(answer):
        return answer
    return await name_sender(session, settings, tls, has_utf8=has_utf8)


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


async def name_sender(session: Session, settings: Settings, tls: Tls, *, has_utf8: bool) -> Answer:
    """Say MAIL FROM, and again under TLS where the host insists on it (RFC 3207, 4)."""
    answer = await _mail(session, settings, has_utf8=has_utf8)
    if not may_encrypt(session, answer, tls):
        return answer
    secured = await encrypt(session, settings)
    return await _mail(session, settings, has_utf8=has_utf8) if is_yes(secured) else answer


async def start_over(session: Session, settings: Settings, tls: Tls, *, has_utf8: bool) -> Answer:
    """Name the sender anew in the same session (RFC 5321, 4.1.1.5: RSET)."""
    answer = await session.say(Stage.MAIL, "RSET")
    if not is_yes(answer):
        return answer
    return await name_sender(session, settings, tls, has_utf8=has_utf8)


def may_encrypt(session: Session, answer: Answer, tls: Tls) -> bool:
    """Tell whether an answer asks for encryption that we may try and have not tried yet."""
    if tls is Tls.NEVER or session.has_tried_tls or not session.is_open:
        return False
    return is_tls_demanded(answer)


def is_tls_demanded(answer: Answer) -> bool:
    """Tell whether a host goes on only under TLS."""
    if not isinstance(answer, Reply):
        return False
    return classify(answer.code, answer.text, stage=answer.stage).meaning is Meaning.TLS_REQUIRED


async def _mail(session: Session, settings: Settings, *, has_utf8: bool) -> Answer:
    session.has_named_utf8 = has_utf8 and session.has_utf8
    option = " SMTPUTF8" if session.has_named_utf8 else ""
    return await session.say(Stage.MAIL, f"MAIL FROM:<{settings.mail_from}>{option}")


def _is_refused(answer: Answer) -> bool:
    """Tell whether STARTTLS itself was refused: then the session goes on as it is."""
    return isinstance(answer, Reply) and answer.stage is Stage.STARTTLS and not is_yes(answer)
