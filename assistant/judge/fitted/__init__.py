"""Weights of the learned models, as data; ``scripts/fit.py`` writes them."""
