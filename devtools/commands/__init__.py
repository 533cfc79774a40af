"""Answer the command line: one module a verb.

This room owns options and the way from a verb to its report. `cli` holds the table of verbs.
A verb calls rooms and returns a Report; it decides nothing that another verb needs.
Read `show` first, the shortest one, then `hygiene`.
"""
