"""Reach every Python that the tests of a proof start: this folder is on their PYTHONPATH.

This room owns the import of the snapshot under test, the probes for executed lines, mutants, and the signed channel.
Each file is loaded by its path and uses the standard library only. It tells what it sees and judges nothing.
Read `sitecustomize` first: it loads the files beside it.
"""
