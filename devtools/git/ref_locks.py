"""The locks of HEAD and of its branch, which a git that is killed leaves: every later commit would be refused."""

from __future__ import annotations

import os
import time

from devtools.git.safe_process import git

# git holds the lock of a ref for moments: one that stands so long after our git was killed is that git's.
STALE_SECONDS = 1.0


def swept(root: str) -> None:
    """Remove the locks that do not change for a while. Call it only where a git of ours may have been killed."""
    # A kill in the moment of git update-ref left refs/heads/main.lock. CI met it once in some 300 rounds of random
    # kills.
    before = _found(root)
    if before:
        time.sleep(STALE_SECONDS)
        after = _found(root)
        for path in before:
            if after.get(path) == before[path]:
                os.unlink(path)


def _found(root: str) -> dict[str, tuple[int, int]]:
    """The number and the time of each lock's file, by its path."""
    asked = ["--git-path", "HEAD.lock"]
    branch = git(root, "symbolic-ref", "-q", "HEAD").out.strip()
    asked += ["--git-path", f"{branch}.lock"] if branch else []
    paths = [os.path.join(root, path) for path in git(root, "rev-parse", *asked).out.splitlines()]
    stats = {path: os.stat(path) for path in paths if os.path.exists(path)}
    return {path: (stat.st_ino, stat.st_mtime_ns) for path, stat in stats.items()}
