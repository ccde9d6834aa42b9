"""What is counted in this process. The lowest layer: whoever does the work counts it; pages/metrics.py shows it.

Labels have few values, all of our own making: never an id, an address or a word of a page.
"""

from collections.abc import Iterable
from typing import Any

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram, Metric, generate_latest
from prometheus_client.registry import Collector

FAST = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
SLOW = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)

# --- Sockets: the web process --------------------------------------------------------------------------------------------
SOCKETS = Gauge("notte_sockets", "Open sockets of pages.")
FEEDS = Gauge("notte_feeds", "Runs and lists that somebody looks at, counted once for each set of rights.")
BACKLOG = Gauge("notte_socket_backlog_steps", "Steps that open sockets have not been sent yet, all together.")
WAITING = Gauge("notte_sockets_waiting", "Sockets that wait for the database or for a client that reads slowly.")
CLOSED = Counter("notte_sockets_closed_total", "Sockets closed by the server, by close code.", ["code"])
RESUMED = Counter("notte_sockets_resumed_total", "Sockets that came back with a position instead of starting anew.")
WAKE_UPS = Counter("notte_wake_ups_total", "Wake-ups that feeds took from the channel layer.")
LOOKS_BY_CLOCK = Counter("notte_feed_looks_by_clock_total", "Looks at the database without a wake-up, after five quiet seconds.")
CATCH_UPS = Counter("notte_catch_ups_total", "Batches that one socket had to be read from the database.")
GAPS = Counter("notte_gaps_total", "Times that a socket was behind and the database had no steps for it.")
DELIVERED = Counter("notte_messages_delivered_total", "Messages given to sockets.")
FEED_FAILURES = Counter("notte_feed_failures_total", "Looks at the database by a feed that failed.")
FEED_LOOK = Histogram("notte_feed_look_seconds", "One look of a feed: reading and rendering.", buckets=FAST)
DELIVERY = Histogram("notte_delivery_seconds", "From the beginning of a look to the last socket that keeps up.", buckets=FAST)

# --- Watching: the workers -----------------------------------------------------------------------------------------------
WATCHED = Gauge("notte_watched_runs", "Runs that this process watches.", ["kind"])
CLAIMED = Counter("notte_slice_claims_total", "Runs claimed by slices of this process.", ["kind"])
LEASES_LOST = Counter("notte_leases_lost_total", "Watches that ended because another process has the lease.", ["kind"])
LOOKS = Counter("notte_looks_total", "Looks at runs, by what came of it.", ["kind", "outcome"])
UPSTREAM_EVENTS = Counter("notte_upstream_events_total", "Events of the API's own sockets that woke a watch.", ["kind"])
STORED = Counter("notte_steps_stored_total", "Steps written.", ["kind"])
STORE = Histogram("notte_store_seconds", "Writing one answer, with the wait for the database's thread.", buckets=FAST)
SLICE_LATE = Histogram("notte_slice_late_seconds", "How late a slice renews its leases: its loop is too busy.", buckets=FAST)

# --- Everywhere -----------------------------------------------------------------------------------------------------------
ANNOUNCED = Counter("notte_announcements_total", "Wake-ups given to the channel layer.")
ANNOUNCE_FAILURES = Counter("notte_announce_failures_total", "Wake-ups that Redis did not take.")
UPSTREAM_CALLS = Counter(
    "notte_upstream_calls_total", "Calls of the API, each attempt, by operation and outcome.", ["operation", "outcome"]
)
UPSTREAM_CALL = Histogram("notte_upstream_call_seconds", "One attempt of a call of the API.", ["operation"], buckets=SLOW)

OURS = ("notte_", "process_")


def counted() -> list[list[Any]]:
    """All of this process as JSON: name, kind, help, samples. What never happened is left out."""
    return [
        [family.name, family.type, family.documentation, [[each.name, each.labels, each.value] for each in family.samples]]
        for family in REGISTRY.collect()
        if family.name.startswith(OURS) and any(each.value for each in family.samples if not each.name.endswith("_created"))
    ]


def exposition(processes: Iterable[tuple[str, list[list[Any]]]]) -> bytes:
    """What several processes have counted, as the text that Prometheus reads; a label says whose a figure is."""
    families: dict[str, Metric] = {}
    for process, counts in processes:
        for name, kind, text, samples in counts:
            family = families.setdefault(name, Metric(name, text, kind))
            for sample, labels, value in samples:
                if not sample.endswith("_created"):
                    family.add_sample(sample, {**labels, "process": process}, value)
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Found(list(families.values())))
    return generate_latest(registry)


class _Found(Collector):
    def __init__(self, families: list[Metric]) -> None:
        self.families = families

    def collect(self) -> list[Metric]:
        return self.families
