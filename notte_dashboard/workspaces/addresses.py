"""Which addresses a workspace may send its key to: those the server's settings name, else public ones over https."""

import ipaddress
import socket
from urllib.parse import urlsplit

from django.conf import settings

from notte_dashboard.notte_api.connection import Connection
from notte_dashboard.notte_api.public import is_public

STANDARD = {"http": 80, "https": 443}
NOT_PUBLIC = "This address belongs to a private network. An administrator of the server can allow it with NOTTE_API_ORIGINS."


class AddressError(ValueError):
    """The address can't be used, with the reason."""


def is_our_own(base_url: str) -> bool:
    """Named by whoever runs the server, who knows what it leads to."""
    return _origin(base_url) in {_origin(each) for each in (settings.NOTTE_API_URL, *settings.NOTTE_API_ORIGINS)}


def checked(base_url: str) -> str:
    """The address as it will be used. Raises AddressError. Looks its name up; the client does so again at each connection."""
    try:
        address = Connection(base_url=base_url, api_key="-").base_url
    except ValueError as error:
        raise AddressError(f"This is not an address of an API: {error}.") from error
    if is_our_own(address):
        return address
    parts = urlsplit(address)
    if parts.scheme != "https":
        raise AddressError("A key is only sent over https.")
    for found in _looked_up(str(parts.hostname), parts.port or STANDARD["https"]):
        if not is_public(found):
            raise AddressError(NOT_PUBLIC)
    return address


def _looked_up(host: str, port: int) -> list[str]:
    try:
        return [str(ipaddress.ip_address(host))]
    except ValueError:
        pass
    try:
        return [str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except OSError as error:
        raise AddressError(f"No such host is known: {host}.") from error


def _origin(address: str) -> tuple[str, str, int]:
    parts = urlsplit(address)
    return parts.scheme.lower(), (parts.hostname or "").lower(), parts.port or STANDARD.get(parts.scheme.lower(), 0)
