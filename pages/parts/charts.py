"""The charts: counts in, a figure out, and beside each figure the same in words for who cannot see it."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from engine.provider import Kind, provider_named
from engine.reason import Reason
from engine.verdict import Status
from pages.parts.bars import (
    MOST_BARS,
    TITLE_PX,
    Bar,
    dressed,
    grouped,
    lying_bars,
    part_of,
    ranked,
    ranked_bars,
    say_bars,
    say_ranked,
    share,
    summed,
)
from pages.parts.colours import STATUS_COLOURS
from pages.parts.counting import count, several
from pages.parts.reasons import REASONS
from pages.parts.tips import on_a_bar
from pages.parts.words import STATUSES, Saying

BIN_POINTS = 5
HIGH_CONFIDENCE = 80
_OTHERS = "Own or other hosts"


def status_bars(statuses: Mapping[Status, int]) -> go.Figure:
    """Draw how many addresses have which status: one bar a status, in fixed order and colours."""
    whole = sum(statuses.values())
    counts = {status: statuses.get(status, 0) for status in Status}
    bars = [_bar(STATUSES[status], number, whole, status, status) for status, number in counts.items()]
    return lying_bars(_status_finding(statuses), bars)


def _bar(saying: Saying, number: int, whole: int, status: Status, opens: str) -> Bar:
    """Make a bar in its status's colour, with what its name means under the mouse."""
    colour = STATUS_COLOURS[status]
    return Bar(saying.name, number, part_of(number, whole), colour, (opens,), on_a_bar(saying))


def say_statuses(statuses: Mapping[Status, int]) -> str:
    """Say what `status_bars` draws."""
    whole = sum(statuses.values())
    counts = {status: statuses.get(status, 0) for status in Status}
    parts = [
        f"{STATUSES[status].name} {count(number)}, {share(number, whole)}"
        for status, number in counts.items()
    ]
    return say_bars(_status_finding(statuses), parts)


def _status_finding(statuses: Mapping[Status, int]) -> str:
    lost = statuses.get(Status.INVALID, 0)
    addresses = several(sum(statuses.values()), "address", "addresses")
    said = Status.INVALID if lost else max(Status, key=lambda status: statuses.get(status, 0))
    told = statuses.get(said, 0)
    if not told:
        return "No address has an answer yet"
    return f"{count(told)} of {addresses} {'is' if told == 1 else 'are'} {STATUSES[said].name.lower()}"


def confidence_bars(by_confidence: Mapping[tuple[int, Status], int]) -> go.Figure:
    """Draw how many addresses have which confidence, in bins of 5 points, stacked by status."""
    figure = go.Figure([_confidence_stack(by_confidence, status) for status in Status])
    figure.update_layout(
        barmode="stack",
        bargap=0.08,
        showlegend=True,
        legend=_LEGEND,
        margin={"l": 8, "r": 8, "t": TITLE_PX, "b": 8},
        height=320,
    )
    figure.update_xaxes(
        title_text="Confidence, of 100", range=[0, 101], tickvals=[*range(0, 101, 20)], showgrid=False
    )
    figure.update_yaxes(title_text="", tickformat=",d", rangemode="tozero", nticks=5)
    return dressed(figure, _confidence_finding(by_confidence)).update_layout(
        dragmode="select", selectdirection="h"
    )


_LEGEND = {"orientation": "h", "yanchor": "top", "y": -0.28, "x": 0, "font": {"size": 13}}
_LEGEND |= {"traceorder": "normal", "entrywidth": 78}


def _confidence_stack(by_confidence: Mapping[tuple[int, Status], int], status: Status) -> go.Bar:
    starts = range(0, 100, BIN_POINTS)
    return go.Bar(
        name=STATUSES[status].name,
        x=[start + BIN_POINTS / 2 for start in starts],
        y=[by_confidence.get((start, status), 0) for start in starts],
        hovertext=[_bin_name(start) for start in starts],
        marker={"color": STATUS_COLOURS[status]},
        hovertemplate="%{y:,} with %{hovertext}<extra>%{fullData.name}</extra>",
    )


def _bin_name(start: int) -> str:
    """Say which points a bin holds; the last one holds 100 too."""
    last = start + BIN_POINTS - 1
    return f"{start} to {100 if start + BIN_POINTS == 100 else last}"  # noqa: PLR2004 - the scale's end


def say_confidence(by_confidence: Mapping[tuple[int, Status], int]) -> str:
    """Say what `confidence_bars` draws: the bins that hold anything."""
    bins: dict[int, int] = {}
    for (start, _), entries in sorted(by_confidence.items()):
        bins[start] = bins.get(start, 0) + entries
    parts = [f"{count(entries)} with {_bin_name(start)}" for start, entries in bins.items() if entries]
    return f"{_confidence_finding(by_confidence)}. {'; '.join(parts) or 'Nothing yet'}."


def confidence_stretches(by_confidence: Mapping[tuple[int, Status], int]) -> list[tuple[int, int, int]]:
    """Part the scale: from which points to which, and how many addresses lie there; none is left out."""
    return [
        (low, high, sum(entries for (start, _), entries in by_confidence.items() if low <= start <= high))
        for low, high in _STRETCHES
    ]


_STRETCHES = ((0, 49), (50, HIGH_CONFIDENCE - 1), (HIGH_CONFIDENCE, 100))


def _confidence_finding(by_confidence: Mapping[tuple[int, Status], int]) -> str:
    high = sum(entries for (start, _), entries in by_confidence.items() if start >= HIGH_CONFIDENCE)
    whole = sum(by_confidence.values())
    return f"Confidence {HIGH_CONFIDENCE} or more: {count(high) if high else 'none'} of {count(whole)}"


def reason_bars(reasons: Sequence[tuple[Status, Reason, int]]) -> go.Figure:
    """Draw how many addresses have which reason, the most first, in their status's colour."""
    whole = sum(number for _, _, number in reasons)
    bars = [_bar(REASONS[why], number, whole, status, why) for status, why, number in reasons[:MOST_BARS]]
    return lying_bars(_reason_finding(reasons), bars)


def say_reasons(reasons: Sequence[tuple[Status, Reason, int]]) -> str:
    """Say what `reason_bars` draws."""
    parts = [f"{REASONS[why].name} {count(number)}" for _, why, number in reasons[:MOST_BARS]]
    return say_bars(_reason_finding(reasons), parts)


def _reason_finding(reasons: Sequence[tuple[Status, Reason, int]]) -> str:
    """Say the commonest reason against addresses; that mail is accepted is none."""
    against = [(number, why) for status, why, number in reasons if status is not Status.VALID]
    if not against:
        return "Nothing speaks against any address"
    number, why = max(against, key=lambda each: each[0])
    return f"Mainly: {REASONS[why].name.lower()} ({count(number)})"


def provider_bars(by_provider: Mapping[str, int]) -> go.Figure:
    """Draw where the domains have their mail, by providers' names as in lists/providers.toml."""
    opens = grouped((_named(name), name) for name in by_provider)
    finding, named = _provider_finding(by_provider), _named_providers(by_provider)
    return ranked_bars(finding, named, opens=opens, counted=taking_mail(by_provider))


def say_providers(by_provider: Mapping[str, int]) -> str:
    """Say what `provider_bars` draws."""
    finding = _provider_finding(by_provider)
    return say_ranked(finding, _named_providers(by_provider), taking_mail(by_provider))


def taking_mail(by_provider: Mapping[str, int]) -> str:
    """Say what the charts of providers and kinds of hosts count."""
    domains = sum(by_provider.values())
    return f"Counted: {several(domains, 'domain')} that {'takes' if domains == 1 else 'take'} mail"


def provider_name(name: str) -> str:
    """Say who runs a domain's mail hosts; nothing where nobody has looked."""
    if not name:
        return ""
    display = provider_named(name).display
    return _OTHERS if display == "Other" else display


def _named_providers(by_provider: Mapping[str, int]) -> dict[str, int]:
    return summed((_named(name), domains) for name, domains in by_provider.items())


def _named(name: str) -> str:
    return provider_name(name) or "Not known"


def _provider_finding(by_provider: Mapping[str, int]) -> str:
    """Say where most domains have their mail: at hosts of no provider we know, or at the largest we do."""
    if not by_provider:
        return "No provider is known yet"
    known = {name: domains for name, domains in by_provider.items() if _has_name(name)}
    named = ranked(_named_providers(known))
    whole = sum(by_provider.values())
    if not named:
        return f"None of {several(whole, 'domain')} is at a provider we know"
    name, domains = next(iter(named.items()))
    others = _named_providers(by_provider).get(_OTHERS, 0)
    if others > domains:
        return f"{count(others)} of {count(whole)} domains: own or small hosts"
    return f"Largest provider: {name} ({several(domains, 'domain')})"


def _has_name(provider: str) -> bool:
    return provider_named(provider).kind is not Kind.OWN_HOST


def kind_bars(by_provider: Mapping[str, int]) -> go.Figure:
    """Draw what stands in front of the domains' mailboxes: a provider, a filter, hosts of their own."""
    opens = grouped((KINDS[provider_named(name).kind].name, name) for name in by_provider)
    tips = {saying.name: on_a_bar(saying) for saying in KINDS.values()}
    finding, kinds = _kind_finding(by_provider), _kinds(by_provider)
    return ranked_bars(finding, kinds, opens=opens, tips=tips, counted=taking_mail(by_provider))


def say_kinds(by_provider: Mapping[str, int]) -> str:
    """Say what `kind_bars` draws."""
    return say_ranked(_kind_finding(by_provider), _kinds(by_provider), taking_mail(by_provider))


KINDS = {
    Kind.MAILBOX_HOST: Saying("Mailbox provider", "It keeps the mailboxes themselves."),
    Kind.GATEWAY: Saying(
        "Filter in front (gateway)", "A service that looks through mail before the mailboxes' host gets it."
    ),
    Kind.FORWARDER: Saying("Forwarding service", "It hands mail on to another address."),
    Kind.SENDING_PLATFORM: Saying(
        "Sending platform", "A service for sending mail; hardly anybody reads there."
    ),
    Kind.OWN_HOST: Saying(_OTHERS, "A host of their own, or of a provider that Winnow knows nothing of."),
}
"""What a mail host is for the domains that name it."""


def _kinds(by_provider: Mapping[str, int]) -> dict[str, int]:
    return summed((KINDS[provider_named(name).kind].name, domains) for name, domains in by_provider.items())


def _kind_finding(by_provider: Mapping[str, int]) -> str:
    filtered = _kinds(by_provider).get(KINDS[Kind.GATEWAY].name, 0)
    said = f"{count(filtered)} are" if filtered > 1 else f"{filtered or 'none'} is"
    return f"Of {several(sum(by_provider.values()), 'domain')} {said} behind a filter"
