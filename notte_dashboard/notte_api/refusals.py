"""Turns a refusing response into one of our errors, whatever shape its body has."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

from notte_dashboard.notte_api.connection import Connection
from notte_dashboard.notte_api.errors import (
    PROVIDER_FULL,
    BadAnswer,
    Invalid,
    NotFound,
    NotteError,
    Overloaded,
    RateLimited,
    Refused,
    ServerFailed,
    Unauthorized,
)
from notte_dashboard.notte_api.reading import clean, parse, sample
from notte_dashboard.notte_api.reasons import details_of, without_inputs

SHORTEST_WAIT, LONGEST_WAIT = 1.0, 120.0
RATE_WINDOW, CLUSTER_WAIT = 60.0, 30.0
MOMENTS_FROM = 1_000_000_000
MILLISECONDS_FROM = 100_000_000_000

Headers = Mapping[str, str]


def error_from(connection: Connection, status: int, headers: Headers, body: bytes) -> NotteError:
    content = _content(body, connection)
    raw = without_inputs(sample(body, connection)) if content is None else json.dumps(content, ensure_ascii=False)
    message = sentence(status, content, raw)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return RateLimited(message, status=status, raw=raw, retry_after=rate_limit_wait(headers))
    if status in {HTTPStatus.SERVICE_UNAVAILABLE, PROVIDER_FULL}:
        return Overloaded(message, status=status, raw=raw, retry_after=overload_wait(headers))
    if status == HTTPStatus.UNPROCESSABLE_ENTITY:
        return Invalid(message, status=status, raw=raw, detail=details_of(content))
    return _kind(status)(message, status=status, raw=raw)


def _kind(status: int) -> type[NotteError]:
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return Unauthorized
    if status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
        return NotFound
    if status < HTTPStatus.BAD_REQUEST:
        return BadAnswer
    return Refused if status < HTTPStatus.INTERNAL_SERVER_ERROR else ServerFailed


def _content(body: bytes, connection: Connection) -> Any:
    """The JSON of an error body without what the caller had sent; None when it is something else."""
    try:
        return without_inputs(clean(parse(body, connection).value, connection)[0])
    except BadAnswer:
        return None


def sentence(status: int, content: Any, raw: str) -> str:
    """What the API says about it, in the order message, detail, error; else the status."""
    said = _said(content)
    if not said and content is None and not raw.lstrip().startswith("<"):
        said = raw
    said = " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", said).split())
    if said:
        return said
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        return "The API answered with a redirect, which is not followed. Check the base URL."
    return f"The API answered {status} without a reason."


def _said(content: Any) -> str:
    if isinstance(content, str):
        return content
    if not isinstance(content, dict):
        return "; ".join(reason.msg for reason in details_of(content))
    for name in ("message", "detail", "error"):
        said = content.get(name)
        if isinstance(said, str) and said:
            return said
        if isinstance(said, dict | list) and (said := _said(said)):
            return said
    return ""


def rate_limit_wait(headers: Headers) -> float:
    """The longer of X-RateLimit-Reset, measured on the server's clock, and Retry-After."""
    waits = [wait for wait in (_until_reset(headers), _retry_after(headers)) if wait is not None]
    return _clamped(max(waits, default=RATE_WINDOW))


def overload_wait(headers: Headers) -> float:
    """X-RateLimit-Reset stands on every response and says nothing about capacity."""
    wait = _retry_after(headers)
    return _clamped(CLUSTER_WAIT if wait is None else wait)


def _clamped(seconds: float) -> float:
    return min(max(seconds, SHORTEST_WAIT), LONGEST_WAIT)


def _until_reset(headers: Headers) -> float | None:
    reset = _number(headers.get("x-ratelimit-reset", ""))
    if reset is None or reset < MOMENTS_FROM:
        return reset
    moment = reset / 1000 if reset >= MILLISECONDS_FROM else reset
    return moment - _server_now(headers).timestamp()


def _retry_after(headers: Headers) -> float | None:
    value = headers.get("retry-after", "")
    seconds = _number(value)
    if seconds is not None:
        return seconds
    moment = _http_date(value)
    return None if moment is None else (moment - _server_now(headers)).total_seconds()


def _server_now(headers: Headers) -> datetime:
    return _http_date(headers.get("date", "")) or datetime.now(UTC)


def _number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"\d{1,15}(\.\d{1,9})?", text.strip()) else None


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
