"""The colours of charts: told apart with any kind of colour vision, on a light ground and on a dark one."""

from engine.verdict import Status

ACCENT = "#2f8f7a"
"""The mark's own green, for whatever is counted without being good or bad."""

STATUS_COLOURS = {
    Status.VALID: "#1560e8",
    Status.INVALID: "#b23f34",
    Status.ACCEPT_ALL: "#7b5cb1",
    Status.RISKY: "#df7000",
    Status.UNKNOWN: "#84929a",
}
"""Each stands out from both grounds by 3 to 1 (WCAG 2.2, 1.4.11), and is told apart without red or green."""

GOOD = STATUS_COLOURS[Status.VALID]
FAIR = STATUS_COLOURS[Status.ACCEPT_ALL]
WEAK = STATUS_COLOURS[Status.RISKY]
BAD = STATUS_COLOURS[Status.INVALID]
NOTHING = STATUS_COLOURS[Status.UNKNOWN]
"""The same for how well something is set up; a bar has its name and number besides."""
