"""What Preflight says of one thing: a light, what was found, and what to do about it."""

from enum import StrEnum

from engine.value import value


class Light(StrEnum):
    """Green: in order. Amber: worth a look, hosts may mind. Red: answers will be missing or worthless."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


class Check(StrEnum):
    """What Preflight looks at, in the order it says it."""

    RESOLVER = "resolver"
    PORT = "port"
    ADDRESS = "address"
    PTR = "ptr"
    HELO = "helo"
    SENDER = "sender"
    SPF = "spf"
    BLOCK_LISTS = "block_lists"


@value
class Line:
    """One check's outcome in words. `advice` is `""` where there is nothing to do."""

    check: Check
    light: Light
    finding: str
    advice: str = ""


@value
class Preflight:
    """All lines, in order of Check. `is_port_open` is None where no host's address was known to try."""

    lines: tuple[Line, ...]
    is_port_open: bool | None = None

    @property
    def worst(self) -> Light:
        """The light of the whole: that of its worst line."""
        return max((line.light for line in self.lines), key=list(Light).index, default=Light.GREEN)
