"""Judge and make one commit.

This room owns the message, the limits, conflict markers, the checks of a snapshot, and the transaction.
It asks `checks` and `proof` for their verdicts, and `learn` where an insight belongs.
Read `transaction` first, then `message`.
"""
