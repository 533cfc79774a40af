"""Ask git, and read and write its objects.

This room owns every question to git: status, trees, drafts of an index, objects, revisions and submodules.
It does not decide what a good commit is (`commit`) or which path is a test (`project`).
Read `snapshot` first: a snapshot is a git tree.
"""
