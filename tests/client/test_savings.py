"""What was saved is what the client would have shown less what it showed."""

import pytest

from devtools.budget import estimate_tokens
from devtools.client import savings
from devtools.system.store import Store


@pytest.fixture
def store(repository):
    return Store(str(repository.path))


def test_runs_of_a_day_add_up_by_kind(store):
    for _ in range(2):
        savings.note(store, "pytest", "word " * 100, ["green: 3 passed"])
    ((_, kinds),) = savings.kept(store).items()
    assert kinds == {"pytest": {"runs": 2, "raw": 200, "ours": 2 * estimate_tokens("green: 3 passed")}}


def test_no_more_is_saved_than_the_client_or_a_filter_would_have_shown(monkeypatch):
    assert len(savings.shown("x" * 99_999)) == 30_000
    monkeypatch.setenv("BASH_MAX_OUTPUT_LENGTH", "100")
    assert len(savings.shown("x" * 99_999)) == 100
    assert savings.shown("a\nb\nc", 2) == "b\nc"


def test_what_is_damaged_is_left_out(store, repository):
    savings.note(store, "pytest", "word", [])
    repository.keep("savings.json", '{"2026-01-01": {"pytest": {"runs": "x"}, "mypy": 3}, "2026-01-02": 7}')
    assert savings.kept(store) == {"2026-01-01": {}}
