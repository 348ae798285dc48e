"""Whether clauses hold what is asked, and whether anything answers."""
