"""Split uncommitted changes into an ordered list of small commits, and make them.

This room owns hunks, what each is about, their groups and order, and a branch that moves when all commits are made.
It judges each step as `commit` does, and reads git through `git`.
Read `document` first: it shows the whole way from a diff to a plan.
"""
