"""What is counted for Prometheus: times, outcomes, queue and cache; never who or what was asked."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.025, 0.05, 0.1, 0.15, 0.3, 0.6, 1.0, 1.5, 2.5, 4.0, 8.0, 15.0, 30.0, 60.0)


class Metrics:
    """The figures of one serving process, in a registry of its own."""

    def __init__(self) -> None:
        registry = CollectorRegistry()
        self._registry = registry
        self.outcomes = Counter(
            "congvu_questions",
            "Questions by outcome: answered, refused, cancelled, busy, limited, failed.",
            ["outcome"],
            registry=registry,
        )
        self.refusals = Counter(
            "congvu_refusals", "Refusals by reason.", ["reason"], registry=registry
        )
        self.cache = Counter(
            "congvu_cache", "Answers looked up in the cache.", ["result"], registry=registry
        )
        self.words = Counter(
            "congvu_answer_words", "Words of answers, quotes included.", registry=registry
        )
        self.tokens = Counter(
            "congvu_llm_tokens", "Pieces that the language model wrote.", registry=registry
        )
        self.seconds = Histogram(
            "congvu_answer_seconds",
            "Seconds from the question to evidence, first_token, first_quote, lead and total,"
            " waiting included.",
            ["until"],
            buckets=_SECONDS,
            registry=registry,
        )
        self.requests = Counter(
            "congvu_http_requests",
            "HTTP requests by route template, method and status.",
            ["route", "method", "status"],
            registry=registry,
        )
        self._queue = Gauge(
            "congvu_queue", "Questions running and waiting now.", ["state"], registry=registry
        )
        self._ready = Gauge(
            "congvu_ready", "1 when models are open and the snapshot checked.", registry=registry
        )

    def watch(
        self,
        running: Callable[[], float],
        waiting: Callable[[], float],
        ready: Callable[[], float],
    ) -> None:
        """Read queue and readiness whenever they are asked for."""
        self._queue.labels("running").set_function(running)
        self._queue.labels("waiting").set_function(waiting)
        self._ready.set_function(ready)

    def render(self) -> bytes:
        """Return everything in Prometheus' text format (``CONTENT_TYPE``)."""
        return generate_latest(self._registry)
