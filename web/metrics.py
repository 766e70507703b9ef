"""Numbers for Prometheus. No personal data, and no label that grows with the stations.

Several gunicorn processes share their counters through files when PROMETHEUS_MULTIPROC_DIR is set
before this module's `Metrics` is made (`web.serving` sets it); a single process keeps them in memory.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from flask import current_app, has_app_context
from sqlalchemy import Engine, event

EXTENSION = "board-metrics"
MULTIPROCESS = "PROMETHEUS_MULTIPROC_DIR"
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
REFUSALS = frozenset({"password", "locked", "unknown", "inactive", "proxy", "token", "other"})


class Metrics:
    """The counters of this process."""

    def __init__(self) -> None:
        from prometheus_client import CollectorRegistry, Counter, Histogram  # decides here how values are kept

        self.registry = CollectorRegistry()
        self._requests = Histogram(
            "board_request_seconds",
            "Time to answer a request, by method, route and status",
            ["method", "route", "status"],
            registry=self.registry,
            buckets=_SECONDS,
        )
        self._database = Counter(
            "board_database_errors_total", "Statements the database refused or did not answer", registry=self.registry
        )
        self._refused = Counter(
            "board_sign_ins_refused_total", "Sign-ins that were refused, by reason", ["reason"], registry=self.registry
        )
        self._turned_away = Counter(
            "board_requests_refused_total", "Requests answered 401, 403 or 429", ["status"], registry=self.registry
        )

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """One request was answered."""
        self._requests.labels(method, route, str(status)).observe(seconds)
        if status in (401, 403, 429):
            self._turned_away.labels(str(status)).inc()

    def sign_in_refused(self, reason: str) -> None:
        """Somebody was not let in; a reason outside `REFUSALS` counts as "other"."""
        self._refused.labels(reason if reason in REFUSALS else "other").inc()

    def count_errors(self, engine: Engine) -> None:
        """Count the errors of an engine from now on."""

        @event.listens_for(engine, "handle_error")
        def _count(_context: Any) -> None:
            self._database.inc()

    def text(self, now_values: Iterator[tuple[str, str, dict[str, str], float]]) -> bytes:
        """Everything in Prometheus's text form.

        Args:
            now_values: (name, help, labels, value) of what is read at this moment and is the same in every process.
        """
        from prometheus_client import CollectorRegistry, generate_latest
        from prometheus_client.multiprocess import MultiProcessCollector

        registry = self.registry
        if os.environ.get(MULTIPROCESS):
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        momentary = CollectorRegistry()
        momentary.register(_Momentary(list(now_values)))
        return generate_latest(registry) + generate_latest(momentary)


class _Momentary:
    """Gauges read at the moment of asking."""

    def __init__(self, values: list[tuple[str, str, dict[str, str], float]]) -> None:
        self._values = values

    def collect(self) -> Iterator[Any]:
        """The gauges, those of one name together."""
        from prometheus_client.core import GaugeMetricFamily

        families: dict[str, Any] = {}
        for name, told, labels, value in self._values:
            family = families.setdefault(name, GaugeMetricFamily(name, told, labels=list(labels)))
            family.add_metric(list(labels.values()), value)
        yield from families.values()


def sign_in_refused(reason: str) -> None:
    """Count a refused sign-in of the running application (for the sign-in page)."""
    if has_app_context() and EXTENSION in current_app.extensions:
        current_app.extensions[EXTENSION].sign_in_refused(reason)


def age(at: datetime | None, now: datetime) -> float:
    """Seconds since an instant; -1 when there was none."""
    return -1.0 if at is None else (now - at).total_seconds()
