"""What a process takes, as the kernel counts it (Linux, proc(5)); a process is its number, or "self"."""

import os
from pathlib import Path

_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


def cpu_s(process: int | str = "self") -> float:
    """Give the seconds of CPU that a process took so far, in its own code and the kernel's."""
    after_name = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()
    user, system = after_name[11:13]
    return (int(user) + int(system)) / _TICKS_A_SECOND


def peak_mb(process: int | str = "self") -> float:
    """Give the most memory a process ever held, in MB, or since `Meter` began."""
    return _status_mb("VmHWM", process)


def now_mb(process: int | str = "self") -> float:
    """Give the memory that a process holds, in MB."""
    return _status_mb("VmRSS", process)


def _status_mb(name: str, process: int | str) -> float:
    lines = Path(f"/proc/{process}/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(name))
