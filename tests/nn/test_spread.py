"""Spread: the same numbers here, in processes and on a cluster, and a lost worker costs nothing but time."""

import os
import signal
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from nn import spread as spreads
from nn.progress import watching
from nn.spread import Asked, here, in_processes, on_dask, spread, spreading


@dataclass(frozen=True)
class Config(Asked):
    networks: int = 7
    mark: str = ""


def numbers(config):
    """Something that only the seeds decide, of one and of two axes."""
    rows = np.array([np.random.default_rng(seed).random(2) for seed in config.seeds])
    return {"rows": rows, "first": rows[:, 0]}


def dies_once(config):
    """Its process is killed in the middle of one piece, the first time."""
    mark = Path(config.mark)
    if config.first == 4 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return numbers(config)


def dies(config):
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch):
    monkeypatch.setattr(spreads, "PIECE", 2)


def test_pieces_in_processes_give_the_numbers_that_one_network_after_the_other_gives():
    whole = numbers(Config())
    for engine in (here, in_processes):
        with spreading(engine):
            found = spread(numbers, Config())
        assert found.keys() == whole.keys()
        assert all(found[name].tobytes() == whole[name].tobytes() for name in whole)


def test_a_piece_whose_process_is_killed_is_measured_again(tmp_path):
    with spreading(in_processes):
        found = spread(dies_once, Config(mark=str(tmp_path / "died")))
    assert (tmp_path / "died").exists()
    np.testing.assert_array_equal(found["rows"], numbers(Config())["rows"])


def test_pieces_that_never_survive_are_given_up_in_a_sentence(monkeypatch):
    monkeypatch.setattr(spreads, "LOST", 1)
    with spreading(in_processes), pytest.raises(RuntimeError, match="4 pieces of 4 lost their process 2 times"):
        spread(dies, Config())


def test_each_piece_is_told_and_few_networks_are_measured_where_we_are():
    seen, called = [], []
    with watching(lambda *told: seen.append(told)):
        spread(numbers, Config())
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]
    with spreading(lambda *_: called.append(1)):
        assert len(spread(numbers, Config(networks=2))["rows"]) == 2
    assert not called


def test_a_cluster_gives_the_same_numbers_and_outlives_a_killed_worker(tmp_path):
    distributed = pytest.importorskip("distributed", reason="needs the extra dask")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
        ) as cluster,
        spreading(on_dask(cluster.scheduler_address)),
    ):
        found = spread(dies_once, Config(mark=str(tmp_path / "died")))
    assert (tmp_path / "died").exists()
    np.testing.assert_array_equal(found["rows"], numbers(Config())["rows"])


def test_a_scheduler_that_does_not_answer_is_named():
    pytest.importorskip("distributed", reason="needs the extra dask")
    with pytest.raises(ValueError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:1"):
        list(on_dask("tcp://127.0.0.1:1")(numbers, [Config()]))


def test_no_seed_is_asked_twice_whatever_piece_a_network_is_in():
    assert list(Config(first=2, networks=3).seeds) == list(Config(networks=7).seeds)[2:5]
    assert not set(Config(seed=1).seeds) & set(Config(seed=0).seeds)
    assert len(spread(numbers, Config(first=1, networks=6))["rows"]) == 6
