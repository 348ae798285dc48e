"""From clauses to a cited and verified answer."""
