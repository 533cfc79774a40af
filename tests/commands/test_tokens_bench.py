"""What outputs cost is counted with a tokenizer that is named."""

import json

from devtools.commands import tokens_bench
from devtools.report import Style, emit


def test_the_bench_runs_this_repository_s_own_tools_and_names_its_tokenizer(repository, capsys):
    repository.put("a.py", "x = 1\n" * 200)
    repository.commit("chore: one")
    repository.put("a.py", "x = 1\n" * 100 + "y = 2\n" + "x = 1\n" * 100)
    repository.commit("chore: two")
    assert emit(tokens_bench.report(str(repository.path)), Style(json=True)) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["tokenizer"] in (tokens_bench.ESTIMATE, "o200k_base of bpe-openai")
    rows = {row["command"]: row for row in said["rows"]}
    assert rows["git log"]["ours"] < rows["git log"]["raw"]
    assert rows["ruff"]["raw"] > 0
    assert -1 < said["rough_error"] < 1


def test_without_a_tokenizer_the_bundled_estimate_counts(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    count, name = tokens_bench.counter()
    assert (count("word word"), name) == (2, tokens_bench.ESTIMATE)
