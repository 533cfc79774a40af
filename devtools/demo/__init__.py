"""Show a whole cycle on a scratch repository.

This room owns the story and the temporary repository in which its commands run.
It calls devtools as a person does, on the command line, and imports no other room that the story shows.
Read `story` first.
"""
