import pytest

from engine.block_list import askable_block_lists, named_in, read_block_lists
from engine.name_lists import read_lists, use_lists

HOUSE = read_block_lists(read_lists(None))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("5.7.1 Service unavailable; client [192.0.2.7] blocked using zen.spamhaus.org", "Spamhaus"),
        ("Blocked - see https://www.SpamCop.net/bl.shtml?192.0.2.7", "SpamCop"),
        ("rejected by b.barracudacentral.org", "Barracuda"),
        ("client [192.0.2.7] blocked using Proofpoint Dynamic Reputation", "Proofpoint"),
    ],
)
def test_a_block_list_is_known_by_what_stands_for_it_in_a_text(text, name):
    named = named_in(text)
    assert named is not None
    assert named.name == name
    assert named.page.startswith("https://")


@pytest.mark.parametrize("text", ["client host blocked, see our block list", ""])
def test_a_text_that_names_no_list_names_none(text):
    assert named_in(text) is None


def test_each_list_has_a_name_of_its_own_and_words_of_its_own_in_small_letters():
    names = [each.name for each in HOUSE]
    words = [word for each in HOUSE for word in each.words]
    assert all(each.words for each in HOUSE)
    assert len(names) == len(set(names))
    assert len(words) == len(set(words))
    assert words == [word.lower() for word in words]


def test_each_list_that_is_asked_has_a_page_that_says_what_to_do():
    asked = askable_block_lists()
    assert any(each.is_heavy for each in asked)
    assert 5 <= len(asked) < len(HOUSE)
    assert all(each.page.startswith("https://") for each in asked)


def test_the_user_adds_a_list_and_has_another_asked_no_more(tmp_path):
    tmp_path.joinpath("block_lists.toml").write_text(
        '[[block_list]]\nname = "Orchard"\nwords = ["Orchard.Example"]\nzone = "bl.orchard.example"\n'
        '[[block_list]]\nname = "PSBL"\nzone = ""\n'
    )
    try:
        use_lists(tmp_path)
        asked = [each.name for each in askable_block_lists()]
        assert "Orchard" in asked
        assert "PSBL" not in asked
        named = named_in("see bl.ORCHARD.example")
        assert named is not None
        assert (named.name, named.page) == ("Orchard", "")
    finally:
        use_lists(None)
    assert named_in("see bl.ORCHARD.example") is None
