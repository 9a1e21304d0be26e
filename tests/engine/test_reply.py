import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.reason import Reason
from engine.reply import (
    EnhancedStatusCode,
    Meaning,
    Reading,
    Reply,
    Stage,
    classify,
    find_enhanced,
    reason_of,
)

LASTING = {Meaning.MISSING, Meaning.DISABLED, Meaning.FULL, Meaning.MOVED, Meaning.DOMAIN_NOT_HERE}
OF_RECIPIENT = LASTING | {Meaning.EXISTS, Meaning.FULL_FOR_NOW, Meaning.CANNOT_VERIFY}
BEFORE_RCPT = [Stage.CONNECT, Stage.BANNER, Stage.EHLO, Stage.STARTTLS, Stage.MAIL]
PHRASES = [
    "5.1.1 no such user here",
    "5.2.1 mailbox disabled",
    "5.2.2 mailbox full",
    "4.2.2 over quota",
    "5.1.6 has moved",
    "relaying denied",
    "5.4.1 Recipient address rejected: Access denied",
    "5.1.2 unknown domain",
    "receiving mail at a rate 4.2.1",
    "blocked using a list",
    "try again later",
]
any_text = st.lists(st.sampled_from(PHRASES) | st.text(max_size=20), max_size=4).map(" ".join)

CASES = [
    (250, "2.1.5 fine, carry on", Meaning.EXISTS),
    (251, "user not local; will forward to <plum@orchard.example>", Meaning.EXISTS),
    (252, "2.5.2 cannot verify, will attempt delivery", Meaning.CANNOT_VERIFY),
    # no such mailbox
    (550, "5.1.1 <quince@orchard.example>: no mailbox here by that name", Meaning.MISSING),
    (550, "5.1.10 RESOLVER.ADR.RecipientNotFound; recipient not found by address lookup", Meaning.MISSING),
    (550, "5.4.1 Recipient address rejected: Access denied. AS(201806281)", Meaning.MISSING),
    (550, "5.4.1 All recipient addresses rejected : Access denied", Meaning.MISSING),
    (550, "5.5.0 Requested action not taken: mailbox unavailable (S2017062302).", Meaning.MISSING),
    (550, "5.7.1 No such user!", Meaning.MISSING),
    (550, "5.7.1 <quince@orchard.example>... address has been marked as invalid", Meaning.MISSING),
    (550, "cuda_nsu no mailbox", Meaning.MISSING),
    (550, "#5.1.0 Address rejected.", Meaning.MISSING),
    (550, "User (quince@orchard.example) not listed in the public directory", Meaning.MISSING),
    (550, "Message was not accepted -- invalid mailbox. Local mailbox is unavailable: user not found",
     Meaning.MISSING),
    (550, "5.2.1 <pear@orchard.example>... Addressee unknown", Meaning.MISSING),
    (550, "Unrouteable address", Meaning.MISSING),
    (550, "5.1.1 <spam-blocked-spf@orchard.example> user unknown", Meaning.MISSING),
    # in other languages
    (550, "Empfänger unbekannt", Meaning.MISSING),
    (550, "Benutzer existiert nicht", Meaning.MISSING),
    (550, "Adresse d'au moins un destinataire invalide", Meaning.MISSING),
    (550, "Utilisateur inconnu", Meaning.MISSING),
    (550, "El usuario no existe", Meaning.MISSING),
    (550, "Buzón desconocido", Meaning.MISSING),
    (550, "Usuário não encontrado", Meaning.MISSING),
    (550, "Casella inesistente", Meaning.MISSING),
    (550, "Gebruiker onbekend", Meaning.MISSING),
    (550, "Użytkownik nie istnieje", Meaning.MISSING),
    (550, "Пользователь не найден", Meaning.MISSING),
    (550, "Нет такого пользователя", Meaning.MISSING),
    (550, "宛先のユーザが存在しません", Meaning.MISSING),
    (550, "用户不存在", Meaning.MISSING),
    # disabled, moved, full
    (550, "5.2.1 mailbox disabled, not accepting messages", Meaning.DISABLED),
    (525, "5.7.13 user account disabled", Meaning.DISABLED),
    (550, "This account has been deactivated", Meaning.DISABLED),
    (554, "Das Postfach ist gesperrt", Meaning.DISABLED),
    (550, "5.1.6 mailbox has moved", Meaning.MOVED),
    (551, "User not local; please try <plum@market.example>", Meaning.MOVED),
    (552, "5.2.2 mailbox full", Meaning.FULL),
    (552, "storage allocation exceeded", Meaning.FULL),
    (550, "The recipient is over quota", Meaning.FULL),
    (550, "Boîte du destinataire pleine", Meaning.FULL),
    (452, "4.2.2 out of storage space", Meaning.FULL_FOR_NOW),
    (450, "Mailbox is full", Meaning.FULL_FOR_NOW),
    # the host, not the mailbox
    (554, "5.7.1 <quince@orchard.example>: Relay access denied", Meaning.DOMAIN_NOT_HERE),
    (553, "sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)", Meaning.DOMAIN_NOT_HERE),
    (550, "5.7.54 SMTP; Unable to relay recipient in non-accepted domain", Meaning.DOMAIN_NOT_HERE),
    (550, "relay not permitted", Meaning.DOMAIN_NOT_HERE),
    (556, "5.1.10 Recipient address has null MX", Meaning.DOMAIN_NOT_HERE),
    (503, "This server requires authentication when sending to a non-local address", Meaning.DOMAIN_NOT_HERE),
    # us
    (550, "5.7.606 Access denied, banned sending IP [192.0.2.7]", Meaning.BLOCKED),
    (550, "5.7.511 Access denied", Meaning.BLOCKED),
    (451, "4.7.650 The mail server has been slowed", Meaning.BLOCKED),
    (554, "5.7.1 Service unavailable; Client host [192.0.2.7] blocked using a list", Meaning.BLOCKED),
    (550, "5.1.1 <pear@orchard.example>: Sender address rejected: not allowed", Meaning.BLOCKED),
    (550, "5.1.8 Sender's domain does not resolve", Meaning.BLOCKED),
    (550, "5.7.1 <pear@orchard.example>: Recipient address rejected: Access denied", Meaning.BLOCKED),
    (550, "Access denied", Meaning.BLOCKED),
    (554, "5.7.1 Relaying denied. Reverse DNS lookup failed", Meaning.BLOCKED),
    (550, "Requested action not taken: mailbox unavailable. Reject due to policy", Meaning.BLOCKED),
    (554, "5.7.0 Blocked", Meaning.BLOCKED),
    (550, "Ihr Server steht auf einer Sperrliste", Meaning.BLOCKED),
    (550, "IP-адрес в черном списке", Meaning.BLOCKED),
    (550, "IP在黑名单中", Meaning.BLOCKED),
    (530, "5.7.0 Must issue a STARTTLS command first", Meaning.TLS_REQUIRED),
    (550, "5.6.7 address needs internationalised mail", Meaning.SMTPUTF8_NEEDED),
    # not now
    (451, "4.7.1 Greylisted, see you in five minutes", Meaning.GREYLISTED),
    (451, "Internal resource temporarily unavailable", Meaning.GREYLISTED),
    (450, "4.1.1 unverified address: Address verification in progress", Meaning.TEMPORARY),
    (450, "4.1.1 user unknown", Meaning.TEMPORARY),
    (452, "4.3.1 Insufficient system storage", Meaning.TEMPORARY),
    (451, "4.7.500 Server busy. Please try again later.", Meaning.TEMPORARY),
    (550, "Service unavailable temporarily", Meaning.TEMPORARY),
    (452, "4.5.3 one recipient at a time", Meaning.SESSION_LIMIT),
    (552, "too many recipients", Meaning.SESSION_LIMIT),
    (421, "4.4.2 that is all for now", Meaning.SESSION_LIMIT),
    (421, "4.7.0 too many connections", Meaning.RATE_LIMITED),
    (450, "4.2.1 The user is receiving mail at a rate that is too high", Meaning.EXISTS),
    (550, "5.2.1 The user is receiving mail too quickly", Meaning.EXISTS),
    # our words
    (503, "5.5.1 bad sequence of commands", Meaning.SYNTAX),
    (501, "5.1.3 bad recipient address", Meaning.SYNTAX),
    (550, "Requested action refused", Meaning.UNCLEAR),
    (354, "go ahead", Meaning.UNCLEAR),
]  # fmt: skip


@pytest.mark.parametrize(("code", "text", "meaning"), CASES, ids=lambda part: str(part)[:40])
def test_a_reply_at_rcpt_means_what_the_table_says(code, text, meaning):
    assert classify(code, text).meaning is meaning


def test_every_meaning_has_a_reply_that_shows_it():
    assert {meaning for _, _, meaning in CASES} == set(Meaning)


def test_every_meaning_has_a_label_and_a_reason():
    assert all(isinstance(reason_of(meaning), Reason) and Reading(meaning).label for meaning in Meaning)


@pytest.mark.parametrize(
    ("meaning", "reason"),
    [
        (Meaning.EXISTS, Reason.ACCEPTED),
        (Meaning.DOMAIN_NOT_HERE, Reason.RELAY_DENIED),
        (Meaning.FULL_FOR_NOW, Reason.MAILBOX_FULL),
        (Meaning.BLOCKED, Reason.BLOCKED),
        (Meaning.SYNTAX, Reason.SYNTAX_REFUSED),
    ],
)
def test_a_meaning_gives_the_reason_of_the_verdict(meaning, reason):
    assert reason_of(meaning) is reason


@given(code=st.integers(400, 499), text=any_text)
def test_a_4xx_never_says_that_something_is_missing_for_good(code, text):
    assert classify(code, text).meaning not in LASTING


@given(code=st.integers(200, 599), text=any_text, stage=st.sampled_from(BEFORE_RCPT))
def test_before_rcpt_nothing_is_said_about_a_recipient(code, text, stage):
    assert classify(code, text, stage=stage).meaning not in OF_RECIPIENT


@pytest.mark.parametrize("stage", BEFORE_RCPT)
def test_a_refusal_before_rcpt_is_a_block_even_when_it_names_a_user(stage):
    assert classify(550, "5.1.1 user unknown", stage=stage) == Reading(Meaning.BLOCKED)


def test_a_delay_before_rcpt_is_a_delay():
    assert classify(451, "4.3.0 come back later", stage=Stage.MAIL).meaning is Meaning.TEMPORARY


def test_the_recipient_sense_comes_from_the_code_or_the_words():
    assert classify(550, "5.1.1 rejected").has_recipient_sense
    assert classify(550, "5.1.10 rejected").has_recipient_sense
    assert classify(551, "5.1.6 gone elsewhere").has_recipient_sense
    assert classify(550, "no such user").has_recipient_sense
    assert classify(550, "5.7.1 no such user").has_recipient_sense


def test_a_refusal_that_does_not_say_why_has_no_recipient_sense():
    assert classify(550, "mailbox unavailable") == Reading(Meaning.MISSING, has_recipient_sense=False)
    assert not classify(550, "5.4.1 Recipient address rejected: Access denied").has_recipient_sense
    assert not classify(550, "5.7.1 denied").has_recipient_sense


def test_a_reply_of_several_lines_is_read_as_one():
    text = "5.1.1 The account that you tried to\n550-5.1.1 reach does not\n550 5.1.1 exist"
    assert classify(550, text).meaning is Meaning.MISSING
    assert (
        classify(550, "The account that you tried to\n550-reach does not\n550 exist").meaning
        is Meaning.MISSING
    )


def test_words_in_a_link_or_an_address_do_not_count():
    text = "see https://help.example/blocked/no-such-user or ask <mailbox.full@help.example>"
    assert classify(550, text).meaning is Meaning.UNCLEAR


def test_a_status_handed_in_goes_before_one_in_the_text():
    assert classify(550, "5.1.1 sorry", "5.7.606").meaning is Meaning.BLOCKED
    assert classify(550, "5.1.1 sorry", "nonsense").meaning is Meaning.MISSING


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("5.1.1 gone", (5, 1, 1)),
        ("no (#5.7.606)", (5, 7, 606)),
        ("550-5.1.10 gone", (5, 1, 10)),
        ("ends with 4.2.2.", (4, 2, 2)),
        ("first 5.1.1 then 5.7.1", (5, 1, 1)),
        ("host 5.1.1.9 says no", None),
        ("from [192.0.2.5]", None),
        ("3.1.1 and 5.1234.1 and 5.1", None),
        ("mx5.1.1 v5.1.1b", None),
        ("", None),
    ],
)
def test_an_enhanced_status_code_is_found_where_it_is_well_formed(text, found):
    assert find_enhanced(text) == found
    assert Reply(550, text, Stage.RCPT).enhanced == (found and EnhancedStatusCode(*found))


def test_a_provider_nobody_knows_changes_nothing():
    assert classify(550, "5.1.1 gone", provider="orchard") == classify(550, "5.1.1 gone")


CORPUS = Path(os.environ.get("REPLY_CORPUS", "no corpus named"))


@pytest.mark.skipif(not CORPUS.exists(), reason="REPLY_CORPUS names no file of labelled replies")
def test_no_block_delay_or_full_mailbox_of_the_corpus_is_taken_for_gone():
    replies = [json.loads(line) for line in CORPUS.read_text("utf-8").splitlines()]
    ours = [
        reply for reply in replies if reply["expected"] in {"sender_blocked", "temporary", "mailbox_full"}
    ]
    labels = {classify(reply["code"], reply["text"], reply["enhanced"]).label for reply in ours}
    assert labels
    assert not labels & {"mailbox_missing", "mailbox_disabled", "domain_missing"}
