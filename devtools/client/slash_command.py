"""What a person typed after a slash command, as the client's shell hands it over on stdin.

The client puts the text into a here-document before a shell sees it, so that a line of the text may end the document
early. A last line of ours tells a whole text from one that was cut.
"""

from __future__ import annotations

LAST = "END OF ARGUMENTS!`"


def whole(text: str) -> str | None:
    """Return the arguments without our last line, or None where they were cut."""
    kept, found, rest = text.rpartition(LAST)
    return kept if found and not rest.strip() and kept[-1:] in ("\n", "") else None


def refusal(command: str) -> str:
    """Return what the model is told of arguments that were cut."""
    return (
        f"nothing was run: a line of the arguments ends them early. Take them from command-args above and run "
        f"devtools {command} with them, each as one quoted word."
    )
