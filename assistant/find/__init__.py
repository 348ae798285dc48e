"""From a question to the clauses that may answer it."""
