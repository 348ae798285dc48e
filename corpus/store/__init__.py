"""The library of notices, kept in SQLite."""
