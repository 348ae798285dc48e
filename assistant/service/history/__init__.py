"""Conversations, what people thought of them, and how their citations stand today."""
