import os

import pytest

from devtools.budget import estimate_tokens

LEARNINGS = "# Learnings\n\n## Parsing\n\n- A parser of the old line\n  saw zero files.\n- Tapes are fast.\n"


@pytest.fixture
def told(hook):
    def told(event="session-start", name="SessionStart"):
        answer = hook(event, hook_event_name=name)
        if not answer:
            return ""
        assert answer["hookSpecificOutput"]["hookEventName"] == name
        text = answer["hookSpecificOutput"]["additionalContext"]
        assert estimate_tokens(text) <= 150
        return text

    return told


def test_an_idle_session_is_told_how_work_begins(told):
    said = "devtools tdd: idle. New behaviour: devtools tdd start BEHAVIOUR. To commit: devtools commit"
    assert told() == said


def test_an_open_cycle_is_told_with_its_last_result_and_the_insights_that_fit(told, phase, repository):
    phase("green", result="green refused: still-failing")
    repository.put("LEARNINGS.md", LEARNINGS)
    repository.put("parser.py", "")
    head, insight = told().splitlines()
    assert head.startswith("devtools tdd: phase green, cycle 1: adds two numbers. Last: green refused: still-failing.")
    assert head.endswith("Next: write the code that makes it pass, then devtools tdd green")
    assert insight == "learned here before: A parser of the old line saw zero files."


def test_it_stays_within_its_budget_whatever_stands_in_the_state(told, phase, repository):
    phase("red", behaviour="parser " * 500, result="x " * 500)
    repository.put("LEARNINGS.md", "\n".join(f"- Parser number {n} {'word ' * 20}" for n in range(50)))
    assert "parser parser" in told()


def test_of_what_was_learned_only_what_fits_a_file_at_hand_is_offered_once(told, hook, repository):
    repository.put("engine/gears.py", "")
    repository.put("other.py", "")
    repository.commit("feat: gears\n\nInsight: Gears of 7 teeth skip.")
    repository.put("LEARNINGS.md", "- Gears of 7 teeth skip.\n- Tapes are fast.\n")
    repository.put("other.py", "1")
    assert "learned" not in told()
    repository.put("engine/gears.py", "1")
    assert told().splitlines()[1:] == ["learned here before: Gears of 7 teeth skip."]
    assert "learned" not in told()
    assert "learned" in told("subagent-start", "SubagentStart")


def test_the_mode_off_and_other_folders_are_silent(told, hook, repository, tmp_path):
    repository.put("devtools.toml", "[tdd]\nmode = 'off'\n")
    assert told() == ""
    assert hook("session-start", cwd=str(tmp_path)) == {}


@pytest.mark.parametrize("kind", ["link", "pipe", "huge"])
def test_a_file_that_is_none_of_the_repository_s_is_not_told(hook, repository, tmp_path, kind):
    (tmp_path / "secret").write_text("- a secret\n")
    path = repository.path / "LEARNINGS.md"
    if kind == "link":
        path.symlink_to("../secret")
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path.touch()
        os.truncate(path, 5 << 20)
    text = hook("session-start")["hookSpecificOutput"]["additionalContext"]
    assert text.startswith("devtools tdd: ")
    assert "secret" not in text


@pytest.mark.parametrize("entry", ["session-start", "subagent-start"])
def test_a_subagent_is_told_the_same_under_its_own_event(told, phase, entry):
    phase("red")
    assert told(entry, "SubagentStart") == told()
