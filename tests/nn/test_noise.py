"""Noise: every level is compared with the same networks without it, and the answer follows the intervals."""

from nn.datasets import draw
from nn.experiments.noise import LEVELS, Config, run, trained
from nn.experiments.noise import _answer as answer

SMALL = Config(networks=8, held_out=100, steps=200)


def fact(gain, won):
    return {"gain": gain, "gain half": 0.1, "won": won, "won half": 0.1}


def test_every_level_is_a_row_and_none_is_compared_with_itself():
    result = run(SMALL)
    assert [row[0] for row in result.rows] == list(LEVELS)
    assert result.rows[0][3] == result.rows[0][5] == "0.0000 ± 0.0000"
    assert result.facts["0.4"]["gain"] > 0
    assert len(result.curves["new samples"]) == len(LEVELS)


def test_strong_noise_keeps_a_network_from_its_own_samples():
    test = draw("moons", 50, 1)
    quiet, loud = (trained(level, test, SMALL) for level in (0.0, 0.8))
    assert quiet[0].shape == quiet[1].shape == quiet[2].shape == (8,)
    assert quiet[0].mean() < loud[0].mean()


def test_the_answer_names_the_levels_that_help_and_those_that_harm():
    assert answer({"0.1": fact(0.5, 0.3), "0.8": fact(-0.5, 0)}).startswith("Yes: noise of 0.1 lowered")
    assert answer({"0.1": fact(0.5, 0.3), "0.8": fact(-0.5, 0)}).endswith("Noise of 0.8 harmed.")
    assert "but not measurably more answers are right" in answer({"0.1": fact(0.5, 0.0)})
    assert "but fewer are right" in answer({"0.1": fact(0.5, -0.3)})
    assert answer({"0.1": fact(0.05, 0.3)}).startswith("No, against the folklore: no level")


def test_a_level_that_lowers_the_loss_and_loses_right_answers_is_said_to_do_both():
    said = answer({"0.1": fact(0.5, 0.3), "0.8": fact(0.4, -0.2)})
    assert said.startswith("Yes: noise of 0.1, 0.8 lowered")
    assert said.endswith("Fewer answers are right with noise of 0.8. Noise of 0.8 harmed.")


def test_the_picture_shows_how_sure_each_loss_is():
    result = run(Config(networks=6, steps=20))
    assert all(half > 0 for points in result.curves.values() for _, _, half in points)
    assert result.picture().count("stroke-opacity") == 2 * len(LEVELS)
