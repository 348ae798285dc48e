"""The assistant: question in, cited and verified answer out."""
