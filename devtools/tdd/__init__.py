"""Guide one cycle: a failing test, the code, the clean-up.

This room owns the phases, their state in the git directory, and the way back to what a phase holds.
It only guides: `proof` decides at the commit, and `hooks` refuse an edit that breaks a phase.
Read `cycle` first, a pure state machine, then `store`.
"""
