from devtools.budget import estimate_tokens
from devtools.learn.relevance import fitting, words

INSIGHTS = [
    "ruff prints a diagnostic where older ones said: a parser of the old line saw zero files",
    "numpy replays are faster; a tape saves more than it costs",
    "a budget of tokens must reserve what may not be lost, in every parser too",
]


def test_words_tell_something_of_paths_and_sentences():
    assert words("devtools/core/parsers_test.py The API, 12 x") == {"devtool", "core", "parser", "api"}


def test_the_insight_with_the_rarest_shared_words_comes_first_and_strangers_never():
    assert fitting(INSIGHTS, ["nn/tape.py"], 150) == [INSIGHTS[1]]
    assert fitting(INSIGHTS, ["core/budget.py", "parser.py"], 150) == [INSIGHTS[2], INSIGHTS[0]]
    assert fitting(INSIGHTS, ["nothing/here.py"], 150) == fitting([], ["a"], 150) == fitting(INSIGHTS, [], 150) == []


def test_three_at_most_and_never_more_than_the_budget():
    assert len(fitting([f"{text} tape" for text in INSIGHTS * 2], ["tape"], 999)) == 3
    small = estimate_tokens(INSIGHTS[1]) + 1
    assert fitting(INSIGHTS, ["tape", "numpy", "parser"], small) == [INSIGHTS[1]]
    assert fitting(INSIGHTS, ["tape"], small - 1) == []
