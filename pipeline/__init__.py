"""What is done: bytes → Document → outline → statements → rules → Ruleset, and everything that people and programs get of it."""

__version__ = "0.1.0"
"""Goes into every file that is written. It stands here because asking for the metadata of the installed package takes as long as reading a page."""
