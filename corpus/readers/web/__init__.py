"""Saved web pages: those of portals, and those that Word writes."""
