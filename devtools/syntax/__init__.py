"""Read Python source without running it.

This room owns what the syntax tree says: imports, tests, production statements, doctests, and what two versions share.
It is pure: text comes in, values go out. Other rooms read the files and decide what follows.
Read `production` first, then `tests`.
"""
