"""Notices: read, recognised, cut into citable clauses, and kept in a library."""
