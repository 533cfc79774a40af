"""What do the filled window and the single thread save? `python benchmarks/writing_speed.py [--epochs N]`

Writing 64 characters from a prompt of one, with one compiled pass for every length against a new one for each, in
turns; then `nn chars` with as many threads for matrices as there are cores against its own choice of one, in turns.
"""

import argparse
import os
import subprocess
import sys
import time

from nn.sampling import next_logits
from nn.transformer import Transformer

CHARACTERS, CONTEXT, VOCABULARY = 64, 64, 55


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--epochs", type=int, default=2)
    asked = options.parse_args()
    print("| what | seconds, best | times the first |")
    print("| --- | --- | --- |")
    report(
        asked.rounds, {"window filled up": lambda: write(next_logits), "a pass for every length": lambda: write(bare)}
    )
    cores = str(os.cpu_count())
    report(
        asked.rounds,
        {f"nn chars, {n} thread(s)": lambda n=n: learn(asked.epochs, n) for n in ("1", cores)},
    )


def bare(model, seen):
    """What came before: the window as long as what was seen."""
    return model.forward(seen)[0, -1]


def write(logits):
    """Go on from one token with the likeliest next, in a model that has compiled nothing yet."""
    model, tokens = Transformer(VOCABULARY, CONTEXT, dtype="float32"), [3]
    for _ in range(CHARACTERS):
        tokens.append(int(logits(model, tokens[-CONTEXT:]).argmax()))


def learn(epochs, threads):
    limits = {f"{name}_NUM_THREADS": threads for name in ("OMP", "OPENBLAS", "MKL")}
    command = [sys.executable, "-m", "nn", "chars", "--epochs", str(epochs), "--sample", "0", "--json"]
    subprocess.run(command, check=True, env={**os.environ, **limits}, stdout=subprocess.DEVNULL)


def report(rounds, works):
    times = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            start = time.perf_counter()
            work()
            times[name].append(time.perf_counter() - start)
    first = min(next(iter(times.values())))
    for name, taken in times.items():
        print(f"| {name} | {min(taken):.2f} | {min(taken) / first:.2f} |", flush=True)


if __name__ == "__main__":
    main()
