"""A load test on this machine: the API on a port, callers, and what they heard."""
