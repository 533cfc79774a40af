"""Say what project this is, and what each of its paths is for.

This room owns the settings, the interpreter, what is a test file, fingerprints, and the checkout of a snapshot.
It runs no tests (`runner`) and reads no Python beyond names of modules (`syntax`).
Read `project` first, then `path_kinds`.
"""
