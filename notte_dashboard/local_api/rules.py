"""What the schema of a start request cannot say, and what a local machine cannot do. Nothing is ignored silently."""

import re
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from notte_dashboard.local_api import chrome_args
from notte_dashboard.local_api.errors import Problem
from notte_dashboard.notte_api.contract import published, version_of
from notte_dashboard.notte_api.generated import ApiSessionStartRequest, ExternalProxy
from notte_dashboard.notte_api.rules import Rule, broken, in_force

ASPECT_RATIOS = {"16:9": (1280, 720), "5:4": (1280, 1024)}
DEFAULT_VIEWPORT = ASPECT_RATIOS["16:9"]
VIEWPORT_RANGE = (100, 3840)
_HEADER_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,100}")
_CONNECTION_HEADERS = {"host", "content-length", "connection", "transfer-encoding", "upgrade", "te", "trailer", "keep-alive"}
_PROXY_SERVER = re.compile(r"((https?|socks5)://)?[A-Za-z0-9.\-\[\]:]{1,255}:[0-9]{1,5}")
_TEXT_LIMIT = 2000
_MOST_HEADERS = 50


@dataclass(frozen=True, slots=True)
class Launch:
    """A start request as Chromium needs it. It may hold secrets (headers, proxy): never stored, never logged."""

    width: int
    height: int
    headless: bool = True
    user_agent: str | None = None
    headers: dict[str, str] = field(default_factory=dict, repr=False)
    args: tuple[str, ...] = ()
    proxy: dict[str, str] | None = field(default=None, repr=False)


def launch_of(request: ApiSessionStartRequest) -> Launch:
    width, height = ASPECT_RATIOS.get(request.aspect_ratio or "", DEFAULT_VIEWPORT)
    return Launch(
        width=request.viewport_width or width,
        height=request.viewport_height or height,
        headless=request.headless,
        user_agent=request.user_agent,
        headers=dict(request.extra_http_headers or {}),
        args=tuple(request.chrome_args or ()),
        proxy=_proxy(request),
    )


def _proxy(request: ApiSessionStartRequest) -> dict[str, str] | None:
    if not isinstance(request.proxies, list) or not request.proxies:
        return None
    proxy = request.proxies[0]
    assert isinstance(proxy, ExternalProxy)
    return {key: value for key, value in proxy.model_dump(exclude={"type"}).items() if value}


def session_problems(request: ApiSessionStartRequest, *, display: bool) -> list[Problem]:
    return [
        *_impossible_here(request, display=display),
        *_broken_rules(request),
        *_bad_values(request),
        *_proxy_problems(request),
    ]


def _impossible_here(request: ApiSessionStartRequest, *, display: bool) -> list[Problem]:
    checks = [
        ("solve_captchas", request.solve_captchas, "The local API cannot solve captchas."),
        ("web_bot_auth", request.web_bot_auth, "The local API has no web bot authentication."),
        ("profile", request.profile is not None, "The local API keeps no profiles: every session starts with an empty browser."),
        ("vault_id", request.vault_id is not None, "The local API has no vaults."),
        ("cdp_url", request.cdp_url is not None, "The local API drives its own Chromium only."),
        (
            "use_file_storage",
            request.use_file_storage and "use_file_storage" in request.model_fields_set,
            "The local API has no file storage: leave it out or send false.",
        ),
        (
            "browser_type",
            request.browser_type not in {"chromium", "chrome"},
            "The local API has Chromium only: use chromium or chrome.",
        ),
        ("headless", not request.headless and not display, "This machine has no display: only headless sessions can run."),
    ]
    return [Problem(name, message) for name, failed, message in checks if failed]


@cache
def session_rules() -> tuple[Rule, ...]:
    return in_force("ApiSessionStartRequest", version_of(published()))


def _broken_rules(request: ApiSessionStartRequest) -> list[Problem]:
    """What the service itself refuses whatever its browsers can do."""
    effective = request.model_dump(mode="json")
    return [Problem(rule.blames, rule.message, "value_error") for rule in broken(session_rules(), effective, {})]


def _bad_values(request: ApiSessionStartRequest) -> list[Problem]:
    problems = []
    for name in ("viewport_width", "viewport_height"):
        value = getattr(request, name)
        if value is not None and not VIEWPORT_RANGE[0] <= value <= VIEWPORT_RANGE[1]:
            problems.append(Problem(name, f"{name} must be from {VIEWPORT_RANGE[0]} to {VIEWPORT_RANGE[1]} here.", "value_error"))
    if request.user_agent is not None and not _header_value(request.user_agent):
        problems.append(Problem("user_agent", "The user agent must be printable ASCII text.", "value_error"))
    args_problem = chrome_args.problem(request.chrome_args or [])
    if args_problem:
        problems.append(Problem("chrome_args", args_problem[1], inside=(args_problem[0],)))
    return problems + _header_problems(request.extra_http_headers or {})


def _header_value(value: str) -> bool:
    return value.isascii() and value.isprintable() and 0 < len(value) <= _TEXT_LIMIT


def _header_problems(headers: dict[str, str]) -> list[Problem]:
    if len(headers) > _MOST_HEADERS:
        return [Problem("extra_http_headers", f"At most {_MOST_HEADERS} headers are accepted.", "value_error")]
    problems = []
    for name, value in headers.items():
        if not _HEADER_NAME.fullmatch(name):
            problems.append(Problem("extra_http_headers", "A header name holds characters that are not allowed.", "value_error"))
        elif name.lower() in _CONNECTION_HEADERS:
            message = "The browser itself sets this header."
            problems.append(Problem("extra_http_headers", message, "value_error", inside=(name,)))
        elif not _header_value(value):
            message = "The value must be printable ASCII text."
            problems.append(Problem("extra_http_headers", message, "value_error", inside=(name,)))
    return problems


def _proxy_problems(request: ApiSessionStartRequest) -> list[Problem]:
    proxies: Any = request.proxies
    if isinstance(proxies, bool):
        return [Problem("proxies", "The local API has no proxies of its own: give one external proxy.")] if proxies else []
    if len(proxies) > 1:
        return []  # told by the rule about it
    for position, proxy in enumerate(proxies):
        if not isinstance(proxy, ExternalProxy):
            message = "The local API knows only proxies of type external."
            return [Problem("proxies", message, inside=(position, proxy.type))]
        if not _PROXY_SERVER.fullmatch(proxy.server):
            message = "The server must look like http://host:port, https://host:port or socks5://host:port."
            return [Problem("proxies", message, "value_error", inside=(position, "external", "server"))]
        if proxy.server.startswith("socks5") and (proxy.username or proxy.password):
            message = "Chromium cannot log in to a SOCKS proxy."
            return [Problem("proxies", message, inside=(position, "external", "username"))]
    return []
