"""The page of figures for Prometheus: what was counted, and what the database and the files say."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

from django.conf import settings
from django.db import Error, connection
from django.db.models import Min
from django.utils import timezone
from prometheus_client import REGISTRY, CollectorRegistry, Info, Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from eip2review.health import Reading, readiness
from eip2review.traffic import unanswered
from ratings.choices import PrintState
from ratings.models import Print
from workshops.live.hub import hub
from workshops.models import Erasure, Workshop

FRESH = 15.0
"""Seconds for which the same page is given: who asks more often learns no more, and costs nothing."""
Figures = dict[str, float]

Info("midpoint_build", "This version.").info(
    {"version": tomllib.loads((Path(settings.BASE_DIR) / "pyproject.toml").read_text())["project"]["version"]}
)


def read_figures() -> Figures:
    """Return what the database and its files say; nothing where it cannot be read."""
    try:
        return {
            "midpoint_workshops_sealed": Workshop.objects.exclude(sealed_on=None).count(),
            "midpoint_workshops_erased": Erasure.objects.count(),
            "midpoint_prints_waiting": Print.objects.filter(state=PrintState.WAITING).count(),
            "midpoint_prints_printing": Print.objects.filter(state=PrintState.PRINTING).count(),
            "midpoint_prints_failed": Print.objects.filter(state=PrintState.FAILED).count(),
            "midpoint_prints_oldest_seconds": oldest_print(),
            **file_sizes(),
        }
    except (Error, OSError):
        return {}
    finally:
        connection.close()


def oldest_print() -> float:
    """Return how many seconds ago the print that is under way was asked for, of several the first; 0 for none."""
    under_way = Print.objects.filter(state__in=[PrintState.WAITING, PrintState.PRINTING])
    now = timezone.now()
    asked_at = under_way.aggregate(first=Min("asked_at"))["first"] or now
    return max(0.0, (now - asked_at).total_seconds())  # less, by a clock that was put back since


def file_sizes() -> Figures:
    """Return how many bytes SQLite's file and its log have; nothing on PostgreSQL."""
    if connection.vendor != "sqlite":
        return {}
    file = Path(connection.settings_dict["NAME"])
    files = {"midpoint_database_bytes": file, "midpoint_database_log_bytes": file.with_name(f"{file.name}-wal")}
    return {name: each.stat().st_size for name, each in files.items() if each.exists()}


class Now(Collector):
    """What is true at the moment of asking."""

    def __init__(self) -> None:
        self.figures: Figures = {}
        self.parts: dict[str, bool] = {}

    def describe(self) -> list[Metric]:
        """Return nothing: what there is depends on the installation."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Yield each figure."""
        for name, value in self.figures.items():
            yield GaugeMetricFamily(name, name.removeprefix("midpoint_").replace("_", " "), value)
        yield GaugeMetricFamily("midpoint_rooms", "Workshops that screens of this process follow.", len(hub.rooms))
        waiting = GaugeMetricFamily("midpoint_requests_waiting", "Requests without an answer yet.", labels=["door"])
        for door, questions in unanswered.items():
            waiting.add_metric([door], len(questions))
        yield waiting
        parts = GaugeMetricFamily("midpoint_part_up", "Whether a part of /ready/ is well.", labels=["part"])
        for part, well in self.parts.items():
            parts.add_metric([part], well)
        yield parts


class Page:
    """The page as it was made last."""

    def __init__(self, registry: CollectorRegistry = REGISTRY) -> None:
        self._now = Now()
        self._registry = registry
        registry.register(self._now)
        self._figures = Reading[Figures](read_figures, fresh=FRESH, otherwise={})
        self._made = -FRESH
        self._text = b""

    async def text(self) -> bytes:
        """Return the page, made anew if it is older than FRESH."""
        if monotonic() - self._made >= FRESH:
            self._made = monotonic()
            self._now.figures, self._now.parts = await self._figures.latest(), await readiness.look()
            self._text = generate_latest(self._registry)
        return self._text


page = Page()
