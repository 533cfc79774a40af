"""The slash commands in the real client, against a scripted stand-in for the Messages API on the loopback."""

from pathlib import Path

COMMANDS = Path(__file__).parent.parent.parent / ".claude" / "commands"


def test_hygiene_is_one_request_that_holds_the_verdict(claude, repository):
    repository.put("test_a.py", "def test_a():\n    assert 1 == 2\n")
    requests = [text for text in claude("/hygiene --only tests") if "red: tests" in text]
    assert len(requests) == 1
    assert "test_a.py::test_a:2 " in requests[0]
    assert "assert 1 == 2" in requests[0]


def test_commit_is_one_request_that_holds_all_that_a_message_needs(claude, repository):
    repository.put("a.py", "def f():\n    return 1\n")
    repository.git("add", "a.py")
    requests = [text for text in claude("/commit the parser") if "staged on main" in text]
    assert len(requests) == 1
    for words in ("staged on main: 1 of 3 files, 2 of at most 499 lines", "+    return 1", "Asked for: the parser"):
        assert words in requests[0]


def test_learn_is_one_request_that_holds_the_insight_and_its_commit(claude, repository):
    repository.put("a", "1")
    commit = repository.commit("feat: cache\n\nInsight: Caches guess at ages")
    repository.put("LEARNINGS.md", "# Learnings\n\n- Caches guess at ages.\n")
    requests = [text for text in claude("/learn cached guesses") if "1 hit" in text]
    assert len(requests) == 1
    assert "Caches guess at ages." in requests[0]
    assert f"{commit[:9]} " in requests[0]


def test_bare_learn_lists_what_there_is(claude, repository):
    repository.put("LEARNINGS.md", "# Learnings\n\n## Speed\n\n- Caches guess.\n")
    requests = [text for text in claude("/learn") if "1 insight in 1 topic" in text]
    assert len(requests) == 1
    assert "- Caches guess." in requests[0]


def test_history_is_one_request_that_holds_the_concepts(claude, repository):
    repository.put("a", "1")
    repository.commit("feat(cache): expire\n\nInsight: Caches guess\nTDD: red->green (2 tests)")
    requests = [text for text in claude("/history expire") if "1 red->green cycle" in text]
    assert len(requests) == 1
    for words in ("expire [red->green, 2 tests]", "insight: Caches guess"):
        assert words in requests[0]


def test_quotes_and_backticks_in_what_was_typed_reach_the_command(claude, repository):
    repository.put("LEARNINGS.md", "# Learnings\n\n- It's `cache` that guesses; $(touch x).\n")
    requests = [text for text in claude("/learn it's `cache`; $(touch x)") if "1 hit" in text]
    assert len(requests) == 1
    repository.put("a", "1")
    repository.commit("feat: it's a `tick`")
    assert [text for text in claude("/history it's a `tick`") if "1 commit, 1 topic" in text]
    assert [text for text in claude("/hygiene --only git") if "green" in text]
    assert not (repository.path / "x").exists()


def test_every_slash_file_is_short_and_pre_executes_our_program():
    for path in COMMANDS.glob("*.md"):
        text = path.read_text()
        lines = [line for line in text.splitlines() if line.startswith(("!`", "devtools "))]
        assert len(text.splitlines()) <= 25
        assert lines
        assert all(line.startswith(("!`devtools ", "devtools ", "!`nn ")) for line in lines)
        assert all("--exit-zero" in line for line in lines if "devtools" in line)
        assert path.stem == "tutor" or f"devtools {path.stem} --exit-zero" in lines[0]


def test_the_tutor_knows_what_was_learned_and_which_experiments_there_are(claude, repository):
    repository.put("LEARNINGS.md", "# Learnings\n\n## Speed\n\n- Caches guess.\n")
    requests = [text for text in claude("/tutor XOR") if "Ask one short question and stop" in text]
    assert len(requests) == 1
    for words in ("- Caches guess.", "linear-separability", "Teach by questions on: XOR"):
        assert words in requests[0]
