"""devtools history: the git log as a learning history, in the terminal or as one page."""

from __future__ import annotations

import os
from collections.abc import Sequence

import click

from devtools.budget import Block
from devtools.commands.options import shared
from devtools.git import status as git
from devtools.history import concepts as history
from devtools.history import log as history_log
from devtools.history import page_file
from devtools.history import text as history_text
from devtools.history.concepts import Concept
from devtools.report import Report


@click.command("history")
@click.option("--since", default="", metavar="REV", help="Show only commits after this revision.")
@click.option("--html", "page", default="", metavar="FILE", help="Write one self-contained page to this file.")
@click.option("--topic", default="", metavar="NAME", help="Show only this topic.")
@click.option("--grep", "words", default="", metavar="WORDS", help="Show only commits that contain all these words.")
@click.argument("more", nargs=-1, metavar="[WORDS]")
@shared
def command(since: str, page: str, topic: str, words: str, more: Sequence[str]) -> Report:
    """Show what the commits taught, in order: each concept with its size, its TDD cycle and its insight.

    The topic of a commit is its Topic: trailer, else its scope, else its type. WORDS filter the commits as --grep does.
    """
    root = git.root(os.getcwd())
    everything = [history.concept(commit) for commit in history_log.commits(root, since)]
    # Bare words too: /history with words would end with exit 2, for which the client drops the whole request.
    concepts = history.matching(everything, topic, " ".join([words, *more]))
    data = {"concepts": [_json(each) for each in concepts]}
    if page:
        from devtools.history import page as history_page

        page_file.save(page, history_page.render(os.path.basename(root), concepts))
        said = f"{page}: {history.summary(concepts) if concepts else 'no commit'}"
        return Report("history", True, [Block(said, pinned=True)], data={**data, "html": page})
    if not concepts:
        return Report("history", True, [Block(_nothing(everything), pinned=True)], data=data)
    budget = click.get_current_context().params["budget"]
    return Report("history", True, history_text.blocks(concepts, budget), data=data)


def _nothing(everything: list[Concept]) -> str:
    topics = ", ".join(dict.fromkeys(each.topic for each in everything))
    return f"no commit fits; topics: {topics}" if everything else "no commit yet"


def _json(each: Concept) -> dict[str, object]:
    commit = each.commit
    return {
        "concept": each.name,
        "topic": each.topic,
        "type": each.type,
        "commit": commit.id,
        "date": commit.date,
        "subject": commit.subject,
        "files": commit.files,
        "added": commit.added,
        "deleted": commit.deleted,
        "tdd": {"cycle": each.cycle, "tests": each.tests} if each.cycle else None,
        "insights": list(commit.insights),
    }
