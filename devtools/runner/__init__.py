"""Run pytest in the project's own interpreter, and read back what it recorded.

This room owns two runs: one of the working tree for the checks, one of a snapshot for the proof.
It does not choose the tests (`selection`) or judge their results (`checks`, `proof`).
Read `working_tree` first; what runs on the other side lies in `inside`.
"""
