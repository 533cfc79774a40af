"""Choose which tests need not run again, and say why.

This room owns two records: what each test file read, and which functions it entered when it last passed.
It does not run the tests (`runner`) or decide what their outcome means (`checks`, `proof`).
Read `affected` first, then `memory`.
"""
