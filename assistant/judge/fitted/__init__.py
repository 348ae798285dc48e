"""Weights of the learned models, a file for each embedder; ``congvu eval fit`` writes them."""
