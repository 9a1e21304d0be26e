"""How the domains of a list are, all together: their figures and their charts."""

import streamlit as st

from engine.reason import Reason
from pages.parts.asked_domains import (
    domains_of_dmarc,
    domains_of_kind,
    domains_of_provider,
    domains_of_score,
    domains_of_spf,
    domains_with,
)
from pages.parts.bars import draw_clickable
from pages.parts.charts import kind_bars, provider_bars, say_kinds, say_providers
from pages.parts.clicks import go_there
from pages.parts.counting import count, several
from pages.parts.health_charts import (
    DMARC,
    SPF,
    presence_bars,
    say_presence,
    say_scores,
    score_bars,
)
from pages.parts.kept import kept_domains, kept_health
from storage.database import Database
from storage.domains import DomainBoard
from storage.health import HealthBoard
from storage.summaries import Standing

REFRESH_S = 5.0
NO_MAIL = (Reason.NO_SUCH_DOMAIN, Reason.NULL_MX, Reason.NO_MAIL_HOST)
"""The kinds of domains that certainly take no mail; a failed look-up says nothing of its domain."""


def domain_headline(board: DomainBoard) -> str:
    """Say the one thing about a list's domains that its owner wants to know."""
    if not board.resolved:
        return f"{several(board.domains, 'domain')}, not looked up yet"
    no_mail, failed = _without_mail(board), _failed(board)
    findings = [
        several(no_mail, "takes no mail", "take no mail") if no_mail else "",
        several(board.accept_all, "accepts everything", "accept everything") if board.accept_all else "",
        f"{count(failed)} could not be looked up" if failed else "",
    ]
    said = "; ".join(each for each in findings if each) or "each of them takes mail"
    so_far = " looked up so far" if board.resolved < board.domains else ""
    return f"{several(board.resolved, 'domain')}{so_far}: {said}"


def _without_mail(board: DomainBoard) -> int:
    return sum(board.by_kind.get(kind, 0) for kind in NO_MAIL)


def _failed(board: DomainBoard) -> int:
    return board.resolved - board.taking_mail - _without_mail(board)


def say_unresolved(board: DomainBoard) -> str:
    """Say how many domains have not been looked up yet; `""` where all have."""
    number = board.domains - board.resolved
    if not number or not board.resolved:
        return ""
    return f"{count(number)} {'domain has' if number == 1 else 'domains have'} not been looked up yet."


def domain_charts(board: DomainBoard) -> None:
    """Show where the domains have their mail, and what stands in front of it."""
    providers, kinds = st.columns(2, gap="large")
    with providers:
        figure, words = provider_bars(board.by_provider), say_providers(board.by_provider)
        draw_clickable(figure, words, "providers", domains_of_provider)
    with kinds:
        figure, words = kind_bars(board.by_provider), say_kinds(board.by_provider)
        draw_clickable(figure, words, "kinds", domains_of_kind)
    st.caption("Click a bar to see its domains.")


def health(database: Database, standing: Standing) -> None:
    """Show how the domains are set up, again and again while there are some left to read."""
    is_whole = _is_whole(kept_health(database, standing), kept_domains(database, standing))
    refresh = None if is_whole else REFRESH_S
    st.fragment(_health, run_every=refresh)(database, standing, is_whole=is_whole)


def _is_whole(board: HealthBoard, domains: DomainBoard) -> bool:
    return board.surveyed >= readable(domains)


def readable(domains: DomainBoard) -> int:
    """Count the domains whose records can be read: all but those that could not be looked up."""
    return domains.domains - _failed(domains)


def _health(database: Database, standing: Standing, *, is_whole: bool) -> None:
    """Show the charts; where the last domain has been read meanwhile, begin the whole page anew."""
    board, domains = kept_health(database, standing), kept_domains(database, standing)
    if not is_whole and _is_whole(board, domains):
        st.rerun()
    st.caption(reading_line(board, readable(domains)))
    if not board.surveyed:
        return
    scores, safeguards = st.columns(2, gap="large")
    with scores:
        draw_clickable(score_bars(board.by_score), say_scores(board.by_score), "scores", domains_of_score)
    with safeguards:
        draw_clickable(presence_bars(board), say_presence(board), "safeguards", domains_with)
    spf, dmarc = st.columns(2, gap="large")
    with spf:
        draw_clickable(SPF.draw(board.by_spf), SPF.say(board.by_spf), "spf", domains_of_spf)
    with dmarc:
        draw_clickable(DMARC.draw(board.by_dmarc), DMARC.say(board.by_dmarc), "dmarc", domains_of_dmarc)
    go_there()


def reading_line(board: HealthBoard, whole: int) -> str:
    """Say of how many domains the records have been read so far, and how many of them are parked."""
    parts = [f"Records of {count(board.surveyed)} of {several(whole, 'domain')} read so far"]
    if board.surveyed >= whole:
        parts = [f"Records of {several(board.surveyed, 'domain')} read"]
    if board.parked:
        parts.append(f"{several(board.parked, 'is', 'are')} parked, which means without use")
    return f"{'; '.join(parts)}. They tell how well a domain is looked after; no verdict rests on them."
