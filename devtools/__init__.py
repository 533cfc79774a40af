"""Hygiene, atomic commits and proved TDD for people who write software with Claude Code."""

__version__ = "0.1.0"
