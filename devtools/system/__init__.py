"""Run programs, take locks, and keep files safe from links and kills.

This room owns processes, their environment and output, temporary folders, locks, and the store in the git directory.
It knows nothing of git's commands, of projects or of tests: the rooms above ask for those.
Read `process` first, then `store`.
"""
