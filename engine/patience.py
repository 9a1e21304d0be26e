"""How long hosts are waited for: as the settings say, and longer where a provider is known to be slow."""

from engine.provider import provider_named
from engine.settings import Settings
from engine.value import value


@value
class Patience:
    """The most seconds that each step may take, and an address (`budget_s`) with its session's set-up."""

    connect_s: float
    banner_s: float
    command_s: float
    rcpt_s: float
    budget_s: float


def patience_with(provider: str, settings: Settings) -> Patience:
    """Give a slow provider's hosts the time that they are known to need; others what is set."""
    slow = provider_named(provider)
    command_s = settings.smtp_op_timeout_ms / 1000
    budget_s = max(settings.total_budget_ms / 1000, slow.budget_s or 0.0)
    return Patience(
        connect_s=min(settings.smtp_connect_timeout_ms / 1000, budget_s),
        banner_s=max(command_s, slow.banner_timeout_s or 0.0),
        command_s=command_s,
        rcpt_s=max(command_s, slow.rcpt_timeout_s or 0.0),
        budget_s=budget_s,
    )
