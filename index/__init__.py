"""The searchable state of the library: embeddings, word index, snapshots."""
