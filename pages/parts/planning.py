"""Plans a send: a dialog that asks for its day, and from then on the list is asked again some days before."""

import time
from datetime import date, timedelta

import streamlit as st

from pages.parts.choice import list_name
from pages.parts.clock import at_hour, day_of, today
from pages.parts.frame import plain
from pages.parts.plan_words import SCOPES, say_plan
from pages.parts.question import Question
from runtime import Runtime
from storage.plans import Plan, Scope, give_up_plan, plan_send, plans_of
from storage.summaries import Standing
from storage.uploads import UploadState

USUAL_LEAD_DAYS = 2
LEADS_DAYS = (0, 1, USUAL_LEAD_DAYS, 3, 5, 7)
"""How long before a send a list may be asked again."""
_USUAL_SEND_DAYS = 7
_ASK_HOUR, _SEND_HOUR = 6, 12
_NOT_THERE_YET = (UploadState.READING, UploadState.INTERRUPTED)
PLANNING: Question[Standing] = Question("send asked")
"""When a list's next send is to be."""
_AT_NEXT_START = (
    "Winnow has to run at that time. If it is closed then, the list is asked again when it is next started."
)


def may_plan(standing: Standing) -> bool:
    """Tell whether a list can be asked again before a send: by DNS alone nobody is asked."""
    return standing.state not in _NOT_THERE_YET and not standing.is_dns_only and standing.addresses > 0


def offer_to_plan(runtime: Runtime, standing: Standing) -> None:
    """Offer to plan a send of a list, or to change the plan there is; while it runs, its card offers that."""
    if not may_plan(standing) or standing.state is UploadState.RUNNING:
        return
    plan = _plan_of(runtime, standing)
    is_open = plan is not None and not plan.is_over(time.time())
    if st.button("Change the planned send" if is_open else "Plan a send", icon=":material/event:"):
        PLANNING.ask(standing)


def show_plan(runtime: Runtime, standing: Standing) -> None:
    """Say when a list is asked again, where that is planned."""
    plan = _plan_of(runtime, standing)
    if plan is not None and (said := say_plan(plan, standing.state)):
        st.caption(f":material/event: {said}")


def _plan_of(runtime: Runtime, standing: Standing) -> Plan | None:
    return plans_of(runtime.database, [standing.upload]).get(standing.upload)


def show_planning(runtime: Runtime) -> bool:
    """Show the question where one was asked, and tell whether it is open."""
    return PLANNING.show(lambda standing: _dialog(runtime, standing))


@st.dialog("Plan a send", on_dismiss=PLANNING.answered)
def _dialog(runtime: Runtime, standing: Standing) -> None:
    known = _plan_of(runtime, standing)
    st.write(
        f"Addresses die while a list lies still. **{plain(list_name(standing))}** is asked again shortly"
        " before you send to it."
    )
    plan = _asked_plan(standing, known)
    st.info(say_plan(plan, standing.state), icon=":material/event:")
    st.caption(_AT_NEXT_START)
    with st.container(horizontal=True):
        is_planned = st.button("Plan it" if known is None else "Change it", type="primary")
        is_given_up = known is not None and st.button("Take the plan back", icon=":material/event_busy:")
    if is_planned:
        plan_send(runtime.database, plan)
    if is_given_up:
        give_up_plan(runtime.database, standing.upload)
    if is_planned or is_given_up:
        PLANNING.answered()
        st.rerun()


def _asked_plan(standing: Standing, known: Plan | None) -> Plan:
    """Ask for the day, how long before it, and about whom; at first as it is planned now, or as is usual."""
    now = today()
    send, lead, scope = _usual(now) if known is None else _chosen(known)
    day = st.date_input("Day of the send", max(send, now), min_value=now, format="YYYY-MM-DD")
    days = st.selectbox("Ask again", LEADS_DAYS, LEADS_DAYS.index(lead), format_func=_lead_words)
    whom = st.radio("Whom", list(Scope), list(Scope).index(scope), format_func=SCOPES.__getitem__)
    ask_at = at_hour(day - timedelta(days=days), _ASK_HOUR)
    return Plan(standing.upload, at_hour(day, _SEND_HOUR), max(ask_at, time.time()), whom)


def _usual(now: date) -> tuple[date, int, Scope]:
    return now + timedelta(days=_USUAL_SEND_DAYS), USUAL_LEAD_DAYS, Scope.AGEING


def _chosen(known: Plan) -> tuple[date, int, Scope]:
    send = day_of(known.send_at)
    lead = (send - day_of(known.ask_at)).days
    return send, lead if lead in LEADS_DAYS else USUAL_LEAD_DAYS, known.scope


def _lead_words(days: int) -> str:
    if not days:
        return "On the morning of that day"
    return f"{days} {'day' if days == 1 else 'days'} before"
