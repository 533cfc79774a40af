"""Seeds: solutions are told apart by what their units do, not by how they are numbered."""

import numpy as np

from nn.experiments.seeds import Config, run, solution
from nn.experiments.seeds import _answer as answer
from nn.experiments.seeds import _how_sure as how_sure


def test_renumbering_hidden_units_does_not_make_another_solution():
    W, b = np.array([[1.0, -1.0], [1.0, -1.0]]), np.array([-1.5, 1.5])
    assert solution(W, b) == ("0001", "1110") == solution(W[:, ::-1], b[::-1])


def test_the_census_counts_every_solved_network_once():
    result = run(Config(networks=60, steps=800))
    assert 0 < result.facts["solved"] <= 60
    assert sum(count for _, count in result.curves["solutions"]) == result.facts["solved"]
    assert len(result.curves["solutions"]) == result.facts["distinct"]
    assert result.answer.startswith(f"No: {result.facts['solved']} of 60")
    assert [row[1] for row in result.rows] == sorted((row[1] for row in result.rows), reverse=True)


def test_one_way_only_would_be_answered_with_yes():
    assert answer({"networks": 2, "solved": 2, "distinct": 1}).startswith("Yes, as far as this run shows: 2 of 2")


def test_the_answer_says_how_many_more_ways_there_would_be():
    facts = {"networks": 10, "solved": 8, "distinct": 4, "seen once": 2}
    assert how_sure(facts) == (
        "With 95 % confidence 80.0 % (49.0 to 94.3) of such networks solve it. More networks would show more ways: "
        "the next to solve XOR brings a new one with a chance of 25.0 %."
    )
    assert how_sure({**facts, "seen once": 0}).endswith("of such networks solve it.")
    assert how_sure({**facts, "solved": 0}).startswith("With 95 % confidence 0.0 % (0.0 to 27.8)")
    result = run(Config(networks=60, steps=800))
    assert result.facts["seen once"] == [count for _, count in result.curves["solutions"]].count(1)
    assert result.answer.endswith(how_sure(result.facts))
