"""How long `devtools tokens` takes for transcripts of a given size, and how much memory: one JSON line.

    python benchmarks/tokens_speed.py [--megabytes 500]

The transcripts are made here: answers with usage and calls of tools, results of 200 to 20,000 characters.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time

from devtools.client.transcripts import slug_of

FILES = 10


def write(path: str, size: int, seed: int) -> None:
    chance = random.Random(seed)
    text = "".join(chance.choice('abcdefgh \n"') for _ in range(20_000))
    number = 0
    with open(path, "w", encoding="utf-8") as stream:
        while stream.tell() < size:
            number += 1
            usage = {"input_tokens": 10, "cache_read_input_tokens": 20_000, "output_tokens": 50}
            given = {"command": chance.choice(["ls -la", "pytest -q 2>&1 | tail -20", "git status"])}
            call = {"type": "tool_use", "id": str(number), "name": "Bash", "input": given}
            message = {"role": "assistant", "id": str(number), "usage": usage, "content": [call]}
            result = {"type": "tool_result", "tool_use_id": str(number), "content": text[: chance.randint(200, 20_000)]}
            for entry in (message, {"role": "user", "content": [result]}):
                line = {
                    "sessionId": str(seed),
                    "timestamp": f"2026-11-{1 + number % 28:02}T10:00:00Z",
                    "message": entry,
                }
                stream.write(json.dumps(line) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=500)
    megabytes = parser.parse_args().megabytes
    with tempfile.TemporaryDirectory() as folder:
        root = os.path.realpath(os.path.join(folder, "project"))
        subprocess.run(["git", "init", "-q", root], check=True)
        home = os.path.join(folder, "home")
        place = os.path.join(home, "projects", slug_of(root))
        os.makedirs(place)
        for number in range(FILES):
            write(os.path.join(place, f"{number}.jsonl"), megabytes * 1_000_000 // FILES, number)
        start = time.perf_counter()
        argv = [sys.executable, "-m", "devtools", "tokens", "--json"]
        env = {**os.environ, "CLAUDE_CONFIG_DIR": home}
        done = subprocess.run(argv, cwd=root, env=env, capture_output=True, check=True)
        seconds = time.perf_counter() - start
        spent = resource.getrusage(resource.RUSAGE_CHILDREN)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
        said = json.loads(done.stdout)
        row = {"megabytes": said["bytes"] // 1_000_000, "seconds": round(seconds, 1), "cpu": round(spent.ru_utime, 1)}
        row["peak_megabytes"] = peak
        print(json.dumps({**row, "requests": said["total"]["requests"], "missed": len(said["missed"])}))


if __name__ == "__main__":
    main()
