"""Understand what Claude Code's client hands over, and answer its commands in few words.

This room owns what a person typed after a slash command, which commands devtools knows, and their compact form.
It answers no hook events (`hooks`), looks at no project by itself (`checks`) and has no options (`commands`).
Read `calls` first.
"""
