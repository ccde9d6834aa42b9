"""Ports of this machine that belong to a test from the moment they are chosen."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache


@contextmanager
def reserved_port() -> Iterator[int]:
    """A port on 127.0.0.1 where nobody listens, for a program that binds it with SO_REUSEADDR, as servers do.

    It stays bound here without listening: connections are refused, the kernel gives the port to nobody else,
    and the program can still listen there.
    """
    with _bound() as holder:
        yield int(holder.getsockname()[1])


@contextmanager
def reserved_ports(count: int) -> Iterator[list[int]]:
    """So many different ones."""
    with ExitStack() as stack:
        yield [stack.enter_context(reserved_port()) for _ in range(count)]


@cache
def refusing_socket() -> socket.socket:
    """Bound as long as this process lives; nobody ever listens there."""
    return _bound()


def refusing_port() -> int:
    """Connections to this port of 127.0.0.1 are refused."""
    return int(refusing_socket().getsockname()[1])


def _bound() -> socket.socket:
    holder = socket.socket()
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    holder.bind(("127.0.0.1", 0))
    return holder
