"""What is known: the frozen data that every other room passes on. Imports pydantic only."""
