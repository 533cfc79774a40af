"""The model calls pytest, and reads the compact form: the hook rewrites the call in the real client."""

import json

HOOKS = {"PreToolUse": [{"matcher": "Bash", "hooks": [{"type": "command", "command": "devtools hook pre-tool-use"}]}]}


def test_the_model_reads_two_lines_where_pytest_said_many_and_a_red_stays_red(claude, repository):
    repository.put(".claude/settings.json", json.dumps({"hooks": HOOKS}))
    repository.put("test_a.py", "def test_a():\n    assert 1 == 2\n\n\ndef test_b():\n    pass\n")
    repository.commit()
    call = {"name": "Bash", "input": {"command": "python -m pytest -v 2>&1 | tail -50; echo rc $?", "description": "x"}}
    said = claude("go on", "--permission-mode", "bypassPermissions", script=[call, "done"])[-1]
    assert "red: 1 failed, 1 passed; exit 1\\ntest_a.py::test_a:2 assert 1 == 2\\nrc 0" in said
    assert "test session starts" not in said
