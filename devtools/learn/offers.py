"""Which insight fits a file that someone works at, if one does: few words, and silence rather than a guess.

An insight fits where its own commit touched that very file beside few others, or where it speaks of what the file is
named after. Both together fit best.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from devtools.budget import estimate_tokens
from devtools.learn import file as learning
from devtools.learn.markdown import Entry, key
from devtools.learn.ranking import rarity
from devtools.learn.stems import STOP, stem, words

TOKENS = 55  # sixty with the words before it
MOST = 5000  # commits that are searched for insights: a session begins at once
LEAST = 5.5  # what an insight must score to be offered
TOUCHED = 5.0  # for the file of a commit that touched it alone; shared by all that it touched
NAMED = 3.0  # for an insight that is in no commit yet and speaks of all that the file is named after
_EVERYWHERE = frozenset(
    [
        "test",
        "tests",
        "src",
        "lib",
        "init",
        "main",
        "core",
        "util",
        "utils",
        "base",
        "common",
        "md",
        "py",
        "js",
        "ts",
        "json",
        "toml",
        "txt",
        "html",
    ]
)


class Known(NamedTuple):
    """An insight, what else is said of it, and the files that its commit touched; none where it is in no commit."""

    text: str
    topic: str
    words: str
    files: tuple[str, ...]


class Offers:
    """All insights, ready to be asked for a file."""

    def __init__(self, insights: Sequence[Known]) -> None:
        self.insights = insights
        self.said = [_telling(f"{each.text} {each.words}") for each in insights]
        self.often: dict[str, int] = {}
        for said in self.said:
            for base in said:
                self.often[base] = self.often.get(base, 0) + 1

    def table(self) -> list[tuple[str, str]]:
        """Return the insights that fit each file that a commit of one has touched, the best first."""
        paths = sorted({path for insight in self.insights for path in insight.files})
        return [(path, within(each.text)) for path in paths for _, each in self.fitting(path)]

    def fitting(self, path: str) -> list[tuple[float, Known]]:
        """Return the insights that fit a file, the best first, each with its score."""
        named = _telling(path.rpartition(".")[0] or path)
        leaf = _telling(path.rpartition("/")[2].rpartition(".")[0])
        found = []
        for insight, said in zip(self.insights, self.said, strict=True):
            shared = sum(self._worth(base) * (1.0 if base in leaf else 0.5) for base in named & said)
            near = TOUCHED / len(insight.files) ** 0.5 if path in insight.files else 0.0
            # The two together: words alone were right in a third of the offers, and the touched file alone offered one
            # note on security to every edit of docs.
            score = shared + near + (NAMED if leaf and leaf <= said and not insight.files else 0.0)
            if score >= LEAST:
                found.append((score, insight))
        return sorted(found, key=lambda pair: -pair[0])

    def _worth(self, base: str) -> float:
        return rarity(self.often[base], max(len(self.insights), 20))


def within(text: str, tokens: int = TOKENS) -> str:
    """Return the text on one line, cut between words where it has more tokens."""
    said = text.split()
    while said and estimate_tokens(" ".join(said)) > tokens - (len(said) < len(text.split())):
        said.pop()
    return " ".join(said) + ("…" if len(said) < len(text.split()) else "")


def known(root: str, entries: Iterable[Entry]) -> list[Known]:
    """Return the insights of the file, each with what its commit touched, as far as the newest commits tell."""
    logged = {key(entry.text): entry.commit for entry in reversed(learning.logged(root, most=MOST))}
    listed = list(entries)
    clicked = {entry.text: logged.get(key(entry.text), "") for entry in listed}
    files = learning.touched(root, sorted({commit for commit in clicked.values() if commit}))
    touched = {
        text: tuple(files.get(commit, ())) or ((learning.NAME,) if commit else ()) for text, commit in clicked.items()
    }
    return [Known(entry.text, entry.topic, entry.words, touched[entry.text]) for entry in listed]


def _telling(text: str) -> set[str]:
    return {stem(word) for word in words(text) if word not in STOP and word not in _EVERYWHERE and len(word) > 3}
