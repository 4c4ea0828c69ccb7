"""What is done: bytes → Document → outline → statements → rules → Ruleset, and everything that people and programs get of it."""
