"""What do the kept keys and values and the single thread save? `python benchmarks/writing_speed.py [--epochs N]`

Writing 64 characters from a prompt of one: reading only what is new, since the keys and values of the rest are kept;
reading the whole window anew in one compiled pass; and with a new pass for each length, in turns. Then `nn chars` with
as many threads for matrices as there are cores against its own choice of one, in turns.
"""

import argparse
import os
import subprocess
import sys
import time

from nn.sampling import Reader
from nn.transformer import Transformer

CHARACTERS, CONTEXT, VOCABULARY = 64, 64, 55


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--epochs", type=int, default=2)
    asked = options.parse_args()
    print("| what | seconds, best | times the first |")
    print("| --- | --- | --- |")
    ways = {"keys and values kept": kept, "window filled up": filled, "a pass for every length": lambda: bare}
    report(asked.rounds, {name: lambda way=way: write(way()) for name, way in ways.items()})
    cores = str(os.cpu_count())
    report(
        asked.rounds,
        {f"nn chars, {n} thread(s)": lambda n=n: learn(asked.epochs, n) for n in ("1", cores)},
    )


def kept():
    """A reader of its own for each text."""
    readers = {}
    return lambda model, seen: readers.setdefault(id(model), Reader(model)).next_logits(seen)


def filled():
    """The window filled up to the full context, so that one compiled pass serves every length."""
    return lambda model, seen: model.forward(seen + [0] * (CONTEXT - len(seen)))[0, len(seen) - 1]


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
