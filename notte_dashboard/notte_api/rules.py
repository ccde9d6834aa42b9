"""The rules that no schema shows: the service's own validators across fields. One table for form, local API and docs.

It is pure: bodies are plain JSON. Each rule carries the API version that brought it; `in_force` picks those of a contract.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Body = Mapping[str, Any]
PUBLISHED = "1.4.40"
"""The version the published rules come with; a contract that names an older one, or none, has these all the same."""
SMALLEST_VIEWPORT = 500


@dataclass(frozen=True)
class Rule:
    code: str
    fields: tuple[str, ...]
    broken: Callable[[Body], bool]
    """Asked of what will be in force: the request over the schema's defaults."""
    message: str
    blames: str
    since: str = PUBLISHED


def in_force(schema_name: str, version: str) -> tuple[Rule, ...]:
    """The rules of this request in a contract of this `info.version`."""
    reached = max(_numbers(version), _numbers(PUBLISHED))
    return tuple(rule for rule in RULES.get(schema_name, ()) if _numbers(rule.since) <= reached)


def broken(rules: Iterable[Rule], request: Body, defaults: Body) -> list[Rule]:
    effective = {**defaults, **request}
    return [rule for rule in rules if rule.broken(effective)]


def _numbers(version: str) -> tuple[int, ...]:
    leading = re.match(r"\d{1,9}(\.\d{1,9})*", version)
    return tuple(int(part) for part in leading[0].split(".")) if leading else ()


def _given(body: Body, name: str) -> bool:
    return body.get(name) is not None


def _remote_browser_has(name: str, wrong: Callable[[Body], bool], message: str) -> Rule:
    return Rule(f"cdp_url_{name}", ("cdp_url", name), lambda body: _given(body, "cdp_url") and wrong(body), message, name)


def _remote_browser_sets(name: str, what: str) -> Rule:
    return _remote_browser_has(name, lambda body: _given(body, name), f"A browser reached by a CDP URL keeps its own {what}.")


def _idle_beyond_maximum(body: Body) -> bool:
    idle, maximum = body.get("idle_timeout_minutes"), body.get("max_duration_minutes")
    return isinstance(idle, int) and isinstance(maximum, int) and idle > maximum


def _captchas_without_proxies(body: Body) -> bool:
    special = body.get("browser_type") in ("chrome-nightly", "chrome-turbo")
    return bool(body.get("solve_captchas")) and special and not body.get("proxies")


def _several_proxies(body: Body) -> bool:
    proxies = body.get("proxies")
    return isinstance(proxies, list) and len(proxies) > 1


def _too_small(name: str) -> Callable[[Body], bool]:
    return lambda body: isinstance(body.get(name), int) and body[name] < SMALLEST_VIEWPORT


def _viewport_rules(name: str, other: str) -> tuple[Rule, ...]:
    return (
        Rule(
            f"{name}_missing",
            (name, other),
            lambda body: _given(body, other) and not _given(body, name),
            "Give both the width and the height of the viewport, or neither.",
            name,
        ),
        Rule(f"{name}_too_small", (name,), _too_small(name), f"Must be at least {SMALLEST_VIEWPORT} pixels.", name, since="1.10"),
    )


RULES: Mapping[str, tuple[Rule, ...]] = {
    "ApiSessionStartRequest": (
        Rule(
            "aspect_ratio_and_viewport",
            ("aspect_ratio", "viewport_width", "viewport_height"),
            lambda body: _given(body, "aspect_ratio") and (_given(body, "viewport_width") or _given(body, "viewport_height")),
            "Choose a screen shape or give the size of the viewport, not both.",
            "aspect_ratio",
        ),
        *_viewport_rules("viewport_width", "viewport_height"),
        *_viewport_rules("viewport_height", "viewport_width"),
        _remote_browser_has(
            "headless", lambda body: body.get("headless", True) is False, "A browser reached by a CDP URL must be headless."
        ),
        _remote_browser_sets("user_agent", "user agent"),
        _remote_browser_sets("chrome_args", "arguments"),
        _remote_browser_sets("viewport_width", "viewport"),
        _remote_browser_sets("viewport_height", "viewport"),
        Rule(
            "idle_beyond_maximum",
            ("idle_timeout_minutes", "max_duration_minutes"),
            _idle_beyond_maximum,
            "The idle timeout cannot be longer than the maximum duration (a field left empty has its default).",
            "idle_timeout_minutes",
        ),
        Rule(
            "captchas_without_proxies",
            ("solve_captchas", "browser_type", "proxies"),
            _captchas_without_proxies,
            "Solving captchas with this browser needs proxies.",
            "proxies",
        ),
        Rule("several_proxies", ("proxies",), _several_proxies, "More than one proxy is not supported yet.", "proxies"),
    ),
}
