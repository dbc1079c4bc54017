"""Django's own backend for SQLite, which writes each statement in SQLite's way once."""
