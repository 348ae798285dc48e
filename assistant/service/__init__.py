"""One process that serves many callers: admission, cache, history, keys, audit, metrics."""
