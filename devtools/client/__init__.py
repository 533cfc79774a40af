"""Understand what Claude Code's client hands over.

This room owns what a person typed after a slash command; settings, transcripts and tokens will follow.
It answers no hook events (`hooks`) and runs no commands (`commands`).
Read `slash_command` first.
"""
