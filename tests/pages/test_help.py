"""The Help page: every topic and every word of the screens, found by words; opened at what was in doubt."""

import pytest

from pages.parts.glossary import flag_meanings, reason_meanings, status_meanings
from pages.parts.topics import TOPICS, About


def headings(page) -> list[str]:
    return [each.value for each in page.subheader]


def cells(page) -> str:
    return "\n".join(each.value.to_csv() for each in page.table)


def test_help_explains_each_topic_and_each_word_with_its_code(runtime, show):
    page = show("HELP")
    assert page.title[0].value == "What Winnow can and cannot know"
    assert headings(page)[: len(TOPICS)] == [topic.title for topic in TOPICS.values()]
    told = cells(page)
    for meaning in (*status_meanings(), *reason_meanings(), *flag_meanings()):
        assert f"**{meaning.saying.name}**" in told
        assert f"`{meaning.code}`" in told
        assert meaning.saying.advice.replace('"', '""') in told


@pytest.mark.parametrize("about", About)
def test_a_link_from_a_doubt_opens_its_topic_first(runtime, show, about):
    page = show("HELP", about=about.value)
    assert headings(page)[0] == TOPICS[about].title
    assert len({*headings(page)}) == len(headings(page)) == len(TOPICS) + 3


def test_a_link_to_a_topic_that_is_not_there_shows_all(runtime, show):
    assert headings(show("HELP", about="weather"))[0] == TOPICS[About.KNOWING].title


def test_a_topic_that_is_chosen_stands_first_and_in_the_address(runtime, show):
    page = show("HELP")
    page.selectbox[0].set_value(About.WAITING).run()
    assert headings(page)[0] == TOPICS[About.WAITING].title
    assert page.query_params["about"] == "waiting"
    page.selectbox[0].set_value(None).run()
    assert headings(page)[0] == TOPICS[About.KNOWING].title


def test_a_search_leaves_only_what_speaks_of_it(runtime, show):
    page = show("HELP")
    page.text_input[0].set_value("Greylist").run()
    assert headings(page) == [TOPICS[About.WAITING].title, "What each reason means"]
    assert "`greylisted`" in cells(page)
    assert "`role`" not in cells(page)


def test_a_search_finds_a_code_of_the_file(runtime, show):
    page = show("HELP")
    page.text_input[0].set_value("implicit_mx").run()
    assert headings(page) == ["What each flag means"]


def test_a_search_that_finds_nothing_says_so(runtime, show):
    page = show("HELP")
    page.text_input[0].set_value("pineapple").run()
    assert not headings(page)
    assert page.info[0].value.startswith("Nothing here speaks of that.")


def test_what_help_says_of_corrections_is_what_new_list_does():
    said = TOPICS[About.NEVER].says
    assert "only a suggestion" not in said
    assert "you choose whether the right one is asked instead" in said


def test_help_says_of_the_never_asked_list_that_nobody_on_it_is_kept_for_the_removed_rows_have_them():
    said = TOPICS[About.LISTED].says
    assert "nobody on it stands among the rows you keep" in said
    assert "stands in a file" not in said


@pytest.mark.parametrize(
    ("screen", "about"),
    [
        ("LISTS", About.LISTS),
        ("DOMAINS", About.DOMAINS),
        ("POLICIES", About.POLICIES),
        ("PREFLIGHT", About.STANDING),
    ],
)
def test_a_screen_links_to_its_own_topic(runtime, save, show, screen, about):
    save("quince@orchard.sandbox")
    links = [(each.proto.label, each.proto.query_string) for each in show(screen).page_link]
    assert (TOPICS[about].title, f"about={about}") in links
