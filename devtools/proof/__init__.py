"""Compare two snapshots, and prove the newer one by its tests.

This room owns the verdict: witnesses, reasons, executed lines, mutants, overlays of old tests, and its record.
It does not read messages or limit sizes (`commit`), and it starts pytest only through `runner`.
Read `prove` first: it names the steps in order.
"""
