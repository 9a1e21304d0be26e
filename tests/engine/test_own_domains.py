import pytest

from engine.own_domains import (
    MOST_DOMAINS,
    OwnWord,
    UnusableDomains,
    is_under,
    own_word_on,
    parse_domains,
    prove_apart,
)


def test_each_line_names_a_domain_however_it_is_written():
    assert parse_domains("Pear.example\n\n @fig.example \n*.plum.example\nobstgärten.de\npear.example\n") == (
        "fig.example",
        "pear.example",
        "plum.example",
        "xn--obstgrten-z2a.de",
    )
    assert parse_domains(" \n") == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("pear.example\nfig", "line 2: “fig” is not a domain"),
        (
            "ann@pear.example",
            "line 1: “ann@pear.example” is not a domain; write only what stands after the @",
        ),
        ("two words.example", "line 1: “two words.example” is not a domain"),
        ("a\nb\nc\nd\ne", "line 1: “a” is not a domain; .*; and 2 more"),
        ("\n".join(f"fig{n}.example" for n in range(MOST_DOMAINS + 1)), "there are 1,001 domains, 1,000 is"),
    ],
)
def test_a_line_that_is_no_domain_is_told_with_its_place(text, said):
    with pytest.raises(UnusableDomains, match=said):
        parse_domains(text)


def test_a_domain_stands_for_its_subdomains_and_the_nearest_name_decides():
    def word(domain):
        return own_word_on(domain, ("orchard.example",), ("press.orchard.example", "mill.example"))

    assert word("orchard.example") is OwnWord.DISPOSABLE
    assert word("news.orchard.example") is OwnWord.DISPOSABLE
    assert word("a.press.orchard.example") is OwnWord.TRUSTED
    assert word("windmill.example") is OwnWord.NOTHING
    assert own_word_on("orchard.example", (), ()) is OwnWord.NOTHING


def test_no_domain_stands_in_both_lists():
    prove_apart(("fig.example",), ("pear.example",))
    with pytest.raises(UnusableDomains, match=r"both lists name fig\.example; leave it in one"):
        prove_apart(("plum.example", "fig.example"), ("fig.example",))


def test_a_domain_is_under_those_that_it_is_part_of():
    names = ("orchard.example", "mill.example")
    assert is_under("orchard.example", names)
    assert is_under("a.press.mill.example", names)
    assert not is_under("windmill.example", names)
    assert not is_under("orchard.example", ())


class Counted(str):
    """A name that counts how often it is looked at."""

    __slots__ = ()
    looks = 0

    def __hash__(self):
        Counted.looks += 1
        return super().__hash__()


def test_names_are_gone_through_once_however_many_labels_a_domain_has():
    names = (Counted("orchard.example"), Counted("mill.example"))
    is_under("quay.example", names)
    Counted.looks = 0
    assert not is_under("a.b.c.d.quay.example", names)
    assert Counted.looks == len(names)
