"""Who may send mail in a domain's name, by what the domain publishes: SPF (RFC 7208)."""

from engine.spf.check import SpfResult, evaluate
from engine.spf.report import SpfReport, SpfState, read_spf

__all__ = ["SpfReport", "SpfResult", "SpfState", "evaluate", "read_spf"]
