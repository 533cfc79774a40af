"""Linear separability: the theorem shows in the counts, and the answer follows the counts."""

import numpy as np

from nn.experiments.linear_separability import GATES, Config, correct_cases, lines, run
from nn.experiments.linear_separability import _answer as answer
from nn.experiments.linear_separability import _how_sure as how_sure

SMALL = Config(networks=10, steps=1000)


def test_no_network_without_a_hidden_layer_solves_xor_and_all_solve_the_others():
    result = run(SMALL)
    assert result.facts["XOR 2-1"] == 0
    assert [result.facts[f"{gate} 2-1"] for gate in ("AND", "OR", "NAND")] == [10, 10, 10]
    assert result.facts["XOR 2-4-1"] > 5
    assert result.answer.startswith("No: no single line separates XOR.")
    assert "0 of 10" in result.answer
    assert len(result.rows) == 8
    assert run(SMALL) == result


def test_a_run_in_which_xor_was_solved_without_hidden_units_would_not_answer_no():
    facts = {"XOR 2-1": 1, "XOR 2-4-1": 2, "AND 2-1": 1, "OR 2-1": 1, "NAND 2-1": 1}
    assert answer(facts, SMALL).startswith("Not clear from this run. Without")


def test_cases_are_counted_per_network():
    assert correct_cases([2, 1], np.array([0.0, 1, 1, 1]), SMALL).tolist() == [4] * 10


def test_lines_draw_every_label_but_xor_and_its_opposite():
    every = {tuple(map(int, f"{number:04b}")) for number in range(16)}
    assert every - lines() == {(0, 1, 1, 0), (1, 0, 0, 1)}


def test_the_answer_says_what_counting_leaves_open():
    assert how_sure(0, 1000) == (
        "Counting leaves up to 0.4 % (95 % confidence). Of the 16 ways to label the four cases lines through their "
        "square draw 14; of these gates AND, OR, NAND."
    )
    assert run(SMALL).answer.endswith(how_sure(0, 10))
    assert "each other gate by at least 10 of 10 (100.0 %); with one" in run(SMALL).answer


def test_the_picture_names_each_gate():
    picture = run(Config(networks=4, steps=20)).picture()
    assert all(f">{gate}</text>" in picture for gate in GATES)
