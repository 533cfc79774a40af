"""What the entries of transcripts add up to."""

from devtools.client.token_use import Account, ToolUse, Use, rough


def answer(name, output=1, *calls, day="2026-01-02"):
    usage = {
        "input_tokens": 10,
        "cache_creation_input_tokens": 5,
        "cache_read_input_tokens": 100,
        "output_tokens": output,
    }
    blocks = [{"type": "tool_use", "id": f"{name}{tool}", "name": tool, "input": given} for tool, given in calls]
    return {
        "timestamp": f"{day}T10:00:00Z",
        "message": {"role": "assistant", "id": name, "usage": usage, "content": blocks},
    }


def result(name, content, **more):
    block = {"type": "tool_result", "tool_use_id": name, "content": content, **more}
    return {"message": {"role": "user", "content": [block]}}


def prompt(text, **more):
    return {"message": {"role": "user", "content": text}, **more}


def account(*entries, missed=lambda line: ""):
    found = Account(missed)
    found.read(entries)
    return found


def test_an_answer_that_stands_in_several_lines_counts_once_with_its_last_usage():
    found = account(answer("m1", 1), answer("m1", 7), answer("m2", 2))
    assert found.total == Use(requests=2, uncached=30, cached=200, output=9)


def test_requests_belong_to_the_slash_command_that_was_typed_last():
    name = "<command-message>x</command-message>\n<command-name>/hygiene</command-name>"
    found = account(
        answer("m1"),
        prompt(name),
        answer("m2"),
        result("x", ""),
        answer("m3"),
        prompt("caveat", isMeta=True),
        answer("m4"),
        prompt([{"type": "text", "text": "go on"}]),
        answer("m5", day="2026-01-03"),
    )
    assert {command: use.requests for command, use in found.commands.items()} == {"(prompt)": 2, "/hygiene": 3}
    assert {day: use.requests for day, use in found.days.items()} == {"2026-01-02": 4, "2026-01-03": 1}


def test_a_tool_has_its_calls_and_about_the_tokens_of_its_results():
    found = account(
        answer("m1", 1, ("Bash", {"command": "pytest"}), ("Read", {})),
        result("m1Bash", "x" * 3000, is_error=True),
        result("m1Read", [{"type": "text", "text": "y" * 300}, {"type": "image"}]),
        result("unknown", "z"),
        missed=lambda line: line,
    )
    assert (found.tools["Bash"].results, found.tools["Bash"].errors, found.tools["Read"].results) == (1000, 1, 100)
    assert found.tools["Read"].calls == 1
    assert found.missed == {"pytest": ToolUse(calls=1, errors=1, results=1000)}
    assert rough(30) == 10


def test_entries_of_any_shape_are_taken():
    odd = [{"message": {"role": "assistant", "usage": {"output_tokens": "x"}, "content": [3, {"type": "tool_use"}]}}]
    odd += [{"message": None}, {"message": {"content": None}}, {}, result(None, None)]
    assert account(*odd).total == Use(requests=1)
    assert account(*odd).to_json()["tools"]["None"]["calls"] == 1
