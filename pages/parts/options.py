"""How a list is to be checked: how thoroughly, which earlier answers do, and by whose policy it is judged."""

from dataclasses import dataclass

import streamlit as st

from engine.intake.correction import Correction
from engine.settings import Settings
from pages.parts.counting import several
from pages.parts.frame import plain
from pages.parts.policy_sayings import policy_title
from pages.parts.time_left import UNDER, time_span
from pages.parts.words import DEPTHS
from runtime import Runtime
from storage.database import Database
from storage.policies import USUAL, NamedPolicy, all_policies
from storage.uploads import Choice

REUSES: dict[str, float | None] = {
    "Any that still holds": None,
    "Of the last 30 days": 30.0,
    "Of the last 7 days": 7.0,
    "Of the last day": 1.0,
    "None, ask about every address": 0.0,
}
"""Which answers of earlier checks are reused: those of so many days; None where all that still hold are."""

TITLE = "How it is checked"

_POLICY = "client policy"
_REUSE_HELP = (
    "An address that was checked before, in any of your lists, need not be asked about again. Valid ones "
    "hold for some weeks, unknown ones for a day. The fewer you reuse, the longer the check takes."
)
_POLICY_HELP = (
    "Whose rules say what counts as risky. You can judge the list by another client's rules at any time; "
    "nobody is asked again for that."
)


def say_reused(days: float | None) -> str:
    """Say of a list which earlier answers were reused, where it was not as usual."""
    if days is None:
        return ""
    return f"answers of the last {_days(days)} reused" if days else "every address asked anew"


def _days(days: float) -> str:
    return "day" if days == 1 else plain(f"{days:g} days")


@dataclass(frozen=True, slots=True)
class Options:
    """How a list is to be checked, and by whose policy; see `storage.uploads.Choice`."""

    is_dns_only: bool
    reuse_days: float | None
    policy: NamedPolicy
    has_policies: bool = False
    """Whether there is a policy to choose besides the usual one."""

    def choice(self, columns: tuple[str, ...], corrections: tuple[Correction, ...] = ()) -> Choice:
        """Put them together with what is chosen of a list itself."""
        return Choice(columns, self.reuse_days, self.is_dns_only, self.policy, corrections)


def ask_options(runtime: Runtime) -> Options:
    """Ask how thoroughly, with which earlier answers and by whose policy a list is to be checked."""
    with st.expander(TITLE, expanded="dns_only" in st.query_params):
        is_dns_only = _ask_depth(runtime.settings)
        policies = all_policies(runtime.database)
        reuse, judged = st.columns(2) if policies else (st.container(), st.container())
        with reuse:
            days = None if is_dns_only else _ask_reuse()
        with judged:
            policy = _ask_policy(policies) if policies else NamedPolicy()
        return Options(is_dns_only, days, policy, has_policies=bool(policies))


def policy_chosen(database: Database) -> NamedPolicy:
    """Give the policy that is chosen on the form, for what stands above the form."""
    name = st.session_state.get(_POLICY, USUAL)
    return next((each for each in all_policies(database) if each.name == name), NamedPolicy())


def suggest_policy(database: Database, list_name: str, earlier: Choice | None) -> None:
    """Choose the policy that the same file was judged by before, once for each list, until another is chosen.

    How thoroughly and with which answers a file is checked is a choice of the day, and not taken over.
    """
    known, suggested = st.session_state.get(_SUGGESTED, ("", USUAL))
    if known == list_name:
        return
    wanted = earlier.policy.name if earlier else USUAL
    wanted = wanted if any(each.name == wanted for each in all_policies(database)) else USUAL
    if st.session_state.get(_POLICY, USUAL) == suggested:
        st.session_state[_POLICY] = wanted
    st.session_state[_SUGGESTED] = (list_name, wanted)


_SUGGESTED = "policy suggested"


def say_options(asked: Options) -> str:
    """Say in one line how a list is to be checked, where to change it; a policy where there are any."""
    told = [DEPTHS[asked.is_dns_only].name]
    told += ["no mail host is asked"] if asked.is_dns_only else [_SHORT_REUSES[asked.reuse_days]]
    if asked.has_policies:
        told += [plain(f"policy of {asked.policy.name}") if asked.policy.name else "usual policy"]
    return f"**{' · '.join(told)}.** Change this in “{TITLE}” below."


_SHORT_REUSES: dict[float | None, str] = {
    None: "answers that still hold are reused",
    **{days: say_reused(days) for days in REUSES.values() if days is not None},
}


def _ask_depth(settings: Settings) -> bool:
    """Ask whether the list is to be checked by DNS only; a link may have chosen that already."""
    is_dns_only: bool = st.segmented_control(
        "How thoroughly",
        list(DEPTHS),
        default="dns_only" in st.query_params,
        required=True,
        format_func=lambda each: DEPTHS[each].name,
        key="depth",
    )
    patience = "" if is_dns_only else say_patience(settings)
    st.caption(" ".join(filter(None, (DEPTHS[is_dns_only].advice, patience))))
    return is_dns_only


def say_patience(settings: Settings) -> str:
    """Say how long hosts are waited for that want us back later; `""` where none is."""
    waits = settings.greylist_retry_seconds
    if not waits:
        return ""
    span = time_span(sum(waits), sum(waits))
    over = "a minute" if span == UNDER else f"about {span}"
    return (
        f"Where a host asks us to come back later, we do, up to {several(len(waits), 'time')} within "
        f"{over}; you can finish early at any time."
    )


def _ask_reuse() -> float | None:
    chosen = st.selectbox("Reuse earlier answers", list(REUSES), key="reuse", help=_REUSE_HELP)
    return REUSES[chosen]


def _ask_policy(policies: list[NamedPolicy]) -> NamedPolicy:
    named = {each.name: each for each in (NamedPolicy(), *policies)}
    chosen = st.selectbox(
        "Policy",
        list(named),
        format_func=policy_title,
        key=_POLICY,
        help=_POLICY_HELP,
    )
    return named[chosen]
