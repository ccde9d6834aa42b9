"""/metrics: what this web process and all workers have counted, and how much there is to do, as Prometheus reads it."""

from ipaddress import ip_address
from typing import Any

import redis
from django.conf import settings
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from agents_app.models import AgentRun
from notte_dashboard import metrics
from notte_dashboard.runs.states import UNDER_WAY
from notte_dashboard.watching import lease
from notte_dashboard.watching.heartbeat import counts_of_workers
from sessions_app.models import BrowserSession

LOOPBACK = {"localhost", "127.0.0.1", "[::1]"}
FORWARDED = ("HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_REAL_IP", "HTTP_VIA")
REFUSAL = "Only for this machine, or with METRICS_TOKEN as bearer token.\n"
KINDS = (BrowserSession, AgentRun)


@never_cache
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    if not may_read(request):
        return HttpResponse(REFUSAL, status=403, content_type="text/plain")
    text = metrics.exposition([("web", metrics.counted() + to_do()), *counts_of_workers()])
    return HttpResponse(text, content_type=CONTENT_TYPE_LATEST)


def may_read(request: HttpRequest) -> bool:
    """Whoever has the token. Without one set: this machine, asked directly; behind a proxy everybody looks like it."""
    if settings.METRICS_TOKEN:
        return constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {settings.METRICS_TOKEN}")
    proxied = settings.CSRF_TRUSTED_ORIGINS or any(name in request.META for name in FORWARDED)
    return not proxied and _is_loopback(request.META.get("REMOTE_ADDR", "")) and _host(request) in LOOPBACK


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def _host(request: HttpRequest) -> str:
    return split_domain_port(request.headers.get("host", ""))[0]


def to_do() -> list[list[Any]]:
    """How much waits, counted now: few rows, as what is over is left out."""
    runs, free = [], []
    for model in KINDS:
        states = model.objects.filter(state__in=UNDER_WAY).order_by().values_list("state").annotate(Count("pk"))
        runs += [["notte_runs", {"kind": model.kind, "state": state}, count] for state, count in states]
        free.append(["notte_runs_unwatched", {"kind": model.kind}, lease.unwatched(model).count()])
    return [
        ["notte_runs", "gauge", "Runs that are not over.", runs],
        ["notte_runs_unwatched", "gauge", "Runs that nobody watches right now.", free],
        ["notte_tasks_queued", "gauge", "Tasks that wait in Redis for a worker; absent without Redis.", queued()],
    ]


def queued() -> list[list[Any]]:
    client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2)
    try:
        return [["notte_tasks_queued", {}, client.llen(settings.CELERY_TASK_DEFAULT_QUEUE)]]
    except (redis.RedisError, OSError):
        return []
    finally:
        client.close()
