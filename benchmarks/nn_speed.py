"""How fast is nn? One script, one run, ratios. `python benchmarks/nn_speed.py [--networks N]`

Peers that are not installed are skipped with a printed reason (`pip install torch jax scikit-learn micrograd`).
Every peer does the same work: XOR, 2-4-1, full batch, plain gradient descent. Peers that are compared closely take
turns, round after round, so that a busy machine slows them alike; of each the fastest round counts. Beside the clock
stands the processor time, which other programs hardly change.
"""

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from nn import Network
from nn.data import XOR_X as X
from nn.data import XOR_Y as Y
from nn.ensemble import Ensemble
from nn.optim import SGD
from nn.piece import Piece

RATE = 0.5


@dataclass(frozen=True)
class Taken:
    """What one run took: `wall` seconds of the clock, `cpu` seconds of processors (all threads together)."""

    wall: float
    cpu: float

    def least(self, other: "Taken") -> "Taken":
        return Taken(min(self.wall, other.wall), min(self.cpu, other.cpu))

    def times(self, factor: float) -> "Taken":
        return Taken(self.wall * factor, self.cpu * factor)


NEVER = Taken(float("inf"), float("inf"))


def taken(work: Callable[[], object]) -> Taken:
    """One run of `work`."""
    wall, processor = time.perf_counter(), time.process_time()
    work()
    return Taken(time.perf_counter() - wall, time.process_time() - processor)


def plain(steps: int) -> None:
    rng = np.random.default_rng(0)
    W1, b1, W2, b2 = rng.normal(size=(2, 4)), np.zeros(4), rng.normal(size=(4, 1)), np.zeros(1)
    for _ in range(steps):
        a1 = np.maximum(X @ W1 + b1, 0)
        a2 = 1 / (1 + np.exp(-(a1 @ W2 + b2)))
        d2 = (a2 - Y) / 4
        d1 = (d2 @ W2.T) * (a1 > 0)
        gW2, gb2, gW1, gb1 = a1.T @ d2, d2.sum(0), X.T @ d1, d1.sum(0)
        W1 -= RATE * gW1
        b1 -= RATE * gb1
        W2 -= RATE * gW2
        b2 -= RATE * gb2


def ours(steps: int) -> None:
    network = Network([2, 4, 1])
    compiled, vector = network.compile(X, Y), network.parameters.vector
    optimiser = SGD(RATE, vector.size, network.dtype)
    for _ in range(steps):
        compiled.run_gradient()
        optimiser.update(vector, compiled.gradient)


def by_sample(steps: int) -> None:
    """One network, one sample at a time: the loop that people write first."""
    rng = np.random.default_rng(0)
    W1, b1, W2, b2 = rng.normal(size=(2, 4)), np.zeros(4), rng.normal(size=(4, 1)), np.zeros(1)
    for _ in range(steps):
        gW1, gb1, gW2, gb2 = np.zeros((2, 4)), np.zeros(4), np.zeros((4, 1)), np.zeros(1)
        for x, y in zip(X, Y, strict=True):
            a1 = np.maximum(x @ W1 + b1, 0)
            d2 = (1 / (1 + np.exp(-(a1 @ W2 + b2))) - y) / 4
            d1 = (W2 @ d2) * (a1 > 0)
            gW2 += np.outer(a1, d2)
            gb2 += d2
            gW1 += np.outer(x, d1)
            gb1 += d1
        W1 -= RATE * gW1
        b1 -= RATE * gb1
        W2 -= RATE * gW2
        b2 -= RATE * gb2


def sklearn_xor(steps: int) -> None:
    import warnings

    from sklearn.neural_network import MLPClassifier

    warnings.simplefilter("ignore")
    model = MLPClassifier(
        (4,), "relu", solver="sgd", alpha=0, batch_size=4, learning_rate_init=RATE, max_iter=steps,
        momentum=0, nesterovs_momentum=False, tol=0, n_iter_no_change=steps + 1, random_state=0,
    )  # fmt: skip
    model.fit(X, Y[:, 0])
    assert model.n_iter_ == steps


def micrograd_xor(steps: int) -> None:
    """Squared error, for micrograd has no logarithm."""
    from micrograd.nn import MLP

    model = MLP(2, [4, 1])
    samples = [(list(map(float, x)), float(y[0])) for x, y in zip(X, Y, strict=True)]
    for _ in range(steps):
        loss = sum((model(x) - y) ** 2 for x, y in samples) * 0.25
        model.zero_grad()
        loss.backward()
        for parameter in model.parameters():
            parameter.data -= 0.05 * parameter.grad


def torch_xor(steps: int) -> None:
    import torch

    torch.set_num_threads(1)
    x, y = torch.tensor(X), torch.tensor(Y)
    model = torch.nn.Sequential(torch.nn.Linear(2, 4), torch.nn.ReLU(), torch.nn.Linear(4, 1)).double()
    optimiser = torch.optim.SGD(model.parameters(), lr=RATE)
    for _ in range(steps):
        optimiser.zero_grad()
        torch.nn.functional.binary_cross_entropy_with_logits(model(x), y).backward()
        optimiser.step()


def jax_networks(networks: int, steps: int) -> Callable[[], object]:
    import jax
    import jax.numpy as jnp

    x, y = jnp.asarray(X, jnp.float32), jnp.asarray(Y, jnp.float32)

    def loss(p):
        z = jnp.maximum(x @ p[0] + p[1], 0) @ p[2] + p[3]
        return jnp.mean(jnp.maximum(z, 0) - z * y + jnp.log1p(jnp.exp(-jnp.abs(z))))

    def step(p, _):
        return jax.tree.map(lambda w, g: w - RATE * g, p, jax.grad(loss)(p)), None

    rng = np.random.default_rng(0)
    shapes = [(2, 4), (4,), (4, 1), (1,)]
    start = [jnp.asarray(rng.normal(size=(networks, *shape)), jnp.float32) for shape in shapes]
    work = jax.jit(jax.vmap(lambda p: jax.lax.scan(step, p, None, length=steps)[0]))
    jax.block_until_ready(work(start))  # compile outside the timing
    return lambda: jax.block_until_ready(work(start))


def in_turn(works: dict[str, Callable[[], object]], rounds: int = 5) -> dict[str, Taken]:
    """The least of `rounds` runs of each, taken in turn; a peer that is not installed is left out and named."""
    best: dict[str, Taken] = {}
    for _ in range(rounds):
        for name, work in list(works.items()):
            try:
                best[name] = best.get(name, NEVER).least(taken(work))
            except ImportError as error:
                print(f"  {name:<52} skipped: {error}")
                del works[name]
    return best


def show(times: dict[str, Taken], base: str) -> None:
    print(f"  {'':<52} {'seconds':>10} {'times':>8}   {'processor':>10} {'times':>8}")
    for name, each in times.items():
        wall, processor = each.wall / times[base].wall, each.cpu / times[base].cpu
        print(f"  {name:<52} {each.wall:10.3f} {wall:8.2f}   {each.cpu:10.3f} {processor:8.2f}")


def bytes_of(call: Any) -> int:
    """What a call of a compiled step reads and writes; a ufunc has its result as its last argument."""
    read = sum(a.nbytes for a in call.args if isinstance(a, np.ndarray))
    return read + (call.keywords["out"].nbytes if "out" in call.keywords else 0)


def traffic(pieces: list[Piece]) -> tuple[int, int]:
    """Bytes read and written and floating-point operations of one step, an exponential counted as one operation."""
    moved = operations = 0
    for piece in pieces:
        for call in piece.run.__self__.calls:
            read = [a for a in call.args if isinstance(a, np.ndarray)]
            written = call.keywords.get("out", read[-1])
            moved += bytes_of(call)
            if call.func is np.dot:
                operations += 2 * written.size * read[0].shape[-1]
            else:
                operations += max(a.size for a in (*read, written)) * (2 if call.func is np.einsum else 1)
        moved += 3 * piece.vector.nbytes  # the step itself: parameters less gradient
        operations += piece.vector.size
    return moved, operations


def cpu(work: Callable[[], object], times: int, repeats: int = 7) -> float:
    """Processor time of one call: the least of `repeats` series of `times`, so that other programs hardly count."""
    best = float("inf")
    for _ in range(repeats):
        start = time.process_time()
        for _ in range(times):
            work()
        best = min(best, (time.process_time() - start) / times)
    return best


def slowest(piece: Piece, count: int = 6) -> None:
    """The calls of a step that cost most, each with its speed: what is left when memory is not the limit."""
    piece.run()
    with np.errstate(all="ignore"):  # Repeated alone, a call that writes over its input runs away.
        costs = [(cpu(call, 100), call) for call in piece.run.__self__.calls]
    whole = sum(cost for cost, _ in costs)
    for cost, call in sorted(costs, key=lambda each: -each[0])[:count]:
        arrays = [a for a in (*call.args, *call.keywords.values()) if isinstance(a, np.ndarray)]
        what = ", ".join("x".join(map(str, a.shape)) + " bool" * (a.dtype == bool) for a in arrays)
        speed = 1e-9 * bytes_of(call) / cost
        print(f"    {call.func.__name__:<10} {what:<36} {100 * cost / whole:3.0f} %, {speed:3.0f} GB/s")


def stepped(networks: int) -> float:
    """Processor time of one step of so many networks, all pieces one after the other on one core."""
    training = Ensemble([2, 4, 1], range(networks), dtype="float32").training(X, Y, RATE)
    return sum(cpu(lambda place=place: training._advance(place, 50), 1) / 50 for place in range(len(training.pieces)))


def limits(ensemble: Ensemble, steps: int, measured: float) -> None:
    """Where the time goes, beside what the bytes and the operations would take at the best speed numpy shows here."""
    pieces = ensemble.training(X, Y, RATE).pieces
    moved, operations = traffic(pieces)
    long = [np.ones(16 * pieces[0].vector.shape[-1], np.float32) for _ in range(3)]
    square = [np.ones((64, 64), np.float32) for _ in range(3)]  # small enough for one thread of the matrix library
    near = cpu(lambda: np.add(*long), 200) / sum(a.nbytes for a in long)
    product = cpu(lambda: np.dot(*square), 2000) / (2 * 64**3)
    busy, start = stepped(ensemble.networks) * steps, stepped(len(pieces)) * len(pieces) * steps
    print(f"  per network and step: {moved / ensemble.networks:.0f} bytes read or written by numpy's calls, ", end="")
    print(f"{operations / ensemble.networks:.0f} floating-point operations")
    print(f"  processor time {busy:.3f} s; in {measured:.3f} s, so {busy / measured:.2f} cores were kept busy")
    for name, floor in (
        (f"{sum(len(p.run.__self__.calls) + 1 for p in pieces)} calls a step, started with one network each", start),
        (f"these bytes at the speed of a sum of such arrays ({1e-9 / near:.0f} GB/s)", moved * near * steps),
        (
            f"these operations as in a product of 64x64 matrices ({1e-9 / product:.0f} G/s)",
            operations * product * steps,
        ),
    ):
        print(f"  {name}: {floor:.3f} s, {100 * floor / busy:.0f} % of the processor time")
    print("  the calls of a step that cost most, their share and their speed:")
    slowest(pieces[0])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--steps", type=int, default=10_000)
    parser.add_argument("--networks", type=int, default=10_000)
    parser.add_argument("--network-steps", type=int, default=2_000)
    options = parser.parse_args()
    print(f"XOR 2-4-1, {options.steps} full-batch steps, float64")
    close = {"nn": lambda: ours(options.steps), "plain numpy, no tape": lambda: plain(options.steps)}
    far = {
        "numpy, sample by sample": lambda: by_sample(options.steps),
        "PyTorch, one thread": lambda: torch_xor(options.steps),
        "scikit-learn": lambda: sklearn_xor(options.steps),
        "micrograd (squared error)": lambda: micrograd_xor(options.steps),
    }
    show(in_turn(close) | in_turn(far, 1), "nn")
    print(f"{options.networks} networks, {options.network_steps} steps, float32")
    ensemble = Ensemble([2, 4, 1], range(options.networks), dtype="float32")
    alone = ensemble.training(X, Y, RATE)
    works: dict[str, Callable[[], object]] = {
        "nn.ensemble": lambda: ensemble.train(X, Y, options.network_steps, RATE),
        "nn.ensemble, its pieces one after the other": lambda: [
            alone._advance(place, options.network_steps) for place in range(len(alone.pieces))
        ],
    }
    try:
        works["JAX vmap, jit, scan"] = jax_networks(options.networks, options.network_steps)
    except ImportError as error:
        print(f"  JAX skipped: {error}")
    times = in_turn(works)
    # The loops are measured on 1,000 steps of one network and multiplied out: they would take half an hour.
    loops = options.networks * options.network_steps / 1000
    one = in_turn(
        {
            "loop, plain numpy sample by sample": lambda: by_sample(1000),
            "loop, plain numpy full batch": lambda: plain(1000),
            "loop, our own compiled Network": lambda: ours(1000),
        }
    )
    show(times | {name + " (multiplied out)": each.times(loops) for name, each in one.items()}, "nn.ensemble")
    limits(ensemble, options.network_steps, times["nn.ensemble"].wall)


if __name__ == "__main__":
    main()
