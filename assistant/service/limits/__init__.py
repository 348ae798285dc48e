"""Who may ask how often, who waits, and which answers need not be made again."""
