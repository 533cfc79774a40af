"""How often `devtools learn search` has the right insight among the first three, by the way in which one asks.

    python benchmarks/learn_recall.py [--entries 2300] [--beside GIT_FOLDER]... [--half even|odd|all]

`search_questions.tsv` has the insights of this repository as they were, the words by which each is to be found, and two
questions: one as a person asks weeks later, one in other words altogether. Questions in the same words, with and
without typing errors, are drawn from the insight. All stand among other entries: the commits of this repository, and,
as insights, the commit messages of the repositories beside it.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

from devtools.learn.markdown import Entry, add, key, plain
from devtools.learn.query import terms
from devtools.learn.search import search
from devtools.learn.stems import STOP

HERE = os.path.dirname(os.path.abspath(__file__))
WHO = "A Tester <tester@example.invalid>"
FIRST = 3
STRANGE = (
    "how long should sourdough bread rest in the fridge",
    "cheap flights to Lisbon in spring",
    "which vitamins does a tomato have",
    "learn to play the violin at forty",
    "kubernetes ingress certificate renewal",
    "react component does not render after navigation",
    "football results of last weekend",
    "translate the poem into Portuguese",
    "how do I paint a wooden fence",
    "postgres replication slot lag",
)


class Case(NamedTuple):
    """An insight, the words that were written for it, and the questions of two people."""

    insight: str
    topic: str
    words: str
    person: str
    other: str


def cases() -> list[Case]:
    with open(os.path.join(HERE, "search_questions.tsv"), encoding="utf-8") as stream:
        return [Case(**row) for row in csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)]


def log(folder: str) -> list[tuple[str, list[str]]]:
    """The messages of a repository's commits, oldest first, with the files that each touched."""
    argv = ["git", "log", "--reverse", "--no-merges", "--name-only", "--format=%x00%B%x01", "HEAD"]
    text = subprocess.run(argv, cwd=folder, capture_output=True, check=True).stdout.decode("utf-8", "replace")
    pairs = (record.partition("\x01") for record in text.split("\0")[1:])
    return [(message.strip(), [path for path in files.split("\n") if path]) for message, _, files in pairs]


def sentence(message: str) -> str:
    """A commit message as somebody would have noted it."""
    subject, _, body = message.partition("\n")
    return plain(f"{subject} {body.strip().partition(chr(10) * 2)[0]}")[:400]


def strangers(folders: Sequence[str], number: int) -> list[str]:
    """Entries of other projects, each once."""
    found = {key(text): text for folder in folders for text in (sentence(message) for message, _ in log(folder))}
    texts = [text for text in found.values() if len(text) > 30]
    random.Random(1).shuffle(texts)
    return texts[:number]


def build(folder: str, texts: Sequence[tuple[Case, bool]], others: Sequence[str], bare: bool = False) -> None:
    """A repository with this one's commits, and a LEARNINGS.md with all the insights."""
    subprocess.run(["git", "init", "-q", "-b", "main", folder], check=True)
    stream = []
    for number, (message, files) in enumerate([] if bare else log(HERE)):
        data = message.encode()
        stream.append(f"commit refs/heads/main\ncommitter {WHO} {1_700_000_000 + number} +0000\n".encode())
        stream.append(f"data {len(data)}\n".encode() + data + b"\n")
        body = f"{number}\n"
        stream += [
            f"M 100644 inline {path}\ndata {len(body)}\n{body}".encode()
            for path in files
            if path.isascii() and '"' not in path and path != "LEARNINGS.md"
        ]
    subprocess.run(["git", "fast-import", "--quiet"], cwd=folder, input=b"".join(stream), check=True)
    own = [Entry(case.insight, case.topic, words=case.words if worded else "") for case, worded in texts]
    text = add("", own)
    with open(os.path.join(folder, "LEARNINGS.md"), "w", encoding="utf-8") as file:
        file.write(text + "\n## Other projects\n\n" + "".join(f"- {plain(each)}\n" for each in others))
    os.utime(os.path.join(folder, "LEARNINGS.md"), (1_700_000_000, 1_700_000_000))


def same_words(case: Case, chance: random.Random) -> list[str]:
    known = {word.strip(".,:;()`'\"") for word in case.insight.split()}
    long = sorted(word for word in known if len(word) > 4 and word.isalpha() and word.casefold() not in STOP)
    return chance.sample(long, min(4, len(long)))


def mistyped(word: str, chance: random.Random) -> str:
    """The word with one typing error behind its first letter."""
    at = chance.randrange(1, len(word) - 1)
    letter = chance.choice("abcdefghijklmnopqrstuvwxyz")
    return chance.choice(
        (
            word[:at] + letter + word[at:],
            word[:at] + word[at + 1 :],
            word[:at] + letter + word[at + 1 :],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        )
    )


def styles(chance: random.Random) -> dict[str, Callable[[Case], list[str]]]:
    return {
        "same words": lambda case: [" ".join(same_words(case, chance))],
        "typing errors": lambda case: [" ".join(mistyped(word, chance) for word in same_words(case, chance))],
        "a person": lambda case: [case.person],
        "other words": lambda case: [case.other],
        "two phrasings": lambda case: [case.person, case.other],
    }


def place(folder: str, case: Case, questions: Sequence[str]) -> tuple[int, float]:
    """At which place the insight comes, 0 where it does not, and the seconds that took."""
    start = time.perf_counter()
    found = search(folder, [terms(question) for question in questions], 20)
    taken = time.perf_counter() - start
    texts = [key(hit.text) for hit in found.hits]
    return (texts.index(key(case.insight)) + 1 if key(case.insight) in texts else 0), taken


def measure(folder: str, chosen: Sequence[Case], title: str) -> list[float]:
    taken: list[float] = []
    sys.stdout.write(f"{title}\n")
    for name, ask in styles(random.Random(2)).items():
        rows = [place(folder, case, ask(case)) for case in chosen]
        taken += [seconds for _, seconds in rows]
        places = [at for at, _ in rows]
        first, three = (sum(0 < at <= limit for at in places) / len(rows) for limit in (1, FIRST))
        sys.stdout.write(f"  {name:16} first {first:6.1%}   among three {three:6.1%}   of {len(rows)}\n")
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, default=2300)
    parser.add_argument("--beside", action="append", default=[], metavar="GIT_FOLDER")
    parser.add_argument("--bare", action="store_true", help="Only LEARNINGS.md: no commit tells more of an insight.")
    parser.add_argument("--half", choices=("even", "odd", "all"), default="all")
    options = parser.parse_args()
    every = cases()
    chosen = {"even": every[::2], "odd": every[1::2], "all": every}[options.half]
    others = strangers(options.beside, max(0, options.entries - len(every) - (0 if options.bare else len(log(HERE)))))
    taken: list[float] = []
    for worded in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            build(folder, [(case, worded) for case in every], others, options.bare)
            search(folder, [terms("first")], 1)
            taken += measure(folder, chosen, f"{'with' if worded else 'without'} Words:, {len(others)} strangers")
            shown = sum(bool(search(folder, [terms(question)], 3).hits) for question in STRANGE)
            sys.stdout.write(f"  questions on nothing that is there: {shown} of {len(STRANGE)} got a match\n")
    median = statistics.median(taken) * 1000
    sys.stdout.write(f"a question: median {median:.0f} ms, longest {max(taken) * 1000:.0f} ms\n")


if __name__ == "__main__":
    main()
