"""Features: units are named by when they are active, and the answer follows the counts."""

from collections import Counter

import pytest

from nn.experiments.features import Config, gate, named, run
from nn.experiments.features import _answer as answer
from nn.experiments.features import _compared as compared


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


def test_the_gates_are_compared_with_those_of_the_same_units_before_training():
    result = run(Config(networks=40, steps=800))
    assert sum(row[2] for row in result.rows) == pytest.approx(1.0) == sum(row[3] for row in result.rows)
    assert "before training it was" in result.answer
    assert named([("0001", "0101")]) == [["AND", "0101"]]
    more, fewer = [["AND", "OR"]] * 3, [["AND", "never"]] * 3
    assert compared(more, fewer) == (
        " A network's share is 1.0000 ± 0.0000, before training it was 0.5000 ± 0.0000: training makes more of them "
        "(0.5000 ± 0.0000)."
    )
    assert "training makes fewer (-0.5000 ± 0.0000)" in compared(fewer, more)
    assert "no measurable difference" in compared(more, more)
    assert compared([], []) == ""


def test_the_picture_names_each_gate_of_the_table():
    result = run(Config(networks=20, steps=200))
    picture = result.picture()
    assert all(f">{row[0]}</text>" in picture for row in result.rows)
