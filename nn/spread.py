"""Measure many networks piece by piece: here, in processes, or on a Dask cluster, with the same numbers everywhere.

How networks are cut into pieces depends on nothing but their number, and each piece on nothing but its seeds. So it
does not matter how many work, nor in what order they finish, nor that a piece is measured again because its worker was
lost.
"""

import contextlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from functools import partial
from importlib import import_module
from typing import Any

import numpy as np

from nn.data import seeds_of
from nn.ops import Array
from nn.progress import Told

PIECE = 2000  # networks in a piece: more than most experiments ask, so that they are one piece as before
LOST = 3  # times a piece is measured again, because its worker died, before we give up


@dataclass(frozen=True)
class Asked:
    """Which networks an experiment asks: `networks` of them from the `first` on, and no other `seed` shares one."""

    seed: int = 0
    networks: int = 1000
    first: int = field(default=0, kw_only=True)

    @property
    def seeds(self) -> range:
        """A seed for each network."""
        whole = seeds_of(self.seed, self.first + self.networks)
        return whole[self.first :]


# What the networks of a config have in common to say: arrays whose first axis is its networks.
Found = Mapping[str, Array]
Measure = Callable[[Any], Found]
Engine = Callable[[Measure, list[Any]], Iterable[tuple[int, Found]]]


def here(measure: Measure, pieces: list[Any]) -> Iterator[tuple[int, Found]]:
    """Measure one piece after the other in this process."""
    for place, piece in enumerate(pieces):
        yield place, measure(piece)


def in_processes(measure: Measure, pieces: list[Any]) -> Iterator[tuple[int, Found]]:
    """Measure the pieces in a process for each core. A piece whose process dies is measured again.

    RuntimeError where pieces keep dying: most likely there is not enough memory.
    """
    left, lost = dict(enumerate(pieces)), 0
    while left:
        try:
            # Not threads: numpy lets go of Python's lock for only 5 to 20 µs of a call, and two threads over two
            # pieces ran as one.
            with ProcessPoolExecutor(min(len(left), os.cpu_count() or 1)) as pool:
                jobs = {pool.submit(measure, piece): place for place, piece in left.items()}
                for job in _as_done(jobs):
                    yield jobs[job], job.result()
                    del left[jobs[job]]
        except BrokenProcessPool:
            lost += 1
            if lost > LOST:
                raise RuntimeError(f"{len(left)} pieces of {len(pieces)} lost their process {lost} times") from None


def on_dask(address: str) -> Engine:
    """An engine that measures the pieces on the Dask cluster whose scheduler is at `address`, "tcp://127.0.0.1:8786".

    The scheduler gives the piece of a lost worker to another one. ValueError where `distributed` is not installed
    (extra "dask") or nobody answers at the address.
    """
    try:
        distributed = import_module("distributed")
    except ImportError:
        raise ValueError("--dask needs the extra dask: pip install 'claude-devtools[dask]'") from None

    def engine(measure: Measure, pieces: list[Any]) -> Iterator[tuple[int, Found]]:
        try:
            client = distributed.Client(address, timeout="10s")
        except (OSError, ValueError, TimeoutError) as error:
            raise ValueError(f"no Dask scheduler answers at {address}: {error}") from None
        with client:
            submit = partial(client.submit, measure, pure=False, retries=LOST)
            jobs = {submit(piece): place for place, piece in enumerate(pieces)}
            for job in distributed.as_completed(list(jobs)):
                yield jobs[job], job.result()

    return engine


_engine: ContextVar[Engine] = ContextVar("engine", default=here)


@contextlib.contextmanager
def spreading(engine: Engine) -> Iterator[None]:
    """Let `engine` measure the pieces of the experiments inside."""
    token = _engine.set(engine)
    try:
        yield
    finally:
        _engine.reset(token)


def spread(measure: Measure, config: Asked) -> dict[str, Array]:
    """Return what `measure` finds for all networks of `config`, each array of shape (networks, ...).

    `measure` gets configs that ask for a piece of the networks. It stands at the top of its module, so that another
    process finds it by name.
    """
    starts = range(config.first, config.first + config.networks, PIECE)
    pieces = [replace(config, first=start, networks=min(PIECE, starts.stop - start)) for start in starts]
    if len(pieces) <= 1:  # one piece is done before a process has started
        return dict(measure(config))
    told, parts = Told(len(pieces)), dict[int, Found]()
    for place, part in _engine.get()(measure, pieces):
        parts[place] = part
        told.add(1)
    return {name: np.concatenate([parts[place][name] for place in range(len(pieces))]) for name in parts[0]}


def _as_done(jobs: Iterable[Future[Found]]) -> Iterator[Future[Found]]:
    waiting = set(jobs)
    while waiting:
        done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
        yield from done
