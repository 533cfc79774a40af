"""Let the model's shell find devtools where it is installed in the project alone, and no PATH leads to it.

Claude Code hands SessionStart a file of shell lines that it runs before each command, a slash command's among them.
"""

import os
import sys

VARIABLE = "CLAUDE_ENV_FILE"


def lead_to(script: str = "") -> None:
    """Put the folder of `script`, by default of this command, last on the PATH of the session's shell commands.

    Nothing is written where the client offers no file, or where a devtools is found already.
    """
    path = os.environ.get(VARIABLE, "")
    folder = os.path.dirname(os.path.abspath(script or sys.argv[0]))
    known = os.environ.get("PATH", "").split(os.pathsep)
    if not path or any(os.access(os.path.join(each, "devtools"), os.X_OK) for each in known if os.path.isabs(each)):
        return
    if not os.access(os.path.join(folder, "devtools"), os.X_OK):
        return
    quoted = folder.replace("'", "'\"'\"'")
    # Tried with client 2.1.331: the pre-execution of a slash command sees that PATH, too.
    with open(path, "a", encoding="utf-8", errors="surrogateescape") as stream:
        stream.write(f"export PATH=\"$PATH\":'{quoted}'\n")
