"""Answers that are not looked up: talk, which notices are there, a summary, and arithmetic."""
