"""The only processes and files: git, the checkers, pytest, and the store under `.devtools/`."""
