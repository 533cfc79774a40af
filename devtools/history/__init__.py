"""Tell the git log as a lecture: one concept a commit, in order.

This room owns the concepts, their text for a terminal, and the page with its file.
It takes insights from `learn`, and asks git for the log in `log` alone.
Read `concepts` first, then `text`.
"""
