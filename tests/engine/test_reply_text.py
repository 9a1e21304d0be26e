import re

import pytest

from engine.reply import Reply, Stage
from engine.reply_text import LONGEST, EnhancedStatusCode, find_enhanced, pattern_of, plain_words


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("5.1.1 no", (5, 1, 1)),
        ("no (#5.1.1)", (5, 1, 1)),
        ("550-5.7.606 no", (5, 7, 606)),
        ("from 5.1.2.3: 4.4.10 no", (4, 4, 10)),
        ("smtp; 550 5.1.1: no 5.2.2", (5, 1, 1)),
        ("3.1.1 5.1.1234 5.1 5.1.x", None),
        ("", None),
    ],
)
def test_the_first_well_formed_enhanced_code_counts(text, status):
    assert find_enhanced(text) == (EnhancedStatusCode(*status) if status else None)
    assert Reply(550, text, Stage.RCPT).enhanced == find_enhanced(text)
    assert not status or str(find_enhanced(text)) == ".".join(map(str, status))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("5.1.1 <pear@plum.example>: no_such user", "<@> : no such user"),
        ("550-5.7.1 blocked\n550 5.7.1 see https://help.example/why?who=pear", "blocked see help.example"),
        ("Empfänger  unbekannt\n", "Empfanger unbekannt"),
        ("we don\u2019t know you", "we don't know you"),
        ("", ""),
    ],
)
def test_of_a_text_the_hosts_own_words_are_left(text, words):
    assert plain_words(text) == words


def test_no_more_of_a_text_is_kept_than_is_read():
    assert len(plain_words("x" * 3 * LONGEST)) == LONGEST


def test_a_pattern_finds_any_of_its_phrases_whatever_their_case_and_accents():
    pattern = pattern_of(["no such %who%", "empfänger\n  unbekannt"], {"who": "(?:user|mailbox)"})
    assert pattern.search("sorry, No Such Mailbox here")
    assert pattern.search(plain_words("Empfängerunbekannt"))
    assert not pattern.search("no such host")


def test_a_class_that_is_not_there_and_a_phrase_that_is_no_pattern_are_errors():
    with pytest.raises(KeyError, match="who"):
        pattern_of(["no such %who%"], {})
    with pytest.raises(re.error):
        pattern_of(["("], {})
