"""Help is plain English: you find a verb first, whole sentences, and no word that must be read twice."""

import ast
import re
from pathlib import Path

import click
import pytest

from devtools.cli import COMMANDS, group
from devtools.wording import counted

LONGEST = 25  # words in a sentence
# A line of help that begins so has no verb at its head.
NO_VERB = r"(A|Again|All|An|As|Each|Every|For|How|In|No|Of|One|Only|The|These|Those|Wh[a-z]+|With)\b"
RIDDLES = r"\b(anew|mend|no more|nothing but|what is (said|told)|whose|would hold)\b"
SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z`-])|\n\n")


@pytest.mark.parametrize(("number", "words"), [(0, "0 tests"), (1, "1 test"), (26921, "26921 tests")])
def test_one_is_no_plural(number, words):
    assert counted(number, "test") == words


def faults(text):
    """What a native speaker would stumble over."""
    sentences = [each for each in SENTENCE.split(text) if each.strip()]
    found = [f"{len(each.split())} words: {each}" for each in sentences if len(each.split()) > LONGEST]
    found += [f"no verb first: {text}"] if re.match(NO_VERB, text) else []
    found += [f"no whole sentence: {text}"] if not text.rstrip().endswith((".", ")")) else []
    return found + [f"{match[0]}: {text}" for match in re.finditer(RIDDLES, text, re.IGNORECASE)]


def shown(command):
    """The help of a command and of each option that it shows."""
    options = [each.help for each in command.params if isinstance(each, click.Option) and not each.hidden]
    prose = [each for each in str(command.help).split("\n\n") if "\b" not in each]  # a list has no sentences
    return ["\n\n".join(prose), *map(str, options)]


def test_a_rule_of_the_prose_finds_what_breaks_it():
    assert faults("Show the log.") == []
    assert faults("The log.") == ["no verb first: The log."]
    assert faults("Show the log") == ["no whole sentence: Show the log"]
    assert faults("Mend it. Write it anew.") == [f"{word}: Mend it. Write it anew." for word in ("Mend", "anew")]
    assert faults(f"Show {'very ' * 24}much.") == [f"26 words: Show {'very ' * 24}much."]


def test_each_line_of_the_menu_begins_with_a_verb():
    assert [fault for _, text in COMMANDS.values() for fault in faults(text)] == []
    assert [fault for text in shown(group) for fault in faults(text)] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_help_is_plain(name):
    command = group.get_command(click.Context(group), name)
    assert [fault for text in shown(command) for fault in faults(text)] == []


ERRORS = {"DevtoolsError", "Problem", "ToolError", "UsageError"}
SOURCES = sorted((Path(__file__).parent.parent / "devtools").rglob("*.py"))


def messages(tree):
    """The words of every error and problem that the code raises, X for what it fills in."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in ERRORS:
            for each in node.args:
                parts = each.values if isinstance(each, ast.JoinedStr) else [each]
                words = [part.value if isinstance(part, ast.Constant) else "X" for part in parts]
                yield "".join(map(str, words))


def test_an_error_is_said_in_short_sentences_without_riddles():
    texts = [text for path in SOURCES for text in messages(ast.parse(path.read_text()))]
    assert len(texts) > 200
    assert [text for text in texts if text.count(";") > 1 or re.search(RIDDLES, text, re.IGNORECASE)] == []
    assert [text for text in texts for each in SENTENCE.split(text) if len(each.split()) > LONGEST] == []
