"""How fast is the transformer? `python benchmarks/transformer_speed.py [--rounds N] [--threads N]` (needs torch)

Forward and backward of a character transformer (2 blocks, width 64, 4 heads, context 64, batch 32, float32) against
PyTorch with the same weights: both take turns, the fastest round of each counts, and both must agree on the loss and
on every gradient, or there is no figure. Without `--threads`: once with as many threads as each takes by itself, once
with one, each in a process of its own, since the number of threads is settled when numpy is imported.
"""

import argparse
import os
import subprocess
import sys
import time

import numpy as np
import torch
from torch.nn import functional

from nn.transformer import Transformer

VOCABULARY, CONTEXT, BATCH = 65, 64, 32


def peer(model, named, tokens, targets):
    """The loss of the same model in PyTorch, with its fused attention and layer norm."""
    x = functional.embedding(tokens, named["E"]) + named["P"]
    for n in range(1, model.blocks + 1):
        h = functional.layer_norm(x, (model.width,), named[f"gain.a.{n}"], named[f"shift.a.{n}"])
        q, k, v = (
            (h @ named[f"W{letter}.{n}"] + named[f"b{letter}.{n}"])
            .view(BATCH, CONTEXT, model.heads, -1)
            .transpose(1, 2)
            for letter in "qkv"
        )
        taken = functional.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2)
        x = x + taken.reshape(BATCH, CONTEXT, -1) @ named[f"Wo.{n}"] + named[f"bo.{n}"]
        h = functional.layer_norm(x, (model.width,), named[f"gain.m.{n}"], named[f"shift.m.{n}"])
        x = x + functional.relu(h @ named[f"W1.{n}"] + named[f"b1.{n}"]) @ named[f"W2.{n}"] + named[f"b2.{n}"]
    h = functional.layer_norm(x, (model.width,), named["gain.out"], named["shift.out"])
    return functional.cross_entropy((h @ named["W"] + named["b"]).flatten(0, 1), targets.flatten())


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=20)
    options.add_argument("--threads", type=int, help="of each; 0: as many as each takes by itself")
    options.add_argument("--row", action="store_true", help="one row of the table, in this process")
    asked = options.parse_args()
    if asked.row:
        return measure(asked.rounds, asked.threads)
    print("| threads of each | nn ms | PyTorch ms | fastest | median of the rounds |")
    print("| --- | --- | --- | --- | --- |", flush=True)
    for threads in (0, 1) if asked.threads is None else (asked.threads,):
        limits = {f"{name}_NUM_THREADS": str(threads) for name in ("OMP", "OPENBLAS", "MKL") if threads}
        again = [sys.executable, __file__, "--row", "--rounds", str(asked.rounds), "--threads", str(threads)]
        subprocess.run(again, check=True, env={**os.environ, **limits})


def measure(rounds, threads):
    if threads:
        torch.set_num_threads(threads)
    model, rng = Transformer(VOCABULARY, CONTEXT, dtype="float32"), np.random.default_rng(0)
    tokens, targets = rng.integers(VOCABULARY, size=(2, BATCH, CONTEXT))
    compiled = model.compile(tokens, targets)
    named = {name: torch.tensor(array, requires_grad=True) for name, array in model.parameters.named.items()}
    there, aims = torch.tensor(tokens), torch.tensor(targets)

    def theirs():
        for parameter in named.values():
            parameter.grad = None
        loss = peer(model, named, there, aims)
        loss.backward()
        return float(loss.detach())

    times = {"nn": [], "PyTorch": []}
    for _ in range(rounds):
        for name, work in (("nn", compiled.run_both), ("PyTorch", theirs)):
            start = time.perf_counter()
            work()
            times[name].append(time.perf_counter() - start)
    np.testing.assert_allclose(compiled.loss, theirs(), rtol=1e-5)
    for name, gradient in model.parameters.split(compiled.gradient).items():
        np.testing.assert_allclose(gradient, named[name].grad.numpy(), rtol=1e-3, atol=1e-6, err_msg=name)
    ours, best = min(times["nn"]), min(times["PyTorch"])
    ratios = sorted(a / b for a, b in zip(times["nn"], times["PyTorch"], strict=True))
    counted = threads or f"their own ({torch.get_num_threads()} of PyTorch)"
    print(f"| {counted} | {1000 * ours:.1f} | {1000 * best:.1f} | {ours / best:.2f} | {ratios[rounds // 2]:.2f} |")
    print(f"loss {compiled.loss:.4f} in both, numpy {np.__version__}, torch {torch.__version__}", file=sys.stderr)


if __name__ == "__main__":
    main()
