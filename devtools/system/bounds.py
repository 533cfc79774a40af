"""What a program of the project may use up while it runs: room for what it prints, and memory.

A limit that the kernel enforces would refuse honest work: a test that writes a large file, a library that maps more
than it uses. So the processes are looked at from outside, where the system shows them (/proc).
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterable

EVERY = 0.5  # seconds between two looks; a shorter run is not looked at
# A test that printed without end filled /tmp, and pytest then read all of it into memory.
PRINTED = 512 << 20  # bytes: pytest keeps in a nameless file what one test prints
SHARE = 0.9  # of the memory that there is, for one process
MEMORY = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")


def exceeded(processes: Iterable[int], printed: int = 0, memory: int = 0) -> str:
    """Say which bound one of the processes has passed; empty where none has, or where nobody can tell."""
    length, most = printed or PRINTED, memory or int(there() * SHARE)
    for pid in processes:
        if any(_held(pid, number) > length for number in (1, 2)):
            return f"it printed more than {length >> 20} MB"
        if 0 < most < _resident(pid):
            return f"it took more than {most >> 20} MB of memory"
    return ""


def there() -> int:
    """Return how many bytes of memory the machine has, or the container that we are in; 0 where nobody can tell."""
    found = []
    for path in MEMORY:
        text = _text(path).strip()
        found += [int(text)] if text.isdecimal() else []
    with contextlib.suppress(OSError, ValueError):
        found.append(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    return min(found, default=0)


def _held(pid: int, number: int) -> int:
    """The size of the nameless file that takes a process's output; 0 where that goes elsewhere."""
    try:
        found = os.stat(f"/proc/{pid}/fd/{number}")
    except OSError:
        return 0
    return found.st_size if stat.S_ISREG(found.st_mode) and not found.st_nlink else 0


def _resident(pid: int) -> int:
    """The memory that a process itself holds, without what it shares."""
    fields = _text(f"/proc/{pid}/statm").split()
    return (int(fields[1]) - int(fields[2])) * os.sysconf("SC_PAGE_SIZE") if len(fields) > 2 else 0


def _text(path: str) -> str:
    try:
        with open(path, encoding="ascii") as stream:
            return stream.read(4096)
    except OSError:
        return ""
