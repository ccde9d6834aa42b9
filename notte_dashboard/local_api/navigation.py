"""Where a browser of the local API may go: the web, and the demo site, but never this product's own pages."""

import ipaddress
from collections.abc import Callable
from urllib.parse import urlsplit

from notte_dashboard.local_api.settings import Settings

URL_LIMIT = 8000
_LINK_LOCAL = ("169.254.*", "[fe80:*", "[fd00:ec2::254]*", "metadata.google.internal*")


def permission(settings: Settings) -> Callable[[str], bool]:
    return lambda url: refusal(url, settings) is None


def refusal(url: str, settings: Settings) -> str | None:
    """Why the URL must not be opened, or None."""
    if len(url) > URL_LIMIT or any(character.isspace() or not character.isprintable() for character in url):
        return "The URL is too long, or holds spaces or control characters."
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    except ValueError:
        return "This is not a URL."
    if parts.scheme not in {"http", "https"}:
        return "Only http and https URLs can be opened."
    if not parts.hostname or parts.username or parts.password:
        return "The URL must name a host, without a user name or password."
    return _own_page(parts.hostname, port, parts.path, settings)


def _own_page(host: str, port: int | None, path: str, settings: Settings) -> str | None:
    if not _is_this_machine(host, settings):
        return None
    if port == settings.dashboard_port:
        return "The dashboard's own pages cannot be opened in a session."
    # Compared before the server would normalise it: `/demo/../sessions` and `/demo%2f..` must not pass.
    demo = path == "/demo" or path.startswith("/demo/")
    if port == settings.port and (not demo or ".." in path or "%2e" in path.lower() or "\\" in path):
        return "The local API's own pages cannot be opened in a session, its demo site under /demo/ excepted."
    return None


def _is_this_machine(host: str, settings: Settings) -> bool:
    name = host.lower().rstrip(".")
    if name in settings.allowed_hosts or name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        # Numbers like 2130706433 or 0x7f.1, which Chromium reads as addresses.
        return name.replace(".", "").replace("x", "").isalnum() and name[:1].isdigit() and name.rpartition(".")[2][:1].isdigit()
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return address.is_loopback or address.is_unspecified


def chromium_switches(settings: Settings) -> list[str]:
    """The same rule inside Chromium's network stack, where it also holds for redirects, frames, scripts, popups,
    websockets and names that resolve to this machine: nothing is reached on the dashboard's port, whatever the host,
    nor on cloud metadata addresses. The API's own port needs no such rule: its gate refuses browsers.
    """
    patterns = [f"*:{settings.dashboard_port}", *_LINK_LOCAL]
    return ["--host-resolver-rules=" + ",".join(f"MAP {pattern} ~NOTFOUND" for pattern in patterns)]
