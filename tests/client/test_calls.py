"""Which words call a tool that devtools knows, and which say more than it knows."""

import pytest

from devtools.client.calls import known


@pytest.mark.parametrize(
    ("line", "kind", "arguments"),
    [
        ("pytest", "pytest", ""),
        (".venv/bin/pytest -xq tests -k b", "pytest", "-xq tests -k b"),
        ("py.test --tb=short -n4", "pytest", "--tb=short -n4"),
        ("python3.12 -X dev -m pytest --lf", "pytest", "--lf"),
        ("uv run --group dev pytest -kname", "pytest", "-kname"),
        ("poetry run python -m pytest a::b[c]", "pytest", "a::b[c]"),
        ("coverage run --branch -m pytest -q", "pytest", "-q"),
        ("ruff check --select E .", "ruff", "--select E ."),
        ("python -m ruff check", "ruff", ""),
        ("mypy --strict src", "mypy", "--strict src"),
        ("pyright -p x", "pyright", "-p x"),
        ("git status", "git status", ""),
        ("git -C x --no-pager log -3 main..HEAD -- a", "git log", "-3 main..HEAD -- a"),
        ("git diff --cached", "git diff", "--cached"),
        ("git commit -am text", "git commit", "-am text"),
        ("git commit --amend --no-edit", "git commit", "--amend --no-edit"),
    ],
)
def test_a_call_is_known_however_it_is_made(line, kind, arguments):
    call = known(line.split())
    assert call is not None
    assert (call.kind, call.arguments) == (kind, arguments.split())


@pytest.mark.parametrize(
    "line",
    [
        *("ls", "python x.py", "python -m http.server", "uv pip list", "uv run", "uv run --unknown x pytest", "git"),
        *(
            "pytest -s",
            "pytest -xs",
            "pytest -ra",
            "pytest --cov=x",
            "pytest --durations=5",
            "pytest --col",
            "pytest --",
        ),
        *(
            "ruff",
            "ruff format",
            "ruff check --fix",
            "ruff check --statistics",
            "mypy --output=json",
            "pyright --stats",
        ),
        *("git push", "git log -p", "git log --oneline", "git diff --stat", "git status -s", "git -c a=b log"),
        *("git commit", "git commit -a", "git commit -v -m x", "coverage run x.py", "python -I -m pytest"),
    ],
)
def test_a_call_that_says_more_is_not_known(line):
    assert known(line.split()) is None
