"""Entry of `nn` and `python -m nn`."""

import os
import sys

# The libraries that may multiply matrices for numpy; each reads its own variable, once, when it is loaded.
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


def main() -> None:
    """Run the command line and exit with its code; matrices are multiplied by one thread, unless the user says else."""
    # nn chars took 517 s with OpenBLAS's two threads on a busy machine of two cores and 43 s with one: threads that
    # wait by spinning take the core away from the one that they wait for.
    for name in THREADS:
        os.environ.setdefault(name, "1")
    from nn.cli import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
