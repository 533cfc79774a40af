"""How fast is nn? One script, one run, ratios. `python benchmarks/nn_speed.py [--networks N]`

Peers that are not installed are skipped with a printed reason. Every peer does the same work:
XOR, 2-4-1, full batch, plain gradient descent.
"""

import argparse
import time
from collections.abc import Callable

import numpy as np

from nn import Network
from nn.data import XOR_X as X
from nn.data import XOR_Y as Y
from nn.ensemble import Ensemble
from nn.optim import SGD

RATE = 0.5


def seconds(work: Callable[[], object], repeats: int = 3) -> float:
    """The fastest of `repeats` runs."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


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


def peer(name: str, measure: Callable[[], float], base: float) -> None:
    try:
        measured = measure()
    except ImportError as error:
        print(f"  {name:<38} skipped: {error}")
        return
    print(f"  {name:<38} {measured:9.3f} s   {measured / base:9.2f} times ours")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--steps", type=int, default=10_000)
    parser.add_argument("--networks", type=int, default=10_000)
    parser.add_argument("--network-steps", type=int, default=2_000)
    options = parser.parse_args()
    print(f"XOR 2-4-1, {options.steps} full-batch steps, float64")
    base = seconds(lambda: ours(options.steps))
    peer("nn", lambda: base, base)
    peer("plain numpy, no tape", lambda: seconds(lambda: plain(options.steps)), base)
    peer("numpy, sample by sample", lambda: seconds(lambda: by_sample(options.steps), 1), base)
    peer("PyTorch, one thread", lambda: seconds(lambda: torch_xor(options.steps), 1), base)
    print(f"{options.networks} networks, {options.network_steps} steps, float32")
    ensemble = Ensemble([2, 4, 1], range(options.networks), dtype="float32")
    base = seconds(lambda: ensemble.train(X, Y, options.network_steps, RATE))
    peer("nn.ensemble", lambda: base, base)
    peer("JAX vmap, jit, scan", lambda: seconds(jax_networks(options.networks, options.network_steps)), base)
    # The loop is measured on 1,000 steps of one network and multiplied out: it would take an hour.
    loops = options.networks * options.network_steps / 1000
    peer("loop, sample by sample (multiplied out)", lambda: loops * seconds(lambda: by_sample(1000)), base)


if __name__ == "__main__":
    main()
