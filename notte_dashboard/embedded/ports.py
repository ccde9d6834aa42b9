"""A port that is taken is found before anything starts, and the message names its variable."""

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
    family = socket.AF_INET6 if ":" in port.host else socket.AF_INET
    try:
        socket.create_server((port.host, port.number), family=family).close()
    except PermissionError as error:
        raise StartError(
            f"{port.variable} {port.number} is not allowed for this user. Choose one above 1023: {_example(port)}"
        ) from error
    except socket.gaierror as error:
        raise StartError(f"HOST {port.host} is not an address of this machine ({error.strerror}).") from error
    except OSError as error:
        if _is_taken(port):
            raise StartError(
                f"{port.variable} {port.number} is taken by another program. Choose another one: {_example(port)}"
            ) from error
        raise StartError(f"HOST {port.host} with {port.variable} {port.number} can't be used: {error.strerror}.") from error


def _is_taken(port: Port) -> bool:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(port.host, port.host)  # noqa: S104 - compared, not bound
    try:
        socket.create_connection((host, port.number), timeout=1).close()
    except ConnectionRefusedError:
        # Somebody holds it without listening yet.
        return True
    except OSError:
        return False
    return True


def _example(port: Port) -> str:
    return f"{port.variable}={port.number + 80 if port.number < 65000 else 8080} make run"  # noqa: PLR2004 - ports end at 65535
