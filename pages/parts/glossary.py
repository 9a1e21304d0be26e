"""The Help page's parts: its topics, and what each status, reason and flag means; all found by words."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from engine.reason import Reason
from engine.verdict import Flag, Status
from pages.parts.reasons import ADVICE, REASONS
from pages.parts.topics import TOPICS, About, Topic
from pages.parts.words import FLAGS, STATUSES, TO_DO, Saying


@dataclass(frozen=True, slots=True)
class Meaning:
    """A word of the screens: its code in a file, what it means, and what to do (`""` where nothing is)."""

    code: str
    saying: Saying
    to_do: str = ""


def status_meanings() -> tuple[Meaning, ...]:
    """Give what each status means."""
    return tuple(Meaning(status.value, STATUSES[status], TO_DO[status]) for status in Status)


def reason_meanings() -> tuple[Meaning, ...]:
    """Give what each reason means, by name."""
    found = (Meaning(reason.value, REASONS[reason], ADVICE[reason]) for reason in Reason)
    return tuple(sorted(found, key=lambda meaning: meaning.saying.name))


def flag_meanings() -> tuple[Meaning, ...]:
    """Give what each flag means, by name."""
    found = (Meaning(code, FLAGS[flag]) for flag in Flag for code in flag.names)
    return tuple(sorted(found, key=lambda meaning: meaning.saying.name))


def ask_words() -> str:
    """Ask what to look for."""
    return st.text_input(
        "Search", placeholder="A word, such as greylisting or role", key="help words"
    ).strip()


def ask_topic() -> About | None:
    """Offer the topics by their titles; the chosen one stands in the address, as where a link led to it."""
    st.session_state[_TOPIC] = _known(st.query_params.get(_ABOUT, ""))
    chosen: About | None = st.selectbox(
        "Topic",
        list(About),
        index=None,
        format_func=lambda about: TOPICS[about].title,
        placeholder="Choose a topic",
        key=_TOPIC,
        on_change=_follow_topic,
    )
    return chosen


_TOPIC, _ABOUT = "help topic", "about"
"""The choice of a topic, and where its name stands in the page's address."""


def _follow_topic() -> None:
    chosen = st.session_state[_TOPIC]
    st.query_params.update({_ABOUT: chosen or ""})


def show_help(words: str, first: About | None) -> None:
    """Show all topics and meanings in which these words stand, the topic `first` above the others."""
    topics = topics_with(words, first)
    for topic in topics:
        st.subheader(topic.title, anchor=False)
        st.markdown(topic.says)
    shown = [_show_meanings(title, meanings(), words) for title, meanings in _GLOSSARY.items()]
    if not topics and not any(shown):
        st.info("Nothing here speaks of that. Try another word.", icon=":material/search_off:")


_GLOSSARY = {
    "What each status means": status_meanings,
    "What each reason means": reason_meanings,
    "What each flag means": flag_meanings,
}


def topics_with(words: str, first: About | None = None) -> list[Topic]:
    """Give the topics in which all these words stand, the one that is `first` before the others."""
    found = [about for about, topic in TOPICS.items() if _has(f"{topic.title} {topic.says}", words)]
    return [TOPICS[about] for about in sorted(found, key=lambda about: about is not first)]


def _known(name: str) -> About | None:
    return next((about for about in About if about == name), None)


def meanings_with(words: str, meanings: Sequence[Meaning]) -> list[Meaning]:
    """Give the meanings in which all these words stand: in their names, codes or sentences."""
    return [each for each in meanings if _has(_all_of(each), words)]


def _all_of(meaning: Meaning) -> str:
    return f"{meaning.saying.name} {meaning.code} {meaning.saying.advice} {meaning.to_do}"


def _has(text: str, words: str) -> bool:
    return all(word in text.casefold() for word in words.casefold().split())


def _show_meanings(title: str, meanings: Sequence[Meaning], words: str) -> bool:
    """Show those meanings in which the words stand, under a title; tell whether there are any."""
    found = meanings_with(words, meanings)
    if found:
        st.subheader(title, anchor=False)
        st.table(meanings_table(found), border="horizontal", hide_index=True)
    return bool(found)


def meanings_table(meanings: Sequence[Meaning]) -> pd.DataFrame:
    """Write meanings as rows of Markdown: the name with its code in a file, what it means, what to do."""
    return pd.DataFrame(
        {
            "Word": [f"**{each.saying.name}**  \n`{each.code}`" for each in meanings],
            "Meaning": [_meant(each) for each in meanings],
        }
    )


def _meant(meaning: Meaning) -> str:
    advice = meaning.saying.advice
    return f"{advice}  \n**What to do:** {meaning.to_do}" if meaning.to_do else advice
