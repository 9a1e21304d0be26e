"""What replies mean: exceptions, what goes before what, stages, languages, and the table itself."""

import json
import os
import re
import runpy
import subprocess
import sys
import tomllib
import unicodedata
from pathlib import Path

import pytest

from engine.name_lists import read_lists, use_lists
from engine.provider import provider_named
from engine.reply import Meaning, Stage, _can_mean, classify, reason_of, rows_in
from engine.reply_text import LONGEST, find_enhanced, plain_words

HOUSE = Path(__file__).parents[2]
BENCH = runpy.run_path(str(HOUSE / "bench" / "replies.py"))
OWN = [json.loads(line) for line in BENCH["OWN"].read_text("utf-8").splitlines()]
TABLE = tomllib.loads((HOUSE / "engine" / "lists" / "replies.toml").read_text("utf-8"))
ROWS = rows_in(read_lists(None))
OF_RECIPIENT = {"mailbox_exists", "mailbox_missing", "mailbox_disabled", "mailbox_full", "domain_missing"}
GONE = {"mailbox_missing", "mailbox_disabled", "domain_missing"}
EARLIER = [stage for stage in Stage if stage is not Stage.RCPT]
MOST_QUOTED = 5


def meaning_of(reply: str, **known) -> Meaning:
    code, _, text = reply.partition(" ")
    return classify(int(code), text, **known).meaning


@pytest.mark.parametrize(
    ("reply", "meaning"),
    [
        ("550 5.4.1 Recipient address rejected: Access denied. [x.protection.example]", Meaning.MISSING),
        ("550 5.4.1 <a@b.example>: Recipient address rejected: Access denied", Meaning.MISSING),
        ("550 5.7.1 Access denied", Meaning.BLOCKED),
        ("554 5.7.1 <a@b.example>: Recipient address rejected: Access denied", Meaning.BLOCKED),
        ("550 5.5.0 Requested action not taken: mailbox unavailable", Meaning.MISSING),
        ("550 5.7.1 No such user!", Meaning.MISSING),
        ("550 5.7.1 <a@b.example>: Recipient address rejected: marked as invalid", Meaning.MISSING),
        ("550 5.2.1 he is receiving mail at a rate too high", Meaning.EXISTS),
        ("450 4.2.1 he is receiving mail too quickly", Meaning.EXISTS),
        ("550 5.2.1 The account is disabled", Meaning.DISABLED),
        ("550 5.2.1 <a@b.example>... Addressee unknown, relay=[192.0.2.1]", Meaning.MISSING),
        ("452 4.3.1 Insufficient system storage", Meaning.TEMPORARY),
        ("452 4.5.3 not so many", Meaning.SESSION_LIMIT),
        ("452 too many recipients", Meaning.SESSION_LIMIT),
        ("552 too many recipients", Meaning.SESSION_LIMIT),
        ("450 4.2.0 <a@b.example>: Recipient address rejected: Greylisted", Meaning.GREYLISTED),
        ("451 Internal resource temporarily unavailable", Meaning.GREYLISTED),
        ("450 4.1.1 unverified address: Address verification in progress", Meaning.TEMPORARY),
        ("451 4.7.650 no", Meaning.BLOCKED),
        ("451 4.7.651 no", Meaning.BLOCKED),
        ("550 5.7.606 no", Meaning.BLOCKED),
        ("550 5.7.649 no", Meaning.BLOCKED),
        ("550 5.7.511 no", Meaning.BLOCKED),
        ("550 5.7.1 no (S3140)", Meaning.BLOCKED),
        ("550 5.7.1 no (S3150)", Meaning.BLOCKED),
        ("421 4.7.0 [TSS04] no", Meaning.BLOCKED),
        ("251 will forward", Meaning.EXISTS),
        ("252 cannot say", Meaning.CANNOT_VERIFY),
        ("530 5.7.0 Must issue STARTTLS first", Meaning.TLS_REQUIRED),
        ("554 5.7.1 Relay access denied", Meaning.DOMAIN_NOT_HERE),
        ("553 relaying denied", Meaning.DOMAIN_NOT_HERE),
        ("503 5.5.1 RCPT first", Meaning.SYNTAX),
        ("501 5.5.4 what is that", Meaning.SYNTAX),
        ("550 mailbox unavailable or access denied", Meaning.RATE_LIMITED),
        ("550 5.1.10 null MX", Meaning.DOMAIN_NOT_HERE),
    ],
)
def test_an_exception_of_the_facts_means_what_the_facts_say(reply, meaning):
    assert meaning_of(reply) is meaning


@pytest.mark.parametrize(
    ("reply", "meaning"),
    [
        ("550 5.1.1 <a@b.example> unknown", Meaning.MISSING),
        ("550 5.1.6 gone", Meaning.MOVED),
        ("550 5.1.10 gone", Meaning.MISSING),
        ("550 5.1.2 gone", Meaning.DOMAIN_NOT_HERE),
        ("550 5.1.3 gone", Meaning.SYNTAX),
        ("550 5.2.1 gone", Meaning.DISABLED),
        ("550 5.2.2 gone", Meaning.FULL),
        ("525 5.7.13 gone", Meaning.DISABLED),
        ("452 4.2.2 gone", Meaning.FULL_FOR_NOW),
        ("552 gone", Meaning.FULL),
        ("556 gone", Meaning.DOMAIN_NOT_HERE),
        ("553 5.6.7 gone", Meaning.SMTPUTF8_NEEDED),
        ("550 5.7.1 gone", Meaning.BLOCKED),
        ("550 5.7.26 gone", Meaning.BLOCKED),
        ("550 5.1.8 gone", Meaning.BLOCKED),
        ("550 5.7.10 gone", Meaning.TLS_REQUIRED),
        ("450 4.7.28 gone", Meaning.RATE_LIMITED),
        ("550 5.7.28 gone", Meaning.RATE_LIMITED),
        ("554 5.4.7 gone", Meaning.TEMPORARY),
        ("450 gone", Meaning.TEMPORARY),
        ("554 gone", Meaning.BLOCKED),
        ("550 gone", Meaning.BLOCKED),
        ("500 gone", Meaning.SYNTAX),
    ],
)
def test_where_words_say_nothing_the_codes_decide(reply, meaning):
    assert meaning_of(reply) is meaning


@pytest.mark.parametrize(
    "reply",
    [
        "550 5.1.1 user unknown: your IP is on a block list",
        "550 5.7.1 client host [192.0.2.1] blocked, no such user would see this",
        "550 5.7.1 sender address rejected: user unknown",
        "550 Sender verify failed, no such user",
        "550 5.1.1 spam, so the recipient does not exist for you",
        "554 5.7.1 <a@b.example>: Recipient address rejected: SPF says no",
        "550 HELO name does not exist, unknown user",
        "550 no PTR record, mailbox unavailable",
    ],
)
def test_what_speaks_of_us_goes_before_what_speaks_of_the_recipient(reply):
    assert meaning_of(reply) is Meaning.BLOCKED


def test_a_full_mailbox_is_full_even_where_the_code_says_missing():
    assert meaning_of("550 5.1.1 mailbox is full") is Meaning.FULL
    assert meaning_of("450 4.1.1 mailbox is full") is Meaning.FULL_FOR_NOW


def test_words_of_a_missing_mailbox_go_before_a_code_of_policy_but_ask_for_a_control():
    reading = classify(550, "5.7.1 no such user")

    assert reading.meaning is Meaning.MISSING
    assert not reading.has_recipient_sense
    assert classify(550, "5.7.1 no such user", provider="yandex").has_recipient_sense


def test_a_provider_row_is_for_its_provider_only():
    assert classify(550, "#5.1.0 Address rejected.", provider="cisco").has_recipient_sense
    assert not classify(550, "#5.1.0 Address rejected.", provider="zoho").has_recipient_sense


@pytest.mark.parametrize("text", ["address rejected", "mailbox unavailable", "", "5.1.0 no"])
def test_a_vague_refusal_is_a_missing_mailbox_that_asks_for_a_control(text):
    reading = classify(550, text)

    assert reading.meaning is Meaning.MISSING
    assert not reading.has_recipient_sense


@pytest.mark.parametrize(
    "text", ["5.1.1 no", "5.1.10 no", "no such user", "Mailbox not found", "5.1.6 no", "unknown recipient"]
)
def test_codes_and_words_of_a_missing_mailbox_need_no_control(text):
    assert classify(550, text).has_recipient_sense


@pytest.mark.parametrize("stage", EARLIER)
def test_before_rcpt_no_reply_says_anything_of_a_recipient(stage):
    labels = {classify(one["code"], one["text"], stage=stage).label for one in OWN}

    assert labels & OF_RECIPIENT == set()
    assert "sender_blocked" in labels


def test_no_4xx_says_that_an_address_is_gone_or_full_for_good():
    lasting = {Meaning.MISSING, Meaning.DISABLED, Meaning.FULL, Meaning.MOVED, Meaning.DOMAIN_NOT_HERE}
    for one in OWN:
        for code in (400, 450, 451, 452, 499):
            assert classify(code, one["text"]).meaning not in lasting, one


def test_a_421_never_speaks_of_the_recipient():
    assert {classify(421, one["text"]).label for one in OWN} & OF_RECIPIENT == set()


@pytest.mark.parametrize("code", [-1, 0, 199, 300, 354, 600, 999])
def test_a_code_of_no_known_class_means_nothing(code):
    assert classify(code, "5.1.1 no such user").meaning is Meaning.UNCLEAR


def test_a_stage_may_be_given_by_its_name():
    assert classify(550, "5.1.1 no such user", stage="rcpt") == classify(550, "5.1.1 no such user")
    assert classify(550, "5.1.1 no such user", stage="mail").meaning is Meaning.BLOCKED
    with pytest.raises(ValueError, match="data"):
        classify(550, "", stage="data")


def test_an_enhanced_code_handed_over_goes_before_the_one_in_the_text():
    assert classify(550, "5.7.1 fig", "5.1.1").meaning is Meaning.MISSING
    assert classify(550, "5.1.1 fig", "nonsense").meaning is Meaning.MISSING
    assert classify(550, "fig", "5.2.2").meaning is Meaning.FULL


def test_neither_addresses_nor_links_are_taken_for_what_the_host_says():
    assert meaning_of("550 5.1.1 <blocked.spam@blacklist.example>") is Meaning.MISSING
    assert meaning_of("550 5.1.1 see https://help.example/spam?sender=blocked") is Meaning.MISSING
    assert meaning_of("554 no_such_user@fig.example") is Meaning.BLOCKED


def test_lines_with_a_code_each_are_read_as_one_text():
    text = "550-5.1.1 There is no\n550-5.1.1 such\n550 5.1.1 user, says <a@b.example>"

    assert classify(550, text).meaning is Meaning.MISSING
    assert classify(550, "no such\n550 user").meaning is Meaning.MISSING


SPOKEN = {
    "German": ("Empfänger unbekannt", "Postfach voll", "Konto gesperrt", "Absender abgelehnt", "später"),
    "French": ("Utilisateur inconnu", "Boîte pleine", "Compte suspendu", "Expéditeur refusé", "plus tard"),
    "Spanish": ("No existe el usuario", "Buzón lleno", "Cuenta cancelada", "Remitente vetado", "más tarde"),
    "Portuguese": ("Usuário não existe", "Caixa cheia", "Conta desativada", "Remetente negado", "mais tarde"),
    "Italian": ("Utente sconosciuto", "Casella piena", "Casella sospesa", "Mittente rifiutato", "più tardi"),
    "Dutch": ("Gebruiker onbekend", "Postvak vol", "Account opgeheven", "Afzender geweigerd", "tijdelijk"),
    "Polish": ("Nie ma takiego konta", "Skrzynka pełna", "Konto zablokowane", "Nadawca odrzucony", "później"),
    "Russian": (
        "Пользователь не найден", "Ящик переполнен", "Аккаунт заблокирован", "Отправитель отклонён", "позже",
    ),
    "Japanese": (
        "宛先が存在しません", "メールボックスがいっぱいです", "アカウントは停止中", "送信者を拒否", "後ほど",
    ),
    "Chinese": ("收件人不存在", "邮箱已满", "账号已冻结", "发件人被拒绝", "请稍后"),
}  # fmt: skip


@pytest.mark.parametrize("language", SPOKEN)
def test_a_host_is_understood_in_its_own_language(language):
    missing, full, disabled, blocked, later = SPOKEN[language]

    assert classify(550, missing).meaning is Meaning.MISSING
    assert classify(550, full).meaning is Meaning.FULL
    assert classify(450, full).meaning is Meaning.FULL_FOR_NOW
    assert classify(550, disabled).meaning is Meaning.DISABLED
    assert classify(550, blocked).meaning is Meaning.BLOCKED
    assert classify(550, later).meaning is Meaning.TEMPORARY


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_accents_and_capitals_make_no_difference(form):
    assert classify(550, unicodedata.normalize(form, "EMPFÄNGER UNBEKANNT")).meaning is Meaning.MISSING
    assert classify(550, unicodedata.normalize(form, "ユーザーが存在しません")).meaning is Meaning.MISSING


@pytest.mark.parametrize(
    "text",
    [
        "5.1.1 no\0such\0user",
        "5.1.1 no such user \x80\xff\xfe\udcff",
        "5.1.1 no such user " + "fig " * 2_500_000,
        "5.1.1 no such user" + "x" * 10_000_000,
        "\r\n\r\n5.1.1\tno such\r\nuser\r\n",
        "5.1.1 no such user \ufdfa" * 3000,
    ],
    ids=["nul", "bytes", "long", "unbroken", "lines", "swelling"],
)
def test_no_garbage_stops_a_reply_from_being_read(text):
    assert classify(550, text).meaning is Meaning.MISSING


def test_what_stands_behind_the_first_characters_of_a_text_is_not_read():
    assert classify(554, "x" * LONGEST + " no such user").meaning is Meaning.BLOCKED


@pytest.mark.timeout(60)
@pytest.mark.parametrize("code", [450, 550, 554])
def test_no_text_makes_the_patterns_run_away(code):
    words = ["user", "not", "a@", "<", "!", "a!", "no ", "relay ", "domain not ", "mail ex ", "5.1.",
             "http://", "sender a b ", "mailbox: ", "address\n", "アドレス", "用户", "from a b c ",
             "block a a ", "\xff", "konto nicht ", "too many a ", "message for a b ", "ip a b c d ",
             "retry a b ", "550-"]  # fmt: skip
    for first, second in zip(words, [*words[1:], words[0]], strict=True):
        for text in (first, first + "x ", first + second, second + first + "x"):
            assert classify(code, text * 3000).meaning in Meaning


def test_every_meaning_has_a_class_and_a_reason():
    for meaning in Meaning:
        assert reason_of(meaning)
    assert {classify(one["code"], one["text"]).label for one in OWN} == {*(one["expected"] for one in OWN)}


def deciding_row(one) -> int | None:
    said = one["text"][:LONGEST]
    stage = Stage(one.get("stage", "rcpt"))
    for number, row in enumerate(ROWS):
        may = _can_mean(row.meaning, one["code"], stage)
        if may and row.fits(one["code"], find_enhanced(said), plain_words(said), one.get("provider")):
            return number
    return None


def test_every_row_of_the_table_decides_a_reply_of_our_own_set():
    idle = set(range(len(ROWS))) - {deciding_row(one) for one in OWN}

    assert [TABLE["row"][number] for number in idle] == []


def test_a_row_of_the_user_s_goes_before_the_others_and_below_the_two_promises(tmp_path):
    tmp_path.joinpath("replies.toml").write_text(
        '[phrases]\nours = ["orchard is shut"]\n'
        '[[row]]\nmeaning = "disabled"\ncodes = ["4xx", "5xx"]\nwords = ["ours"]\n'
    )
    shut, usual = "5.1.1 the orchard is shut", "5.1.1 no such user"
    assert classify(550, shut).meaning is Meaning.MISSING
    try:
        use_lists(tmp_path)
        assert classify(550, shut).meaning is Meaning.DISABLED
        assert classify(450, shut).meaning is not Meaning.DISABLED
        assert classify(550, usual).meaning is Meaning.MISSING
    finally:
        use_lists(None)
    assert classify(550, shut).meaning is Meaning.MISSING


def test_every_list_of_words_is_used_and_every_provider_is_known():
    used = {name for row in TABLE["row"] for name in row.get("words", [])}

    assert used == set(TABLE["phrases"])
    for row in TABLE["row"]:
        assert all(provider_named(name).name == name for name in row.get("providers", []))


_BLANK = re.compile(r"\\[sW][+*?]*|(?<!\\)\.(?![+*?{])|-|\[(?:[^\]\\]|\\.)\]")
_UNSAID = re.compile(r"\\[Swd][+*?]*|\[[^\]]*\]|(?<!\\)\.|\{[^}]*\}|%gap%")
_GROUP = re.compile(r"\((\?:|\?!|\?<!|\?=)?([^()]*)\)")


def words_in(text: str) -> int:
    return max(len(piece.split()) for piece in text.split("\n"))


def longest_quote(pattern: str) -> int:
    """Count the words that a pattern quotes one after another, at most: of alternatives the longest."""
    whole = re.sub(r"\n\s*", "", pattern).replace("\\b", "")
    text = _UNSAID.sub("\n", _BLANK.sub(" ", whole))
    text = re.sub(r"%\w+%", "word", text)
    while found := _GROUP.search(text):
        said = "" if found[1] in {"?!", "?<!", "?="} else max(found[2].split("|"), key=words_in)
        text = text[: found.start()] + said + text[found.end() :]
    return max(words_in(piece) for piece in text.split("|"))


def test_the_quotes_of_a_pattern_are_counted_along_its_longest_way():
    assert longest_quote("one two three") == 3
    assert longest_quote("one|two three") == 2
    assert longest_quote("(?:one|two three)( four)? five") == 4
    assert longest_quote(r"one two(?: \S+){0,3}? three") == 2
    assert longest_quote("one (?!two three four)five") == 2
    assert longest_quote(r"one\s+two\W*three.four-five[ ]six") == 6


def test_no_pattern_quotes_more_than_five_words_of_a_reply():
    patterns = [pattern for phrases in TABLE["phrases"].values() for pattern in phrases]

    assert len(patterns) > 100
    assert [pattern for pattern in patterns if longest_quote(pattern) > MOST_QUOTED] == []


def test_a_reply_is_classified_without_the_rest_of_the_app():
    program = """
import sys
from engine.reply import classify
assert classify(550, "5.1.1 no such user", stage="rcpt").label == "mailbox_missing"
rooms = {"engine", "storage", "pages", "streamlit", "pydantic", "idna", "platformdirs"}
print(*sorted(name for name in sys.modules if name.split(".")[0] in rooms))
"""
    told = subprocess.run(
        [sys.executable, "-c", program], cwd=HOUSE, capture_output=True, text=True, check=True
    )

    assert told.stdout.split() == [
        *(
            "engine",
            "engine.name_lists",
            "engine.reason",
            "engine.reply",
            "engine.reply_text",
            "engine.spelling",
            "engine.value",
        ),
    ]


def test_our_own_set_is_told_nearly_whole_and_never_harmfully():
    found = BENCH["measure"](BENCH["cases_of"](BENCH["OWN"]))

    assert found.replies >= 200
    assert found.accuracy >= 0.98
    assert found.macro_f1 >= 0.97
    assert found.harmful == 0
    assert found.dead_found >= 0.98


def test_our_own_set_holds_every_class_and_several_scripts():
    texts = " ".join(one["text"] for one in OWN)

    assert {one["expected"] for one in OWN} >= {*GONE, "mailbox_exists", "mailbox_full", "sender_blocked",
                                                "temporary", "syntax_rejected"}  # fmt: skip
    for letter in "äéłдの收":
        assert letter in texts
    domains = {domain.lower() for domain in re.findall(r"[\w.-]+@([\w.-]*\w)", texts)}
    assert domains
    assert [domain for domain in domains if "example" not in domain.split(".")] == []


@pytest.mark.skipif("REPLY_CORPUS" not in os.environ, reason="REPLY_CORPUS names no corpus of replies")
def test_a_corpus_of_real_replies_is_told_within_bounds():
    found = BENCH["measure"](BENCH["cases_of"](Path(os.environ["REPLY_CORPUS"])))

    assert found.accuracy >= 0.93
    assert found.macro_f1 >= 0.88
    assert found.harmful <= 0.005 * found.replies
    assert found.dead_found >= 0.93
