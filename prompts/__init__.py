"""Prompt texts and grammars, as data."""
