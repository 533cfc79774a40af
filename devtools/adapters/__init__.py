"""The only processes and files: git, the checkers, pytest, and the store in the git directory."""
