"""The audit log: written, checked and shown."""
