"""What Python itself cannot read, though a linter can: an encoding that nobody knows, a null byte."""

from __future__ import annotations

import io
import os
import tokenize

from devtools.findings import Finding
from devtools.git.safe_process import git
from devtools.project.project import Project
from devtools.system import sealed

PYTHON = ("--", "*.py", "*.pyi")
CODING = r"^[[:space:]]*#.*coding[:=]"


def unread(project: Project) -> list[Finding]:
    """Return the Python files that Python would refuse before it parses them."""
    named = git(project.root, "grep", "--untracked", "-lzE", CODING, *PYTHON).out.split("\0")[:-1]
    told = git(project.root, "ls-files", "-coz", "--eol", "--exclude-standard", *PYTHON).out.split("\0")[:-1]
    binary = [line.partition("\t")[2] for line in told if "w/-text" in line]
    found = {path: _fault(os.path.join(project.root, path)) for path in (*named, *binary)}
    return [Finding(path, 1, words, code="unreadable") for path, words in sorted(found.items()) if words]


def _fault(path: str) -> str:
    try:
        data = sealed.contents(path)
        tokenize.detect_encoding(io.BytesIO(data).readline)
    except OSError:
        return ""
    except SyntaxError as error:
        return f"Python cannot read it: {error.msg}"
    return "Python cannot read it: null bytes" if b"\0" in data else ""
