"""From a file's text to a notice with its clauses."""
