"""Small matrices are multiplied by one thread here as well, so that tests side by side do not wait for each other."""

import os

from nn.__main__ import THREADS

for name in THREADS:
    os.environ.setdefault(name, "1")
