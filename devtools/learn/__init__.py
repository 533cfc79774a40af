"""Keep what was learned in LEARNINGS.md, and find it again.

This room owns the file's text, its place on disk, the insights in the git log, and the search index.
It does not make commits: `commit` carries an insight, `history` tells the log as a lecture.
Read `markdown` first, then `file`.
"""
