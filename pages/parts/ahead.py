"""How long a list still takes, as long as the engine is at it."""

from engine.estimate import Estimate
from engine.work_queue import Notice
from pages.parts.frame import notice_of
from runtime import Runtime
from storage.estimates import estimate_list
from storage.summaries import Standing
from storage.uploads import UploadState

_ASKS = frozenset({Notice.RUNNING})
_LOOKS_UP = frozenset(Notice) - {Notice.STORE_FAILS}


def estimate_of(runtime: Runtime, standing: Standing) -> Estimate | None:
    """Estimate how long a list still takes; None where it does not run, or the engine asks nobody.

    Of the DNS it asks whatever hinders it from asking mail hosts.
    """
    at_work = _LOOKS_UP if standing.is_dns_only else _ASKS
    if standing.state is not UploadState.RUNNING or notice_of(runtime) not in at_work:
        return None
    return estimate_list(runtime.database, standing.upload, runtime.settings)
