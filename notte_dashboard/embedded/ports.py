"""A port that is taken is noticed before anything starts, and the message names its variable."""

import errno
import socket
from typing import NamedTuple

from notte_dashboard.embedded.errors import StartError


class Port(NamedTuple):
    variable: str
    host: str
    number: int


def require_free(ports: list[Port]) -> None:
    for port in ports:
        _require_free(port)
    if len({port.number for port in ports}) < len(ports):
        names = " and ".join(port.variable for port in ports)
        raise StartError(f"{names} are both {ports[0].number}: give each its own.")


def _require_free(port: Port) -> None:
    try:
        _bind(port.host, port.number)
    except OSError as error:
        raise StartError(reason(port, error)) from error


def _bind(host: str, number: int) -> None:
    """Listen there for a moment, with the options of the servers that will; socket.create_server rewords the errors."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listener.bind((host, number))
        listener.listen()


def reason(port: Port, error: OSError) -> str:
    """What the number of the error says; nobody is asked, since what a network does with other addresses differs."""
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return f"HOST {port.host} is not an address of this machine ({error.strerror})."
    if error.errno == errno.EADDRINUSE:
        return f"{port.variable} {port.number} is taken by another program. Choose another one: {_example(port)}"
    if error.errno in {errno.EACCES, errno.EPERM}:
        return f"{port.variable} {port.number} is not allowed for this user. Choose one above 1023: {_example(port)}"
    return f"HOST {port.host} with {port.variable} {port.number} can't be used: {error.strerror}."


def _example(port: Port) -> str:
    return f"{port.variable}={port.number + 80 if port.number < 65000 else 8080} make run"  # noqa: PLR2004 - ports end at 65535
