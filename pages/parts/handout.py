"""The report to hand on: one page of HTML that needs nothing from anywhere, and prints on one sheet of A4."""

from collections import Counter
from collections.abc import Iterable
from html import escape

from engine.reason import WEIGHED, Reason
from engine.verdict import Status
from pages.parts.bars import share
from pages.parts.colours import STATUS_COLOURS
from pages.parts.counting import count, holdings, in_a_row, several
from pages.parts.digest import (
    Digest,
    counted_sentence,
    day_in_words,
    keeps_sentence,
    parted_finding,
    policy_sentence,
    safe_finding,
)
from pages.parts.readiness import Told
from pages.parts.reasons import ADVICE, REASONS
from pages.parts.words import STATUSES

_BAR_WIDTH, _BAR_HEIGHT = 120, 12
_MOST_UNKNOWN = 5
_GREY = "#8C8C8C"

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
@page {{ size: A4; margin: 9mm 14mm }}
:root {{ color-scheme: light dark; --ground: #fff; --ink: #1c2126; --quiet: #5a6570; --line: #e3e7ea;
  --track: #eef1f3 }}
* {{ box-sizing: border-box }}
body {{ font: 14px/1.45 system-ui, "Segoe UI", Roboto, sans-serif; color: var(--ink);
  background: var(--ground); max-width: 760px; margin: 0 auto; padding: 28px 20px; print-color-adjust: exact;
  -webkit-print-color-adjust: exact }}
h1 {{ font-size: 26px; line-height: 1.2; margin: 0 0 2px; overflow-wrap: anywhere }}
h2 {{ font-size: 16px; margin: 22px 0 6px }}
p {{ margin: 0 0 6px }}
ul {{ margin: 0 0 8px; padding-left: 18px }}
.two {{ display: grid; grid-template-columns: 1fr 1fr; gap: 0 20px }}
.quiet {{ color: var(--quiet) }}
.lead {{ font-size: 17px; font-weight: 600; margin: 16px 0 2px }}
table {{ width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums }}
td, th {{ text-align: left; vertical-align: top; padding: 5px 10px 5px 0; border-top: 1px solid var(--line) }}
th {{ font-weight: 600; white-space: nowrap }}
td.n {{ text-align: right; white-space: nowrap }}
td.bar {{ width: {width}px }}
svg {{ display: block; margin-top: 4px; width: {width}px }}
footer {{ margin-top: 24px; border-top: 1px solid var(--line); padding-top: 8px; font-size: 12px }}
tr {{ break-inside: avoid }}
h2 {{ break-after: avoid }}
@media screen and (prefers-color-scheme: dark) {{
  :root {{ --ground: #14191d; --ink: #e8ecef; --quiet: #a4afb8; --line: #333c43; --track: #2a3238 }}
}}
@media print {{
  :root {{ color-scheme: light }}
  body {{ padding: 0; max-width: none; font-size: 9pt; line-height: 1.35 }}
  h1 {{ font-size: 17pt }}
  h2 {{ font-size: 11pt; margin: 8pt 0 2pt }}
  .lead {{ font-size: 12pt; margin: 9pt 0 1pt }}
  td, th {{ padding: 1.6pt 8pt 1.6pt 0 }}
  ul {{ margin: 0; padding-left: 11pt }}
  .two {{ font-size: 8pt; line-height: 1.25 }}
  .two p {{ margin: 0 }}
  footer {{ margin-top: 8pt; font-size: 8pt }}
}}
@media (max-width: 520px) {{ td.bar {{ display: none }} th {{ white-space: normal }}
  .two {{ grid-template-columns: 1fr }} }}
</style></head>
<body><main>
<h1>{name}</h1>
<p class="quiet">Address check of {day}. {held}. {policy}</p>
<p class="lead">{safe}.</p>
<p>{parted} {keeps} {reckoned}</p>
{sections}
</main>
<footer class="quiet">Made with Winnow. {asked} No message was sent, and nobody else was given an address.
Answers change: a yes of today says that the host takes mail, not that somebody reads it.</footer>
</body></html>
"""
_ASKED = {
    False: "The mail hosts of the addresses' own domains were asked whether they take mail for them.",
    True: "The domains were looked up in the DNS; no mail host was asked.",
}
"""What was done to find out, by whether the list was checked by DNS only."""
_LIMITS = "Where a domain takes mail for any address, a yes says nothing; no check can tell who reads mail."
_SECTION = "<h2>{title}</h2>{lead}<table>{rows}</table>"
_ROW = '<tr><th>{name}</th><td class="n">{number}</td><td class="bar">{bar}</td><td>{said}</td></tr>'
_BAR = (
    '<svg viewBox="0 0 {width} {height}" height="{height}" preserveAspectRatio="none" role="img"'
    ' aria-label="{share}"><rect width="{width}" height="{height}" rx="2" style="fill: var(--track)"/>'
    '<rect width="{part:.1f}" height="{height}" rx="2" fill="{colour}"/></svg>'
)


def handout(digest: Digest) -> str:
    """Write the report; whatever comes from the list is escaped."""
    return _PAGE.format(
        width=_BAR_WIDTH,
        title=escape(f"{digest.name} - address check"),
        name=escape(digest.name),
        day=day_in_words(digest.day),
        held=holdings(digest.rows, digest.addresses, digest.empty),
        reckoned=digest.reckoned,
        policy=escape(policy_sentence(digest.policy_name)),
        safe=safe_finding(digest),
        parted=parted_finding(digest),
        keeps=keeps_sentence(digest),
        asked=_ASKED[digest.is_dns_only],
        sections="".join(
            (_is_ready(digest), _what_was_found(digest), _what_goes(digest), _what_nobody_knows(digest))
        ),
    )


def _is_ready(digest: Digest) -> str:
    """Say whether the whole list, and the statuses kept, are ready to send, and what speaks against it."""
    if not digest.readiness:
        return ""
    mailings = "".join(_mailing(told) for told in digest.readiness)
    counted = counted_sentence(digest)
    return f'<h2>Ready to send?</h2><div class="two">{mailings}</div><p class="quiet">{counted}</p>'


def _mailing(told: Told) -> str:
    doubts = "".join(f"<li>{escape(f'{each.name} {each.advice}')}</li>" for each in told.doubts)
    listed = f"<ul>{doubts}</ul>" if doubts else ""
    return f"<div><p><b>{escape(told.finding)}.</b></p>{listed}</div>"


def _what_was_found(digest: Digest) -> str:
    rows = (
        _row(STATUSES[status].name, n, digest.addresses, STATUS_COLOURS[status], _meaning(status, digest))
        for status, n in digest.statuses
    )
    lead = "Addresses, each as often as it stands in the list."
    return _section("What was found, and what it means", lead, rows)


def _meaning(status: Status, digest: Digest) -> str:
    """Say what a status means here: of invalid ones, whose word that is."""
    return say_invalid(digest.invalid) if status is Status.INVALID else STATUSES[status].advice


def say_invalid(reasons: Iterable[tuple[Reason, int]]) -> str:
    """Say why addresses are invalid: by their own hosts and domains, by your own mail, or by the policy."""
    counted: Counter[str] = Counter()
    for reason, number in reasons:
        counted[_WHOSE_WORD.get(reason, _HOSTS)] += number
    if not counted:
        return STATUSES[Status.INVALID].advice
    them = "it" if counted.total() == 1 else "them"
    whose = [said for said in (_HOSTS, _BOUNCES, _POLICYS) if counted[said]]
    told = [said.format(count(counted[said]) if len(whose) > 1 else them) for said in whose]
    return f"Mail {in_a_row(told)}. Remove {them}."


_HOSTS, _BOUNCES = "to {} would come back", "to {} came back before"
_POLICYS = "to {} may arrive, but the policy leaves such addresses out"
_WHOSE_WORD = {Reason.BOUNCED: _BOUNCES} | dict.fromkeys(WEIGHED, _POLICYS)
"""Who says of an address that it is invalid, where it is not its own host or domain."""


def _what_goes(digest: Digest) -> str:
    rows = (_row(name, n, digest.rows, _GREY, "") for name, n in digest.removals)
    lead = "Rows that the choice removes, each counted once."
    return _section("What was removed, and why", lead, rows) if digest.removals else ""


def _what_nobody_knows(digest: Digest) -> str:
    """Say what stayed unknown, by what kept it so; and what no check can know."""
    whole = sum(number for _, number in digest.unknown)
    rows = [
        _row(REASONS[reason].name, number, whole, _GREY, ADVICE[reason])
        for reason, number in digest.unknown[:_MOST_UNKNOWN]
    ]
    if rest := sum(number for _, number in digest.unknown[_MOST_UNKNOWN:]):
        rows.append(_row("All other reasons", rest, whole, _GREY, ""))
    told = (
        f"{several(whole, 'address', 'addresses')} stayed unknown. " if whole else "Nothing stayed unknown. "
    )
    waits = f"{several(digest.waiting, 'address', 'addresses')} had no answer yet when this was written. "
    return _section("What could not be known", told + waits * bool(digest.waiting) + _LIMITS, rows)


def _section(title: str, lead: str, rows: Iterable[str]) -> str:
    return _SECTION.format(title=title, lead=f"<p>{lead}</p>" if lead else "", rows="".join(rows))


def _row(name: str, number: int, whole: int, colour: str, said: str) -> str:
    percent, width = share(number, whole), _BAR_WIDTH * number / (whole or 1)
    bar = _BAR.format(width=_BAR_WIDTH, height=_BAR_HEIGHT, part=width, share=percent, colour=colour)
    shown = f"{count(number)} ({percent})" if whole else count(number)
    return _ROW.format(name=escape(name), number=shown, bar=bar, said=escape(said))
