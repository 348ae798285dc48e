"""Files that are taken in in the background: what becomes of each is kept and told."""
