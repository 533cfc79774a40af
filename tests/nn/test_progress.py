"""Progress: a training deep inside tells whoever listens, from every thread, and nobody else."""

from nn.data import XOR_X, XOR_Y
from nn.ensemble import LONG, PIECE, Ensemble
from nn.progress import Told, watching


def test_the_trainings_of_an_experiment_tell_how_far_they_are():
    seen = []
    with watching(lambda done, steps: seen.append((done, steps))):
        Ensemble([2, 2, 1], range(3)).train(XOR_X, XOR_Y, 120, 0.5)
    assert seen[-1] == (120, 120)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert len(seen) >= 50


def test_threads_add_up_to_all_steps_of_all_pieces():
    seen = []
    ensemble = Ensemble([2, 2, 1], range(PIECE + 2))
    with watching(lambda done, steps: seen.append((done, steps))):
        ensemble.train(XOR_X, XOR_Y, LONG, 0.5)
    assert seen[-1][1] == 2 * LONG
    assert max(done for done, _ in seen) == 2 * LONG


def test_who_does_not_listen_any_more_is_told_nothing_and_the_numbers_are_the_same():
    seen, networks = [], [Ensemble([2, 2, 1], range(2)) for _ in range(2)]
    with watching(lambda *told: seen.append(told)):
        networks[0].train(XOR_X, XOR_Y, 7, 0.5)
    count = len(seen)
    networks[1].train(XOR_X, XOR_Y, 7, 0.5)
    assert len(seen) == count
    assert networks[0].parameters.tobytes() == networks[1].parameters.tobytes()


def test_the_parts_of_a_training_are_all_its_steps():
    with watching(lambda *told: None):
        assert sum(Told(103).chunks(103)) == 103
    assert list(Told(5).chunks(5)) == [5]
    assert list(Told(0).chunks(0)) == []
