"""A question that stands until it is answered."""

import pytest
from streamlit.testing.v1 import AppTest

from pages.parts.question import Question

pytestmark = pytest.mark.usefixtures("session")


def _page() -> None:
    import streamlit as st

    from pages.parts.question import Question

    question: Question[str] = Question("asked here")

    @st.dialog("Peel it?", on_dismiss=question.answered)
    def dialog(fruit: str) -> None:
        st.write(f"Peel the {fruit}?")
        if st.button("Yes"):
            question.answered()
            st.rerun()

    if st.button("Ask"):
        question.ask("quince")
    st.button("Something else")
    st.text(f"open: {question.show(dialog)}")


def words(page):
    return [each.value for each in (*page.text, *page.markdown)]


def test_a_question_stays_whatever_draws_the_page_anew_until_it_is_answered():
    page = AppTest.from_function(_page).run()
    assert words(page) == ["open: False"]
    page.button[0].click().run()
    assert words(page) == ["open: True", "Peel the quince?"]
    next(each for each in page.button if each.label == "Something else").click().run()
    assert words(page) == ["open: True", "Peel the quince?"]
    next(each for each in page.button if each.label == "Yes").click().run()
    assert words(page) == ["open: False"]


def test_two_questions_are_kept_apart():
    peel: Question[str] = Question("peel")
    core: Question[str] = Question("core")
    peel.put("quince")
    assert (peel.about, core.about) == ("quince", None)
    core.answered()
    assert peel.about == "quince"


def test_what_is_worked_out_for_a_question_is_so_once_until_it_is_answered_or_another_is_put():
    question: Question[str] = Question("asked for more")
    worked_out: list[str] = []

    def work_out() -> int:
        worked_out.append(str(question.about))
        return len(worked_out)

    question.put("quince")
    assert (question.once(work_out), question.once(work_out)) == (1, 1)
    question.put("fig")
    assert question.once(work_out) == 2
    question.answered()
    question.put("fig")
    assert question.once(work_out) == 3
    assert worked_out == ["quince", "fig", "fig"]
