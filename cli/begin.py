"""Keeps a list that was handed in, or finds it again, and says which of the two it was."""

from dataclasses import replace

from cli.screen import say
from engine.intake.sheet import Sheet
from engine.intake.survey import survey
from pages.parts.time_left import takes, what_makes_it_long
from runtime import Runtime
from storage.forecasts import forecast_choice
from storage.intake import save_upload
from storage.never_probed import read_never_probed
from storage.policies import NamedPolicy
from storage.rejudge import apply_policy
from storage.summaries import Standing, summarise
from storage.uploads import Choice, UploadState, continuation_of, find_upload

MINUTE_S = 60.0
AS_IT_STANDS = "This list was checked before and is written again as it stands; --fresh asks anew."
HOW = {True: " with --fresh", False: " with --reuse-days"}
"""What was asked for besides, by whether it was every address anew."""
GOES_ON = (
    "This list was handed in before{how} and is not done; it goes on where it stopped,"
    " with {checked:,} of {addresses:,} addresses done."
)
ANEW = (
    "This list was handed in before; with --fresh every address is asked about anew, as a further list."
    " The earlier list stays, and shows the new answers too."
)

ANEW_IN_PART = (
    "This list was handed in before; with --reuse-days it is checked as a further list, and whose answer is"
    " older is asked about anew. The earlier list stays, and shows the new answers too."
)


def begin(runtime: Runtime, sheet: Sheet, choice: Choice, policy: NamedPolicy | None = None) -> int:
    """Keep the list or find it again, say which, and start it unless it is done. Give its id.

    It gets the policy before it is started: nobody is asked whom that lets nobody ask about.
    """
    earlier = _earlier(runtime, sheet, choice)
    is_done = earlier is not None and earlier.state is UploadState.DONE
    if earlier is None or (is_done and choice.reuse_days is not None):
        return _begin_anew(runtime, sheet, replace(choice, policy=policy or choice.policy))
    if policy is not None:
        apply_policy(runtime.database, earlier.upload, policy)
    if is_done:
        say(AS_IT_STANDS)
        return earlier.upload
    say(GOES_ON.format(how=_how(choice), checked=earlier.checked, addresses=earlier.addresses))
    runtime.check_whole(earlier.upload)
    return earlier.upload


def _begin_anew(runtime: Runtime, sheet: Sheet, choice: Choice) -> int:
    is_known = any(
        _earlier(runtime, sheet, replace(choice, reuse_days=days)) for days in (0.0, None, choice.reuse_days)
    )
    if choice.reuse_days is not None and is_known:
        say(ANEW if choice.reuse_days == 0 else ANEW_IN_PART)
    say_how_long(runtime, sheet, choice)
    upload = save_upload(runtime.database, sheet, choice)
    runtime.start_upload(upload)
    return upload


def _how(choice: Choice) -> str:
    return "" if choice.reuse_days is None else HOW[choice.reuse_days == 0]


def say_how_long(runtime: Runtime, sheet: Sheet, choice: Choice) -> None:
    """Say how long a list will take, and what makes it long, where that is over a minute."""
    listed = read_never_probed(runtime.database, choice.policy.policy)
    found = survey(sheet, choice.columns, choice.corrections, listed)
    said = forecast_choice(runtime.database, [found], found.by_domain, choice, runtime.settings)
    if said and said.high_s > MINUTE_S:
        say(" ".join(filter(None, (f"It will take {takes(said).lower()}.", what_makes_it_long(said)))))


def _earlier(runtime: Runtime, sheet: Sheet, choice: Choice) -> Standing | None:
    """Find where the latest list of the same file and choice stands."""
    upload = find_upload(runtime.database, continuation_of(sheet, choice))
    summary = None if upload is None else summarise(runtime.database, upload)
    return summary.standing if summary else None
