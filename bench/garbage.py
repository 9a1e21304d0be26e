"""How long collections of garbage stop every thread."""

import gc
import time

ALL = 2
"""The oldest generation of garbage: to collect it is to go through all."""


class Collections:
    """The longest time that a collection of all garbage stopped every thread for, in seconds.

    An idle engine has it done at once (engine/tidying.py); a busy one puts it off.
    """

    def __init__(self) -> None:
        self.longest_s = 0.0
        self._began = 0.0
        gc.callbacks.append(self._note)

    def _note(self, phase: str, told: dict[str, int]) -> None:
        if told["generation"] < ALL:
            return
        if phase == "start":
            self._began = time.perf_counter()
        else:
            self.longest_s = max(self.longest_s, time.perf_counter() - self._began)
