"""Features: units are named by when they are active, and the answer follows the counts."""

from collections import Counter

from nn.experiments.features import Config, gate, run
from nn.experiments.features import _answer as answer


def test_a_unit_is_named_by_the_cases_in_which_it_is_active():
    assert [gate(cases) for cases in ("0001", "0111", "1110", "0101")] == ["AND", "OR", "NAND", "0101"]


def test_all_units_of_all_solved_networks_are_counted():
    result = run(Config(networks=40, steps=800))
    assert sum(row[1] for row in result.rows) % 4 == 0
    assert sum(row[1] for row in result.rows) == sum(result.facts.values()) > 0
    assert "units compute AND, OR or NAND" in result.answer


def test_the_answer_contradicts_the_folklore_when_the_counts_do():
    assert answer(Counter({"AND": 3, "NOR": 1})).startswith("Mostly: 3 of 4")
    assert answer(Counter({"AND": 1, "NOR": 3})).startswith("Mostly not, against the folklore: 1 of 4")
    assert answer(Counter()).startswith("No network of this run")
