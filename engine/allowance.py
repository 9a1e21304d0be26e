"""How much time a session still has: for its set-up, and for each reply."""

import time
from dataclasses import dataclass

from engine.patience import Patience
from engine.reason import Reason
from engine.reply import Stage

LEAST_S = 0.05


@dataclass(slots=True)
class Allowance:
    """The time of one set-up, from `began_at` to MAIL FROM, and of the questions after it.

    All in monotonic seconds; `set_up_by` is when we must have been let in.
    """

    patience: Patience
    began_at: float
    set_up_by: float = 0.0
    _setup_s: float = 0.0

    def __post_init__(self) -> None:
        self.set_up_by = self.began_at + self.patience.budget_s

    def renew(self) -> None:
        """Let what the host wants before it answers take as long as a set-up may."""
        self.set_up_by = time.monotonic() + self.patience.budget_s

    def end_set_up(self) -> None:
        """Note that the sender was named for the first time: what comes after is charged to recipients."""
        if not self._setup_s:
            self._setup_s = time.monotonic() - self.began_at

    def left_at(self, stage: Stage) -> tuple[float, Reason]:
        """Say how long the next reply may take (seconds), and what it is called when that is over.

        Each address has the time that the set-up has left of its budget.
        """
        if stage is Stage.RCPT:
            usual_s = self.patience.rcpt_s
            left_s = max(self.patience.budget_s - self._setup_s, LEAST_S)
        else:
            usual_s = self.patience.banner_s if stage is Stage.BANNER else self.patience.command_s
            left_s = max(self.set_up_by - time.monotonic(), 0.0)
        return (left_s, Reason.BUDGET) if left_s < usual_s else (usual_s, Reason.TIMEOUT)
