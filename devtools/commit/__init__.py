"""Judge and make one commit.

This room owns what a good commit is: its message, limits, conflict markers, checks and proof; and the transaction.
It asks `checks` and `proof` about a snapshot, and `learn` to write an insight.
Read `judge` first, the one place that asks all the questions, then `transaction`.
"""
