"""Steps drawn one below the other, as HTML: what is done, what goes on, what is ahead."""

from collections.abc import Sequence
from html import escape

from pages.parts.colours import ACCENT, BAD, NOTHING
from pages.parts.steps import State, Step

_LIST = (
    "<style>@keyframes winnow-now {{50% {{opacity:.35}}}}"
    "@media (prefers-reduced-motion: no-preference)"
    " {{.winnow-now {{animation:winnow-now 1.2s infinite}}}}</style>"
    "<ol style='list-style:none;margin:0;padding:0;font-size:.875rem'>{steps}</ol>"
)
_STEP = (
    "<li style='display:flex;gap:.75rem;padding:.3rem 0'{current}>"
    "<span class='{motion}' role='img' aria-label='{state}' style='flex:0 0 1.25rem;height:1.25rem;"
    "border-radius:50%;box-sizing:border-box;border:2px {line} {colour};background:{ground};color:#fff;"
    "display:flex;align-items:center;justify-content:center'>{sign}</span>"
    "<span style='flex:1;min-width:0;overflow-wrap:anywhere'><span style='font-weight:{weight}'>{name}</span>"
    "{said}</span></li>"
)
_SAID = "<span style='display:block;font-size:.8rem;opacity:.85'>{text}</span>"
_MARK = "<span style=\"font-family:'Material Symbols Rounded';font-size:1rem;line-height:1\">{icon}</span>"

_COLOURS = {
    State.DONE: ACCENT,
    State.NOW: ACCENT,
    State.FAILED: BAD,
    State.MIXED: NOTHING,
    State.AHEAD: NOTHING,
    State.SKIPPED: NOTHING,
}
_ICONS = {State.DONE: "check", State.FAILED: "close", State.MIXED: "priority_high"}
_STATES = {
    State.DONE: "Done",
    State.NOW: "Going on",
    State.FAILED: "Bad news",
    State.MIXED: "Neither good nor bad",
    State.AHEAD: "To come",
    State.SKIPPED: "Not needed",
}


def stages(steps: Sequence[Step]) -> str:
    """Write steps as HTML; how each stands is said in words too."""
    return _LIST.format(steps="".join(map(_step, steps)))


def _step(step: Step) -> str:
    icon = _ICONS.get(step.state)
    is_now = step.state is State.NOW
    return _STEP.format(
        current=" aria-current='step'" if is_now else "",
        motion="winnow-now" if is_now else "",
        state=_STATES[step.state],
        line="dotted" if step.state is State.SKIPPED else "solid",
        colour=_COLOURS[step.state],
        ground=_COLOURS[step.state] if icon else "transparent",
        sign=_MARK.format(icon=icon) if icon else "",
        weight=600 if is_now else 400,
        name=escape(step.name),
        said=_SAID.format(text=escape(step.said)) if step.said else "",
    )
