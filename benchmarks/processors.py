"""What processes have used of the processors, with everything they started. Linux only."""

from __future__ import annotations

import os
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(*pids: int) -> float:
    """User and system time of these processes and all below them, as far as they still run."""
    parents, used = {}, {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            pid = int(folder.name)
            parents[pid], used[pid] = int(fields[1]), int(fields[11]) + int(fields[12])
    return sum(ticks for pid, ticks in used.items() if _is_below(pid, pids, parents)) / _TICKS


def _is_below(pid: int, tops: tuple[int, ...], parents: dict[int, int]) -> bool:
    while pid in parents:
        if pid in tops:
            return True
        pid = parents[pid]
    return False
